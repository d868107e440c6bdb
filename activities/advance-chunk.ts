import { endChunk, freeChunks, giveBackChunk, recordInChunk, type TakenChunk, takeChunk, watchChunk } from '@/db/chunks'
import { nowMs } from '@/server/clock'
import { log } from '@/server/log'
import { powersOf } from '@/server/powers/create-powers'
import { loadPlan } from '@/server/services/runs/load-plan'
import { nudgeRun } from '@/server/temporal/nudge'
import { limits } from '@/workflows/limits'
import type { ChunkAnswer, DriverQueue } from '@/workflows/runtime/driver-types'
import { executePlan } from '@/workflows/runtime/execute-plan'
import { FencedError, type PlanOutcome } from '@/workflows/runtime/types'
import type { Hand, Hands } from './hands'
import { hashJson } from './hash-json'
import type { Holder } from './holder'
import { isOfQueue } from './is-of-queue'
import { loadChunkLog } from './load-chunk-log'
import type { Notices } from './notices'
import { createPostgresHost } from './postgres-host'
import { createRoom, type Room } from './room'
import { factsOf } from './run-facts'
import { isConnectionError, whileAway } from './while-away'

export interface ChunkAdvancer {
  /** Takes a chunk of the run that nobody has and goes through it for a slice. */
  advance(runId: string, queue: DriverQueue): Promise<ChunkAnswer>
  /** Steps of the run's chunks that are under way here, by path. */
  under(runId: string): string[]
  /** Lets others have what stands as this worker's and is not in its hands: an answer of the database was lost. */
  dropFallen(): Promise<void>
  /** Looks for it from time to time, until it is closed. */
  start(): void
  /** Starts nothing any more. */
  close(): void
}

/** One chunk in hand. */
interface Work {
  chunk: TakenChunk
  hand: Hand
  queue: DriverQueue
  /** Nothing new begins in it, because of another chunk or the run. */
  stopped: boolean
  /** An item failed that the loop fails with. */
  failed: boolean
}

const openMs = 15_000
const watchMs = 2_000
/** A next try that comes so soon is waited for here. */
const soonMs = 15_000
/** What takes longer goes on as another activity. */
const stayMs = 5 * 60_000
const crowdedMs = 3_000
const fallenEveryMs = 5_000
const held = (ms: number): ChunkAnswer => ({ kind: 'held', until: nowMs() + ms })

export function createChunkAdvancer(parts: { holder: Holder; hands: Hands; notices: Notices; room?: Room }): ChunkAdvancer {
  const { holder, hands, notices, room = createRoom(parts.hands) } = parts
  let closed = false
  let fallen: NodeJS.Timeout | undefined
  const works = new Set<Work>()
  let taking: Promise<unknown> = Promise.resolve()

  /** One after another: what this worker has in hand is not what it let fall. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = taking.then(work)
    taking = done.catch(() => {})
    return done
  }

  function take(runId: string, queue: DriverQueue): Promise<Work | ChunkAnswer> {
    return inTurn(async () => {
      const mine = [...works].filter(({ chunk }) => chunk.runId === runId).map(({ chunk }) => `${chunk.path}#${chunk.no}`)
      const answer = await takeChunk(runId, holder.id, { queue, mine })
      if (answer.wake) await nudgeRun(runId)
      if (answer.outcome === 'queue') return { kind: 'queue', queue: answer.queue as DriverQueue } as const
      if (answer.outcome === 'none') return { kind: 'none' } as const
      const { chunk } = answer
      const work: Work = { chunk, hand: hands.take(`${runId}/${chunk.path}#${chunk.no}`), queue, stopped: false, failed: false }
      works.add(work)
      return work
    })
  }

  async function dropFallen(): Promise<void> {
    const mine = () => [...works].map(({ hand }) => hand.runId)
    for (const runId of await inTurn(() => freeChunks(holder.id, mine()))) {
      log.info('a part of a loop that fell out of hand is given back', { runId })
      await nudgeRun(runId)
    }
  }

  async function advance(runId: string, queue: DriverQueue): Promise<ChunkAnswer> {
    if (closed || !holder.mayStart()) return held(1_000)
    if (!(await hands.untilOpen(openMs)) || closed) return held(1_000)
    const work = await take(runId, queue)
    if ('kind' in work) return work
    const watching = watch(work)
    try {
      // A run that executes by itself began meanwhile.
      if (!hands.isOpen) return await giveBack(work, { lived: false }, held(1_000))
      if (!room.mayEnter(work.hand.runId)) return await giveBack(work, { lived: false }, held(crowdedMs))
      return await goThrough(work)
    } catch (error) {
      // Somebody else has it, or nobody wants it any more.
      if (error instanceof FencedError) return { kind: 'more' }
      if (isConnectionError(error)) throw error
      log.error('a part of a loop is left to its run', { runId, error })
      return end(work)
    } finally {
      watching.stop()
      hands.drop(work.hand)
      works.delete(work)
    }
  }

  async function goThrough(work: Work): Promise<ChunkAnswer> {
    const end = nowMs() + stayMs
    for (;;) {
      const outcome = await slice(work)
      const wakeAt = outcome.kind === 'waiting' && !work.stopped && nowMs() < end ? soonestTry(outcome) : null
      if (wakeAt === null) return settle(work, outcome)
      await pause(wakeAt - nowMs(), work.hand.abort.signal)
    }
  }

  async function slice(work: Work): Promise<PlanOutcome> {
    const { chunk, hand, queue } = work
    const { organizationId, runId, run, path, from, to, items, concurrency } = chunk
    const plan = await loadPlan(organizationId, run.versionId as string)
    const [loaded, facts] = await Promise.all([loadChunkLog(chunk, plan), factsOf(run, plan)])
    const below = `${path}/`
    const host = createPostgresHost({
      organizationId,
      workflowId: run.workflowId,
      runId,
      epoch: chunk.epoch,
      lastSeq: 0,
      powers: powersOf(organizationId, run.projectId),
      notices,
      hand,
      hands,
      room,
      begun: true,
      async recordInChunk(rows, db) {
        const recorded = await recordInChunk(chunk, rows, db)
        work.stopped ||= recorded?.stop === true
        return recorded
      },
    })
    const { record } = host
    return executePlan(
      plan,
      loaded.log,
      facts,
      {
        ...host,
        record(records) {
          const other = records.find((one) => !one.path.startsWith(below))
          if (other) throw new Error(`${other.path} does not belong to the loop ${path}`)
          return record(records)
        },
      },
      {
        finished: loaded.finished,
        only: new Set([path]),
        chunk: {
          path,
          from,
          to,
          items,
          concurrency,
          onFailed() {
            work.failed = true
          },
        },
        sliceMs: limits.longSliceMs,
        fits: (planned) => isOfQueue(planned, queue),
        signal: hand.abort.signal,
        stopping: () => hand.reason ?? (closed || work.failed || !holder.mayStart() ? 'shutdown' : room.mustLeave(hand) ? 'crowded' : null),
        hash: hashJson,
        timeZone: run.timeZone,
      },
    )
  }

  async function settle(work: Work, outcome: PlanOutcome): Promise<ChunkAnswer> {
    if (work.failed || work.stopped) return end(work)
    switch (outcome.kind) {
      case 'more':
        return giveBack(work, { lived: true }, { kind: 'more' })
      case 'queue':
        return giveBack(work, { queue: outcome.queue, lived: true }, { kind: 'queue', queue: outcome.queue })
      case 'stopped':
        if (outcome.reason === 'shutdown') return giveBack(work, { lived: false }, held(1_000))
        return giveBack(work, { lived: true }, outcome.reason === 'crowded' ? held(crowdedMs) : { kind: 'none' })
      default:
        return end(work)
    }
  }

  async function giveBack({ chunk }: Work, how: Parameters<typeof giveBackChunk>[1], answer: ChunkAnswer): Promise<ChunkAnswer> {
    await patiently(() => giveBackChunk(chunk, how))
    return answer
  }

  /** Items that wait or failed are the run's, which goes on when this was the last of them. */
  async function end({ chunk, failed }: Work): Promise<ChunkAnswer> {
    if (await patiently(() => endChunk(chunk, { failed }))) await nudgeRun(chunk.runId)
    return { kind: 'more' }
  }

  return {
    advance,
    dropFallen,
    start() {
      const later = () => {
        fallen = setTimeout(async () => {
          await dropFallen().catch((error) => log.debug('parts of loops cannot be compared with the database now', { error }))
          if (!closed) later()
        }, fallenEveryMs)
      }
      later()
    },
    under: (runId) => [...works].filter(({ chunk }) => chunk.runId === runId).flatMap(({ hand }) => [...hand.under]),
    close() {
      closed = true
      clearTimeout(fallen)
    },
  }
}

/** Hears, while steps take long, what the next write would hear. */
function watch(work: Work): { stop(): void } {
  const { chunk, hand } = work
  let timer: NodeJS.Timeout
  let over = false
  const look = async () => {
    const seen = await watchChunk(chunk).catch(() => undefined)
    if (over) return
    if (seen === null) {
      hand.reason ??= 'shutdown'
      hand.abort.abort(new Error('taken over'))
    } else if (seen?.cancel) {
      hand.reason = 'cancelled'
      hand.abort.abort(new Error('cancelled'))
    } else if (seen?.pause) hand.reason ??= 'paused'
    else if (seen?.stop) {
      work.stopped = true
      hand.reason ??= 'shutdown'
    }
    timer = setTimeout(look, watchMs)
  }
  timer = setTimeout(look, watchMs)
  return {
    stop() {
      over = true
      clearTimeout(timer)
    },
  }
}

function soonestTry({ until, waits }: Extract<PlanOutcome, { kind: 'waiting' }>): number | null {
  const isSoon = until !== null && until.getTime() <= nowMs() + soonMs && waits.every(({ kind }) => kind === 'retry')
  return isSoon ? until.getTime() : null
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) {
      resolve()
      return
    }
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

const patiently = <T>(ask: () => Promise<T>) => whileAway(ask, 10_000)
