import { countChunks, dropChunks } from '@/db/chunks'
import { countAlone, finishRun, giveBackRun, type RunEnd, type TakenRun, takeRun, waitRun } from '@/db/engine'
import { endRun } from '@/db/lane'
import { storableText } from '@/db/storable-text'
import { nowMs } from '@/server/clock'
import { log } from '@/server/log'
import { powersOf } from '@/server/powers/create-powers'
import { loadPlan, PlanRefused } from '@/server/services/runs/load-plan'
import { nudgeRun } from '@/server/temporal/nudge'
import { checkJson } from '@/workflows/graph/json-schema'
import type { Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import type { StepError } from '@/workflows/nodes/errors'
import type { DriverAnswer } from '@/workflows/runtime/driver-types'
import { executePlan, isQuick } from '@/workflows/runtime/execute-plan'
import { onlyComputes } from '@/workflows/runtime/run-attempts'
import {
  FencedError,
  type Plan,
  type PlanNode,
  type PlanOutcome,
  type StepQueue,
  type StepRecord,
  type WebhookResponse,
} from '@/workflows/runtime/types'
import { answerText } from './answer-text'
import { type Cleaned, cleanUp } from './clean-up'
import { errorSignature } from './error-signature'
import type { Hand, Hands } from './hands'
import { hashJson } from './hash-json'
import type { Holder } from './holder'
import { isOfQueue } from './is-of-queue'
import type { Notices } from './notices'
import { createOwnFaults } from './own-faults'
import { createPostgresHost, type PostgresHost, waitsNoMore } from './postgres-host'
import { createRoom, type Room } from './room'
import { endOf, notStorable, ownFault, poison, refusal, sooner, tooLong, waitingForOf, wrongOutput } from './run-ends'
import { factsOf, logOf } from './run-facts'
import { createSharing } from './share-loops'
import { createTurns, type Turns } from './turns'
import { wakeLinked } from './wake-linked'
import { isConnectionError, refusedValue, whileAway } from './while-away'

export interface Advancer {
  /** Runs one slice of the run, if this worker may have it. `short` leaves long steps to a queue; without a queue every step runs here. */
  advance(runId: string, options: SliceOptions): Promise<DriverAnswer>
  /**
   * Drives a run that this worker's lane took, once; what did not end is handed over to Temporal. Never throws; false when the database
   * could not be told, so that the run still stands as ours.
   */
  ride(taken: TakenRun): Promise<boolean>
  /** Starts nothing any more. */
  close(): void
}

export interface SliceOptions {
  short: boolean
  queue?: StepQueue
}

/** One slice of a run in hand. */
interface Ride {
  taken: TakenRun
  hand: Hand
  /** Long steps are left to a queue. */
  short: boolean
  queue?: StepQueue
  /** The lane drives it, so what does not end is handed over. */
  lane: boolean
  /** Nothing else executes, and a crash would be its own doing. */
  alone?: boolean
  /** Other workers go through a loop of it. */
  shared?: boolean
}

/** What is not written yet when a run ends. */
interface Rest {
  host: PostgresHost
  records: readonly StepRecord[]
}

type LaterSlice = Extract<DriverAnswer, { kind: 'more' | 'queue' }>

/** Characters of steps above which a run is ended by itself. */
const mostTogether = 100_000
/** A run of so many holds much, whatever they gave. */
const manySteps = 2_000
const mostSoloCrashes = 3
const aloneMs = 10_000
const openMs = 15_000
const crowdedMs = 3_000
/** What may take longer is Temporal's. */
const rideMs = 60_000
const soon = (ms: number): DriverAnswer => ({ kind: 'held', until: nowMs() + ms })

export interface AdvancerParts {
  holder: Holder
  hands: Hands
  notices: Notices
  turns?: Turns
  room?: Room
  /** Runs in a lane that wait for an answer from outside; while there are so many, the next call is Temporal's. */
  mostSlow?: number
}

export function createAdvancer(parts: AdvancerParts): Advancer {
  const { holder, hands, notices, turns = createTurns(parts.holder.id), room = createRoom(parts.hands), mostSlow = 500 } = parts
  const ownFaults = createOwnFaults()
  let closed = false

  async function advance(runId: string, { short, queue }: SliceOptions): Promise<DriverAnswer> {
    if (closed || hands.has(runId) || !holder.mayStart()) return soon(1_000)
    if (!room.mayEnter(runId)) return soon(crowdedMs)
    if (!(await hands.untilOpen(openMs)) || closed || hands.has(runId)) return soon(1_000)
    const hand = hands.take(runId)
    try {
      const take = await takeRun(runId, holder.id)
      if (take.outcome === 'held') return { kind: 'held', until: take.until.getTime() + 50 }
      if (take.outcome === 'waiting') return withChunks(runId, { kind: 'waiting', until: take.until?.getTime() ?? null })
      if (take.outcome === 'paused') return { kind: 'waiting', until: null }
      if (take.outcome === 'gone') return { kind: 'gone' }
      const ride: Ride = { taken: take, hand, short, ...(queue ? { queue } : {}), lane: false }
      const answer = await drive(ride)
      return ride.shared ? withChunks(runId, answer) : answer
    } finally {
      hands.drop(hand)
    }
  }

  async function ride(taken: TakenRun): Promise<boolean> {
    const hand = hands.take(taken.runId)
    let answer: DriverAnswer
    try {
      answer = await drive({ taken, hand, short: true, queue: 'default', lane: true })
    } catch {
      return false
    } finally {
      hands.drop(hand)
    }
    // It is committed that Temporal has it now: a start that fails is found by the sweep.
    const handedOver = answer.kind === 'waiting' || answer.kind === 'more' || answer.kind === 'queue'
    if (handedOver && hand.reason === null) await nudgeRun(taken.runId)
    return true
  }

  async function drive(ride: Ride): Promise<DriverAnswer> {
    const { taken, hand, lane } = ride
    const { runId } = taken
    let release: (() => void) | null = null
    try {
      if (taken.begun) notices.hint(taken.organizationId, 'run', runId)
      if (taken.cancel) return await cancel(ride)
      if (taken.soloCrashes >= mostSoloCrashes) return await fail(taken, { error: poison, path: '', nodeTitle: '' })
      if (taken.crashes > 0) {
        release = await hands.alone(hand, aloneMs)
        // Others take long, or one of them is alone: it is tried again rather than blamed on them.
        if (!release && (taken.soloCrashes > 0 || !hands.isOpen)) {
          await giveBackRun(runId, taken.epoch, 'error')
          return lane ? { kind: 'more' } : soon(5_000)
        }
        if (release && !(await patiently(() => countAlone(runId, taken.epoch, 1)))) return soon(1_000)
        ride.alone = release !== null
      }
      return await runSlice(ride)
    } catch (error) {
      if (error instanceof FencedError) return soon(1_000)
      if (error instanceof PlanRefused) return await fail(taken, { error: refusal(error), path: '', nodeTitle: '' })
      log.error('a run could not be advanced', { runId, error })
      const refused = refusedValue(error)
      if (refused) return await fail(taken, { error: notStorable(refused), path: '', nodeTitle: '' })
      if (!hand.abort.signal.aborted && ownFaults.isLast(runId, error))
        return await fail(taken, { error: ownFault, path: '', nodeTitle: '' })
      const given = await giveBack(ride, 'error', { ask: (work) => work() }).catch(() => null)
      if (given === null) log.debug('a run is taken back later', { runId })
      if (lane && given !== null) return { kind: 'more' }
      throw error
    } finally {
      release?.()
    }
  }

  async function runSlice(ride: Ride): Promise<DriverAnswer> {
    const { taken, hand, short, queue, lane } = ride
    const { organizationId, runId } = taken
    if (!taken.versionId) throw new PlanRefused('This run names no version that it could execute.')
    const plan = await loadPlan(organizationId, taken.versionId)
    const [loaded, facts] = await Promise.all([logOf(taken, plan), factsOf(taken, plan)])
    const byHand = taken.trigger === 'test'
    const sharing = createSharing({ organizationId, runId, epoch: taken.epoch })
    const host = createPostgresHost({
      organizationId,
      workflowId: taken.workflowId,
      runId,
      epoch: taken.epoch,
      lastSeq: loaded.lastSeq,
      powers: powersOf(organizationId, taken.projectId),
      notices,
      hand,
      hands,
      room,
      begun: taken.begun,
      byHand,
      hasChildren: mayHaveChildren(plan),
      ...(byHand ? {} : { sharing }),
    })
    if (taken.moved) await host.letGoForgotten()
    if (loaded.lastSeq > manySteps) room.holdsMuch(hand)
    const end = endOf(plan, taken)
    if (end !== null && nowMs() >= end) return expire(ride, plan)
    const isOver = () => end !== null && nowMs() >= end
    const restMs = end === null ? Number.POSITIVE_INFINITY : end - nowMs()
    // No step takes as long as an hour, and a timer takes no more than 24 days.
    const limit = restMs < 3_600_000 ? setTimeout(() => hand.abort.abort(new Error('too long')), restMs) : null
    let rest: readonly StepRecord[] = []
    const outcome = await executePlan(plan, loaded.log, facts, host, {
      settled: loaded.settled,
      ...(loaded.finished ? { finished: loaded.finished } : {}),
      sliceMs: short ? limits.sliceMs : limits.longSliceMs,
      fits: (planned) => isOfQueue(planned, queue) && (lane ? fitsLane(planned) : !short || isQuick(planned)),
      keepRest: (records) => {
        rest = records
      },
      signal: hand.abort.signal,
      stopping: () => hand.reason ?? (closed || isOver() || !holder.mayStart() ? 'shutdown' : room.mustLeave(hand) ? 'crowded' : null),
      hash: hashJson,
      timeZone: taken.timeZone,
    }).finally(() => limit && clearTimeout(limit))
    ride.shared = sharing.began || (outcome.kind === 'waiting' && outcome.waits.some(({ kind }) => kind === 'chunks'))
    if (outcome.kind === 'stopped' && outcome.reason === 'shutdown' && isOver()) return expire(ride, plan)
    return answer(ride, plan, outcome, { host, records: rest })
  }

  /** Runs that only wait for an answer cost a lane little, as long as they leave room for those that end soon. */
  function fitsLane(planned: PlanNode): boolean {
    if (isQuick(planned) || onlyComputes(planned)) return true
    return planned.settings.timeoutMs <= rideMs && hands.size - hands.busy < mostSlow
  }

  async function answer(ride: Ride, plan: Plan, outcome: PlanOutcome, rest: Rest): Promise<DriverAnswer> {
    const { taken } = ride
    switch (outcome.kind) {
      case 'succeeded':
        return succeed(ride, plan, outcome.output, rest)
      case 'failed':
        return fail(taken, outcome, rest)
      case 'waiting':
        return wait(ride, plan, outcome)
      case 'stopped':
        if (outcome.reason === 'cancelled') return cancel(ride)
        if (outcome.reason === 'crowded') return makeRoom(ride)
        if (!(await giveBack(ride, outcome.reason))) return soon(1_000)
        if (outcome.reason === 'shutdown') return soon(1_000)
        notices.hint(taken.organizationId, 'run', taken.runId)
        return { kind: 'waiting', until: null }
      case 'queue':
        return goOnLater(ride, outcome)
      case 'more':
        return goOnLater(ride, outcome)
    }
  }

  async function cancel(ride: Ride): Promise<DriverAnswer> {
    const cleaned = await clean(ride)
    return cleaned.kind === 'done' ? finish(ride.taken, { status: 'cancelled' }) : goOnLater(ride, cleaned)
  }

  /** The longest time of the run is over. */
  async function expire(ride: Ride, plan: Plan): Promise<DriverAnswer> {
    const cleaned = await clean(ride)
    return cleaned.kind === 'done' ? fail(ride.taken, { error: tooLong(plan), path: '', nodeTitle: '' }) : goOnLater(ride, cleaned)
  }

  /** What was under way may still have to clean up before the run is over. */
  async function clean({ taken, hand, short, queue }: Ride): Promise<Cleaned> {
    await patiently(() => dropChunks({ organizationId: taken.organizationId, runId: taken.runId, epoch: taken.epoch }))
    return cleanUp(taken, {
      hand,
      hands,
      short,
      ...(queue ? { queue } : {}),
      notices,
      mayGoOn: () => !closed && holder.mayStart(),
      alreadyTried: mostSoloCrashes,
    })
  }

  async function makeRoom(ride: Ride): Promise<DriverAnswer> {
    log.info('a large run waits until its worker has memory for it', { runId: ride.taken.runId, count: room.outside })
    if (!(await giveBack(ride, ride.lane ? 'handed' : 'queue', { queue: 'memory' }))) return soon(1_000)
    return ride.lane ? { kind: 'more' } : soon(crowdedMs)
  }

  async function goOnLater(ride: Ride, next: LaterSlice): Promise<DriverAnswer> {
    const queue = next.kind === 'queue' ? next.queue : null
    return (await giveBack(ride, ride.lane ? 'handed' : next.kind, { queue })) ? next : soon(1_000)
  }

  async function wait({ taken, lane }: Ride, plan: Plan, outcome: Extract<PlanOutcome, { kind: 'waiting' }>): Promise<DriverAnswer> {
    const fence = { organizationId: taken.organizationId, runId: taken.runId, epoch: taken.epoch }
    const waitingFor = waitingForOf(outcome.waits, plan)
    const until = sooner(outcome.until, endOf(plan, taken))
    const driver = lane ? 'none' : 'temporal'
    const waited = await patiently(() => waitRun(fence, { wakeSeen: taken.wakeSeq, until, waitingFor, driver }))
    if (waited.outcome === 'fenced') return soon(1_000)
    // It stands as accepted again, for the lane or for the loop that drives it.
    if (waited.outcome === 'woken') return lane ? soon(0) : { kind: 'more' }
    notices.told(taken.organizationId, [{ kind: 'run', ids: [taken.runId], seq: waited.seq }])
    return { kind: 'waiting', until: until?.getTime() ?? null }
  }

  function fail(taken: TakenRun, failed: { error: StepError; path: string; nodeTitle: string }, rest?: Rest): Promise<DriverAnswer> {
    const { error, path, nodeTitle } = failed
    const signature = errorSignature(taken.workflowId, path, error)
    return finish(taken, { status: 'failed', error: { ...error, path, nodeTitle } as unknown as Json, signature }, rest)
  }

  /** Most runs of a lane wrote nothing yet and need no more than that they succeeded: many of them end in one statement. */
  async function succeed({ taken, lane }: Ride, plan: Plan, output: Json, rest: Rest): Promise<DriverAnswer> {
    const [mismatch] = checkJson(output, plan.settings.output as Json | undefined)
    if (mismatch) return fail(taken, { error: wrongOutput(mismatch.message), path: '', nodeTitle: '' }, rest)
    const { host, records } = rest
    const { organizationId, runId, epoch } = taken
    const plain = lane && !host.wrote && !taken.begun && !taken.stepped && !taken.child && taken.rootId === runId && !taken.limited
    if (!plain || records.some((record) => record.usage || record.wait || isOpen(record) || waitsNoMore(record))) {
      return finish(taken, { status: 'succeeded', output }, rest)
    }
    const steps = await host.rowsOf(records)
    if (steps.length > mostTogether) return finish(taken, { status: 'succeeded', output }, rest)
    const answer = taken.trigger === 'webhook' ? answerText(runId, responseIn(records)) : null
    const ended = {
      organizationId,
      runId,
      epoch,
      stepsDone: records.filter(({ status }) => status === 'succeeded').length,
      output: storableText(output),
      steps,
      answer,
    }
    try {
      return (await turns.succeed(ended)) ? { kind: 'finished' } : soon(1_000)
    } catch (error) {
      if (isConnectionError(error)) throw error
      log.warn('runs could not be ended together; each is ended by itself', { runId, error })
      return finish(taken, { status: 'succeeded', output }, rest)
    }
  }

  async function finish(taken: TakenRun, end: RunEnd, rest?: Rest): Promise<DriverAnswer> {
    const { organizationId, runId, epoch } = taken
    const fence = { organizationId, runId, epoch }
    const last = rest && rest.records.length > 0 ? { steps: await rest.host.rowsOf(rest.records), begins: !rest.host.begun } : null
    const finished = await patiently(() => (last ? endRun(fence, last, end) : finishRun(fence, end)))
    if (finished.outcome === 'fenced') return soon(1_000)
    if (rest)
      await rest.host.letGo(rest.records).catch((error) => log.warn('a run goes on that nobody waits for any more', { runId, error }))
    if (taken.trigger === 'webhook') notices.answered(runId, rest && responseIn(rest.records))
    notices.told(organizationId, finished.told)
    void wakeLinked(finished.wake)
    const fields = { runId, organizationId, workflowId: taken.workflowId, status: finished.status }
    // A line for each of a thousand runs a second would cost more than it tells.
    if (finished.status === 'failed') log.info('run failed', fields)
    else log.debug('run finished', fields)
    return { kind: 'finished' }
  }

  async function giveBack(
    { taken, alone }: Ride,
    reason: Parameters<typeof giveBackRun>[2],
    { queue = null, ask = patiently }: { queue?: StepQueue | 'memory' | null; ask?: typeof patiently } = {},
  ): Promise<boolean> {
    if (alone) await ask(() => countAlone(taken.runId, taken.epoch, -1))
    return ask(() => giveBackRun(taken.runId, taken.epoch, reason, { queue }))
  }

  return {
    advance,
    ride,
    close() {
      closed = true
    },
  }
}

/** How many chunks are to be under way; when the database cannot say, the sweep finds them. */
async function withChunks(runId: string, answer: DriverAnswer): Promise<DriverAnswer> {
  if (answer.kind !== 'waiting' && answer.kind !== 'more' && answer.kind !== 'queue') return answer
  const chunks = await countChunks(runId).catch(() => 0)
  return chunks > 0 ? { ...answer, chunks } : answer
}

function mayHaveChildren({ nodes }: Plan): boolean {
  for (const { definition } of nodes.values()) if (definition.kind === 'control' && definition.control === 'child') return true
  return false
}

const isOpen = ({ status }: StepRecord) => status === 'started' || status === 'waiting' || status === 'unknown'

function responseIn(records: readonly StepRecord[]): WebhookResponse | undefined {
  return records.find((record) => record.response)?.response
}

const patiently = <T>(ask: () => Promise<T>) => whileAway(ask, 10_000)
