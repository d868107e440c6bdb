import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { CodeRunner } from '@/workflows/nodes/define'
import type { NodeError } from '@/workflows/nodes/errors'
import { readJson } from '@/workflows/nodes/read-json'
import { codeError, stoppedCode } from './code-error'
import type { CodeCall, CodeReply } from './thread'

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
  askedAt: number
  settle(outcome: { value: Awaited<ReturnType<CodeRunner['run']>> } | { error: NodeError }): void
}
interface Thread {
  worker: Worker
  job: Job | null
  /** Slices that it served last, which go on faster there, with when. */
  slices: Map<string, number>
}

/** Waiting so long for an instance that is there costs less than a new one and the one that it drives out. */
const shortWaitMs = 12
/** A slice that asked for nothing for so long has mostly come to its end. */
const freshMs = 10
/** As many as a thread keeps instances of. */
const mostSlices = 8

/** JavaScript of people in QuickJS on threads of its own; a thread that hangs is ended and replaced. */
export function createCodeRunner({ threads: most = 2, threadUrl, graceMs = 1_000 }: CodeRunnerOptions = {}): CodeRunner & {
  close(): Promise<void>
} {
  const threads = new Set<Thread>()
  const queue: Job[] = []
  let lastId = 0
  let looking: NodeJS.Timeout | null = null

  function next(): void {
    for (const job of [...queue]) {
      const thread = threadFor(job)
      if (!thread) continue
      queue.splice(queue.indexOf(job), 1)
      give(thread, job)
    }
  }

  /**
   * A busy thread that has the slice's instance is worth a short wait, and so is not driving out the instance of a slice that goes on:
   * where more runs compute than there are instances, some end before others begin. Null when none is free.
   */
  function threadFor({ call, askedAt }: Job): Thread | null {
    const all = [...threads]
    const own = call.slice === undefined ? undefined : all.find((thread) => thread.slices.has(call.slice as string))
    if (own && own.job === null) return own
    const now = performance.now()
    const mayWait = call.slice !== undefined && now - askedAt < shortWaitMs
    if (own && mayWait) return later()
    const free = all.filter((thread) => thread.job === null)
    const roomy = free.find((thread) => freshOf(thread, now) < mostSlices)
    if (roomy) return roomy
    if (threads.size < most) return start()
    return mayWait && free.length > 0 ? later() : (free[0] ?? null)
  }

  /** One timer for all that wait: each would ask again for every other. */
  function later(): null {
    looking ??= setTimeout(() => {
      looking = null
      next()
    }, 2)
    return null
  }

  function freshOf({ slices }: Thread, now: number): number {
    let count = 0
    for (const at of slices.values()) if (now - at < freshMs) count += 1
    return count
  }

  function remember({ slices }: Thread, slice: string | undefined): void {
    if (slice === undefined) return
    slices.delete(slice)
    slices.set(slice, performance.now())
    for (const oldest of slices.keys()) {
      if (slices.size <= mostSlices) break
      slices.delete(oldest)
    }
  }

  function start(): Thread {
    const worker = new Worker(threadUrl ?? findThread(), { env: {}, stdin: false, resourceLimits: { maxOldGenerationSizeMb: 128 } })
    const thread: Thread = { worker, job: null, slices: new Map() }
    worker.unref()
    threads.add(thread)
    return thread
  }

  function end(thread: Thread): void {
    threads.delete(thread)
    void thread.worker.terminate()
  }

  function give(thread: Thread, job: Job): void {
    const { call } = job
    const id = ++lastId
    thread.job = job
    remember(thread, call.slice)
    thread.worker.ref()
    const finish = (outcome: Parameters<Job['settle']>[0], lost: boolean): void => {
      clearTimeout(timer)
      call.signal.removeEventListener('abort', onAbort)
      thread.worker.removeListener('message', onMessage)
      thread.worker.removeListener('error', onError)
      thread.worker.removeListener('exit', onError)
      thread.job = null
      remember(thread, call.slice)
      thread.worker.unref()
      if (lost) end(thread)
      job.settle(outcome)
      next()
    }
    const onMessage = (reply: CodeReply): void => {
      if (reply.id === id) finish(outcomeOf(reply), false)
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
      slice: call.slice ?? null,
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
          askedAt: performance.now(),
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
      if (looking) clearTimeout(looking)
      threads.clear()
      await Promise.all(all.map((thread) => thread.worker.terminate()))
    },
  }
}

function outcomeOf(reply: CodeReply): Parameters<Job['settle']>[0] {
  if (!reply.ok) return { error: codeError(reply.reason, reply.text, reply.logs) }
  const read = readJson(reply.json)
  return read.ok ? { value: { value: read.value, logs: reply.logs } } : { error: codeError('not_json', read.message, reply.logs) }
}

function findThread(): URL {
  const here = path.dirname(fileURLToPath(import.meta.url))
  const places = [path.join(here, 'thread.ts'), path.join(here, 'sandbox-thread.js'), path.join(process.cwd(), 'dist', 'sandbox-thread.js')]
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`The sandbox's thread is in none of: ${places.join(', ')}`)
  return pathToFileURL(found)
}
