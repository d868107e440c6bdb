import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { runTimeOf } from '@/server/clock'
import { type LogLine, logLevels, logLimits } from '@/workflows/nodes/log-line'
import { type PythonCall, type PythonReply, type PythonSandbox, pythonReady, pythonReplies } from './python-sandbox'

export interface PythonEnd {
  /** `ended`: its process was gone without a word. */
  reply: PythonReply | 'ended' | 'timeout' | 'stopped' | 'printed'
  text: string
  logs: LogLine[]
}

/** What a call may print beside its lines that are kept, before it is taken for harm. */
const printedBytes = 4 * 1024 * 1024
// Next gives ProcessEnv a name that it must have.
const nothing = {} as NodeJS.ProcessEnv
const spareBytes = 64 * 1024

/** One call in a process group of its own, which is gone with all that it started when this resolves. */
export function startPython(
  sandbox: PythonSandbox,
  call: PythonCall,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<PythonEnd> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(sandbox.file, [...sandbox.args], {
      ...(sandbox.user === undefined ? {} : { uid: sandbox.user, gid: sandbox.user }),
      env: nothing,
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    })
    const begun = Date.now()
    const reply = collect(child.stdio[3] as Readable, call.outputBytes + spareBytes)
    const printed = collect(child.stdout as Readable, printedBytes)
    const said = collect(child.stderr as Readable, spareBytes)
    let why: 'timeout' | 'late' | 'stopped' | 'too_large' | 'printed' | null = null
    const end = (reason: typeof why) => {
      why ??= reason
      killGroup(child)
    }
    reply.onFull(() => end('too_large'))
    printed.onFull(() => end('printed'))
    said.onFull(() => end('printed'))
    let timer = setTimeout(() => end('late'), sandbox.startMs)
    reply.onFirst(() => {
      clearTimeout(timer)
      timer = setTimeout(() => end('timeout'), timeoutMs)
    })
    const onAbort = () => end('stopped')
    signal.addEventListener('abort', onAbort, { once: true })
    let over = false
    const settle = (failed?: Error) => {
      if (over) return
      over = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      killGroup(child)
      const logs = linesOf(printed.text(), { from: begun, to: Date.now() })
      if (why === 'late') resolve({ reply: 'unavailable', text: `${sandbox.name} did not begin in time`, logs })
      else if (why) resolve({ reply: why, text: '', logs })
      else if (failed) resolve({ reply: 'unavailable', text: failed.message, logs })
      else resolve({ ...readReply(reply.text(), said.text(), child), logs })
    }
    child.once('error', settle)
    child.once('close', () => settle())
    // It may end before it has read everything.
    child.stdin?.on('error', () => {})
    child.stdin?.end(JSON.stringify({ ...call, ...(sandbox.program ? { program: sandbox.program } : {}) }))
    if (signal.aborted) onAbort()
  })
}

function readReply(text: string, said: string, { exitCode, signalCode }: ChildProcess): Pick<PythonEnd, 'reply' | 'text'> {
  const begun = text.startsWith(pythonReady)
  const rest = begun ? text.slice(pythonReady.length) : text
  const at = rest.indexOf('\n')
  const kind = pythonReplies.find((one) => one === rest.slice(0, at))
  if (kind) return { reply: kind, text: rest.slice(at + 1) }
  // 128 and the signal that ended it: its share of the processor was used up, or the machine had no memory left.
  if (exitCode === 128 + 24) return { reply: 'timeout', text: '' }
  if (exitCode === 128 + 9) return { reply: 'memory', text: '' }
  return begun
    ? { reply: 'ended', text: '' }
    : { reply: 'unavailable', text: said.trim().slice(-500) || `it ended with ${signalCode ?? exitCode}` }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

function collect(stream: Readable, most: number) {
  const chunks: Buffer[] = []
  let size = 0
  let full = () => {}
  let first = () => {}
  stream.on('data', (chunk: Buffer) => {
    if (size === 0) first()
    size += chunk.length
    if (size > most) full()
    else chunks.push(chunk)
  })
  stream.on('error', () => {})
  return {
    text: () => Buffer.concat(chunks).toString(),
    onFull(listener: () => void) {
      full = listener
    },
    onFirst(listener: () => void) {
      first = listener
    },
  }
}

/** As code.py writes them; whatever else got there has no level and, as far as is known, was written last. */
function linesOf(text: string, during: Span): LogLine[] {
  const lines = text.split('\n')
  const rest = lines.pop() as string
  // The end of it may have come in the middle of a line.
  if (rest !== '' && (writtenLine(rest) || !rest.startsWith('["'))) lines.push(rest)
  return lines.slice(0, logLimits.lines + 1).map((line) => {
    const { at, level, text: said } = writtenLine(line) ?? { at: during.to, level: 'info', text: line }
    // The clock in the sandbox is this machine's; what people's code makes of it is its own.
    const between = Math.min(Math.max(at, during.from), during.to)
    return { at: runTimeOf(between).toISOString(), level, text: said.slice(0, logLimits.characters) }
  })
}

interface Span {
  from: number
  to: number
}

function writtenLine(line: string): (Omit<LogLine, 'at'> & { at: number }) | null {
  if (!line.startsWith('["')) return null
  try {
    const [level, at, text] = JSON.parse(line) as unknown[]
    const known = logLevels.find((one) => one === level)
    return known && Number.isFinite(at) && typeof text === 'string' ? { at: at as number, level: known, text } : null
  } catch {
    return null
  }
}
