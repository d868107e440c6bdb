import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '../../scripts/lib/ports.mjs'

export interface Instance {
  url: string
  home: string
  /** Works once. */
  setupLink: string | null
  child: ChildProcess
  /** Everything the start command printed. */
  printed(): string
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the built product as a newcomer would, with a home of its own, and waits for the printed address. */
export async function startInstance(
  options: { port?: number; home?: string; env?: Record<string, string>; args?: string[] } = {},
): Promise<Instance> {
  const port = options.port ?? (await freePort())
  const home = options.home ?? mkdtempSync(path.join(os.tmpdir(), 'millrace-e2e-'))
  const child = spawn(process.execPath, ['scripts/start.mjs', ...(options.args ?? [])], {
    cwd: path.resolve(import.meta.dirname, '..', '..'),
    env: {
      ...process.env,
      PORT: String(port),
      MILLRACE_HOME: home,
      DATABASE_URL: '',
      TEMPORAL_ADDRESS: '',
      // Servers of tests stand here, at any port.
      MILLRACE_ALLOWED_HOSTS: '127.0.0.1',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('Ctrl-C stops it.')) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${text}`)))
  })
  return {
    url: `http://localhost:${port}`,
    home,
    setupLink: /http:\S+\/setup\?token=\S+/.exec(text)?.[0] ?? null,
    child,
    printed: () => text,
    stop: (signal = 'SIGINT') =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve(child.exitCode)
          return
        }
        child.once('exit', (code) => resolve(code))
        child.kill(signal)
      }),
  }
}

export default async function globalSetup() {
  const instance = await startInstance({ port: Number(process.env.MILLRACE_TEST_PORT) })
  process.env.MILLRACE_SETUP_LINK = instance.setupLink ?? ''
  process.env.MILLRACE_PRINTED = instance.printed()
  process.env.MILLRACE_TEST_HOME = instance.home
  return async () => {
    await instance.stop()
    rmSync(instance.home, { recursive: true, force: true })
  }
}
