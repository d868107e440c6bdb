import { limits } from '@/workflows/limits'
import { spreadOf } from '@/workflows/runtime/chunks'
import { executePlan } from '@/workflows/runtime/execute-plan'
import { stepLogOf } from '@/workflows/runtime/flow-state'
import type { ExecuteOptions, Plan, PlanOutcome, RunFacts, SettledWait, StepLog } from '@/workflows/runtime/types'
import type { PlainHost } from './plain-host'

export interface PlainChunk {
  path: string
  no: number
  from: number
  to: number
  items: number
  concurrency: number
  ended: boolean
  stopping: boolean
}

interface ChunkedHost extends PlainHost {
  chunks: PlainChunk[]
  settled: SettledWait[]
  /** Goes through one chunk until it leaves what is left to the run; false when it was interrupted. */
  goThrough(chunk: PlainChunk, options?: ExecuteOptions): Promise<boolean>
}

/** Lets a plain host's run hand its loops to so many workers, as Postgres and the driver do. */
export function withChunks(host: PlainHost, plan: Plan, facts: RunFacts, workers: number): ChunkedHost {
  const chunked = host as ChunkedHost
  chunked.chunks = []
  chunked.settled = []
  const settle = (path: string) => {
    if (chunked.chunks.some((chunk) => chunk.path === path && !chunk.ended)) return
    if (!chunked.settled.some((one) => one.path === path)) {
      chunked.settled.push({ path, attempt: 1, kind: 'chunks', settledBy: 'outside', result: null })
    }
  }
  chunked.leastShared = limits.chunkedItems
  chunked.startChunks = async (call) => {
    host.boundary(`before chunks ${call.path}`)
    const spread = spreadOf(call, workers)
    if (!spread) return false
    const record = host.records.find(({ path }) => path === call.path)
    if (!record) throw new Error('the loop was not recorded before its chunks')
    if (!chunked.chunks.some(({ path }) => path === call.path)) {
      for (let from = 0; from < call.items; from += spread.size) {
        const to = Math.min(call.items, from + spread.size)
        const no = from / spread.size
        const { concurrency } = spread
        chunked.chunks.push({ path: call.path, no, from, to, items: call.items, concurrency, ended: false, stopping: false })
      }
      record.input = { ...(record.input as object), chunks: chunked.chunks.length }
    }
    host.boundary(`after chunks ${call.path}`)
    return true
  }
  chunked.stopChunks = async (path) => {
    for (const chunk of chunked.chunks) if (chunk.path === path) chunk.ended = true
    settle(path)
  }
  chunked.goThrough = async (chunk, options = {}) => {
    let failed = false
    for (let slices = 0; slices < 500; slices++) {
      if (chunk.stopping) break
      const { path, from, to, items, concurrency } = chunk
      const outcome = await executePlan(plan, logOf(host.log(), chunk), facts, host, {
        ...options,
        only: new Set([path]),
        stopping: () => (failed || chunk.stopping ? 'shutdown' : (options.stopping?.() ?? null)),
        chunk: { path, from, to, items, concurrency, onFailed: () => (failed = true) },
      })
      if (failed) break
      if (outcome.kind === 'stopped') return false
      if (outcome.kind !== 'more') break
    }
    chunk.ended = true
    if (failed) for (const other of chunked.chunks) if (other.path === chunk.path) other.ended = true
    settle(chunk.path)
    return true
  }
  return chunked
}

function logOf(log: StepLog, { path, from, to }: PlainChunk): StepLog {
  const begin = `${path}/`
  return stepLogOf(
    [...log.values()].filter((record) => {
      if (!record.path.includes('/')) return true
      const index = record.path.startsWith(begin) ? Number.parseInt(record.path.slice(begin.length), 10) : -1
      return index >= from && index < to
    }),
  )
}

/** Drives a run to its end: its own slices, and its chunks in the order that `pick` gives. */
export async function driveInChunks(
  host: ChunkedHost,
  plan: Plan,
  facts: RunFacts,
  { pick = (open) => open[0] as PlainChunk, options = {} }: { pick?: (open: PlainChunk[]) => PlainChunk; options?: ExecuteOptions } = {},
): Promise<PlanOutcome> {
  for (let slices = 0; slices < 1_000; slices++) {
    const outcome = await executePlan(plan, host.log(), facts, host, { ...options, settled: host.settled })
    const open = host.chunks.filter((chunk) => !chunk.ended)
    if ((outcome.kind === 'waiting' || outcome.kind === 'more') && open.length > 0) await host.goThrough(pick(open), options)
    else if (outcome.kind === 'waiting' && outcome.until) host.clock.now = Math.max(host.clock.now, outcome.until.getTime())
    else if (outcome.kind === 'waiting' && outcome.waits.every(({ kind }) => kind === 'chunks')) continue
    else if (outcome.kind !== 'more') return outcome
  }
  throw new Error('the run came to no end')
}
