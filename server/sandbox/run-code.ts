import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { runTimeOf } from '@/server/clock'
import type { CodeRunner } from '@/workflows/nodes/define'
import type { NodeError } from '@/workflows/nodes/errors'
import type { LogLine } from '@/workflows/nodes/log-line'
import { readJson } from '@/workflows/nodes/read-json'
import { codeError, stoppedCode } from './code-error'
import type { CodeCall, CodeReply, ThreadReply } from './thread'
import { createTurns } from './turns'

export interface CodeRunnerOptions {
  /** Calls that may run at once. */
  threads?: number
  /** The thread's file; found by itself in the source tree and in dist/. */
  threadUrl?: URL
  /** Milliseconds beyond a call's own time after which its thread is ended from outside. */
  graceMs?: number
}

type Call = Parameters<CodeRunner['run']>[0]
type Answer = Awaited<ReturnType<CodeRunner['run']>>
interface Thread {
  worker: Worker
  isFree: boolean
}

/**
 * JavaScript of people in QuickJS on threads of its own; a thread that hangs is ended and replaced. Not even short code runs on the thread that
 * asks: a loop inside QuickJS's own functions (`indexOf` over a length of 1e9) cannot be interrupted.
 */
export function createCodeRunner({ threads: most = 2, threadUrl, graceMs = 1_000 }: CodeRunnerOptions = {}): {
  /** Calls of one owner wait for each other before those of others do. */
  run(call: Call, owner?: string): Promise<Answer>
  close(): Promise<void>
} {
  const threads = new Set<Thread>()
  const turns = createTurns(most)
  let lastId = 0

  function start(): Thread {
    const worker = new Worker(threadUrl ?? findThread(), { env: {}, stdin: false, resourceLimits: { maxOldGenerationSizeMb: 128 } })
    const thread: Thread = { worker, isFree: true }
    worker.unref()
    threads.add(thread)
    return thread
  }

  /** Until it has given its memory back. */
  async function end(thread: Thread): Promise<void> {
    threads.delete(thread)
    await thread.worker.terminate()
  }

  function give(thread: Thread, call: Call): Promise<{ isOver: boolean; outcome: Outcome }> {
    const id = ++lastId
    const { worker } = thread
    thread.isFree = false
    worker.ref()
    return new Promise((resolve) => {
      const finish = (outcome: Outcome, isOver: boolean): void => {
        clearTimeout(timer)
        call.signal.removeEventListener('abort', onAbort)
        worker.removeListener('message', onMessage)
        worker.removeListener('error', onError)
        worker.removeListener('exit', onError)
        worker.unref()
        thread.isFree = !isOver
        resolve({ outcome, isOver })
      }
      const onMessage = (reply: ThreadReply): void => {
        if (reply.id === id) finish(outcomeOf(reply), reply.isFull)
      }
      const onError = (): void => finish({ error: codeError('memory', '', []) }, true)
      const onAbort = (): void => finish({ error: stoppedCode(call.signal) }, true)
      const timer = setTimeout(() => finish({ error: codeError('timeout', '', []) }, true), call.timeoutMs + graceMs)
      call.signal.addEventListener('abort', onAbort, { once: true })
      worker.on('message', onMessage)
      worker.on('error', onError)
      worker.on('exit', onError)
      const message: CodeCall = {
        id,
        source: call.source,
        globals: JSON.stringify(call.globals),
        timeoutMs: call.timeoutMs,
        memoryBytes: call.memoryBytes,
        outputBytes: call.outputBytes,
      }
      worker.postMessage(message)
    })
  }

  return {
    async run(call, owner = '') {
      const leave = await turns.take(owner, call.signal)
      if (call.signal.aborted) {
        leave()
        throw stoppedCode(call.signal)
      }
      const thread = [...threads].find((one) => one.isFree) ?? start()
      const { outcome, isOver } = await give(thread, call)
      if (isOver || threads.size > most) void end(thread).finally(leave)
      else leave()
      if ('error' in outcome) throw outcome.error
      return outcome.value
    },
    close: async () => {
      await Promise.all([...threads].map(end))
    },
  }
}

type Outcome = { value: Answer } | { error: NodeError }

function outcomeOf(reply: CodeReply): Outcome {
  const logs = reply.logs.map(({ at, level, text }): LogLine => ({ at: runTimeOf(at).toISOString(), level, text }))
  if (!reply.ok) return { error: codeError(reply.reason, reply.text, logs) }
  const read = readJson(reply.json)
  return read.ok ? { value: { value: read.value, logs } } : { error: codeError('not_json', read.message, logs) }
}

function findThread(): URL {
  const here = path.dirname(fileURLToPath(import.meta.url))
  const places = [path.join(here, 'thread.ts'), path.join(here, 'sandbox-thread.js'), path.join(process.cwd(), 'dist', 'sandbox-thread.js')]
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`The sandbox's thread is in none of: ${places.join(', ')}`)
  return pathToFileURL(found)
}
