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

export interface CodeRunnerOptions {
  /** Calls that may run at once. */
  threads?: number
  /** The thread's file; found by itself in the source tree and in dist/. */
  threadUrl?: URL
  /** Milliseconds beyond a call's own time after which its thread is ended from outside. */
  graceMs?: number
}

type Call = Parameters<CodeRunner['run']>[0]
interface Job {
  call: Call
  settle(outcome: { value: Awaited<ReturnType<CodeRunner['run']>> } | { error: NodeError }): void
}
interface Thread {
  worker: Worker
  job: Job | null
}

/**
 * JavaScript of people in QuickJS on threads of its own; a thread that hangs is ended and replaced. Not even short code runs on the thread that
 * asks: a loop inside QuickJS's own functions (`indexOf` over a length of 1e9) cannot be interrupted.
 */
export function createCodeRunner({ threads: most = 2, threadUrl, graceMs = 1_000 }: CodeRunnerOptions = {}): CodeRunner & {
  close(): Promise<void>
} {
  const threads = new Set<Thread>()
  const queue: Job[] = []
  /** Threads that were ended and still have their memory. */
  let ending = 0
  let lastId = 0

  function next(): void {
    while (queue.length > 0) {
      const thread = [...threads].find((one) => one.job === null) ?? (threads.size + ending < most ? start() : null)
      if (!thread) return
      give(thread, queue.shift() as Job)
    }
  }

  function start(): Thread {
    const worker = new Worker(threadUrl ?? findThread(), { env: {}, stdin: false, resourceLimits: { maxOldGenerationSizeMb: 128 } })
    const thread: Thread = { worker, job: null }
    worker.unref()
    threads.add(thread)
    return thread
  }

  function end(thread: Thread): void {
    threads.delete(thread)
    ending += 1
    void thread.worker.terminate().finally(() => {
      ending -= 1
      next()
    })
  }

  function give(thread: Thread, job: Job): void {
    const { call } = job
    const id = ++lastId
    thread.job = job
    thread.worker.ref()
    const finish = (outcome: Parameters<Job['settle']>[0], isOver: boolean): void => {
      clearTimeout(timer)
      call.signal.removeEventListener('abort', onAbort)
      thread.worker.removeListener('message', onMessage)
      thread.worker.removeListener('error', onError)
      thread.worker.removeListener('exit', onError)
      thread.job = null
      thread.worker.unref()
      if (isOver) end(thread)
      job.settle(outcome)
      next()
    }
    const onMessage = (reply: ThreadReply): void => {
      if (reply.id === id) finish(outcomeOf(reply), reply.isFull)
    }
    const onError = (): void => finish({ error: codeError('memory', '', []) }, true)
    const onAbort = (): void => finish({ error: stoppedCode(call.signal) }, true)
    const timer = setTimeout(() => finish({ error: codeError('timeout', '', []) }, true), call.timeoutMs + graceMs)
    call.signal.addEventListener('abort', onAbort, { once: true })
    thread.worker.on('message', onMessage)
    thread.worker.on('error', onError)
    thread.worker.on('exit', onError)
    const message: CodeCall = {
      id,
      source: call.source,
      globals: JSON.stringify(call.globals),
      timeoutMs: call.timeoutMs,
      memoryBytes: call.memoryBytes,
      outputBytes: call.outputBytes,
    }
    thread.worker.postMessage(message)
  }

  return {
    run: (call) =>
      new Promise((resolve, reject) => {
        if (call.signal.aborted) {
          reject(stoppedCode(call.signal))
          return
        }
        const leaveQueue = (): void => {
          const at = queue.indexOf(job)
          if (at < 0) return
          queue.splice(at, 1)
          reject(stoppedCode(call.signal))
        }
        const job: Job = {
          call,
          settle: (outcome) => {
            call.signal.removeEventListener('abort', leaveQueue)
            if ('error' in outcome) reject(outcome.error)
            else resolve(outcome.value)
          },
        }
        call.signal.addEventListener('abort', leaveQueue, { once: true })
        queue.push(job)
        next()
      }),
    close: async () => {
      const all = [...threads]
      threads.clear()
      await Promise.all(all.map((thread) => thread.worker.terminate()))
    },
  }
}

function outcomeOf(reply: CodeReply): Parameters<Job['settle']>[0] {
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
