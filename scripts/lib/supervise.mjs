import { spawn } from 'node:child_process'
import { stopProcess } from './processes.mjs'

/**
 * Keeps one child alive: starts it again when it ends by itself, at once first and up to 10 s apart when it keeps ending.
 * @param {{ name: string, launch: () => import('node:child_process').ChildProcess | Promise<import('node:child_process').ChildProcess>, say: (line: string) => void, onChild?: (pid: number | null) => void }} options
 */
export function supervise({ name, launch, say, onChild = () => {} }) {
  let child = null
  let stopping = false
  let endings = []
  let pending = Promise.resolve()

  const run = async () => {
    if (stopping) return
    try {
      child = await launch()
    } catch (error) {
      say(`${name} cannot start: ${error.message}`)
      schedule()
      return
    }
    onChild(child.pid ?? null)
    const started = child
    const ended = (code, signal) => {
      if (started !== child) return
      onChild(null)
      if (stopping) return
      say(`${name} ended (${signal ?? `exit code ${code}`}); starting it again`)
      schedule()
    }
    // The child of a launch that waits may have ended before anyone listened.
    if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode)
    else child.once('exit', ended)
  }

  const schedule = () => {
    const now = Date.now()
    endings = [...endings.filter((at) => now - at < 60_000), now]
    const delay = endings.length < 3 ? 100 : Math.min(10_000, 500 * 2 ** (endings.length - 3))
    setTimeout(() => {
      pending = run()
    }, delay)
  }

  return {
    start: () => (pending = run()),
    child: () => child,
    async stop(signal, graceMs) {
      stopping = true
      await pending
      if (child) await stopProcess(child, signal, graceMs)
    },
  }
}

/** A Node process of ours in a group of its own, so that Ctrl-C reaches only the supervisor, which stops things in order. */
export function spawnNode(node, args, { env, logFile, cwd }) {
  return spawn(node, args, { cwd, env, stdio: ['ignore', logFile, logFile], detached: process.platform !== 'win32' })
}
