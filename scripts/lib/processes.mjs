/** What stops a start and is told to people in one sentence, without a stack. */
export class Trouble extends Error {}

export function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Everything a child prints, with its exit code. */
export function output(child) {
  return new Promise((resolve) => {
    let text = ''
    child.stdout?.on('data', (chunk) => (text += chunk))
    child.stderr?.on('data', (chunk) => (text += chunk))
    child.once('error', (error) => resolve({ code: 127, text: error.message }))
    child.once('close', (code) => resolve({ code, text }))
  })
}

/** Sends the signal, waits, and kills what is still there after `graceMs`. */
export async function stopProcess(child, signal = 'SIGTERM', graceMs = 10_000) {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(timer)
}

export async function stopPid(pid, signal, graceMs) {
  const deadline = Date.now() + graceMs
  try {
    process.kill(pid, signal)
  } catch {
    return
  }
  while (isAlive(pid) && !(await isZombie(pid))) {
    if (Date.now() > deadline) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {}
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function isZombie(pid) {
  if (process.platform !== 'linux') return false
  const { readFile } = await import('node:fs/promises')
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return / Z /.test(status.slice(status.lastIndexOf(')')))
}
