import type { ChunkRecorded } from '@/db/chunks'
import { type Database, warmWorker } from '@/db/client'
import { dropWaits, noteSteps, type Recorded, recordSteps } from '@/db/engine'
import { storableText } from '@/db/storable-text'
import { now } from '@/server/clock'
import { log } from '@/server/log'
import type { CircuitStep } from '@/server/powers/circuits'
import type { Powers } from '@/server/powers/create-powers'
import { executeStep } from '@/server/powers/execute-step'
import { findKept, keepResult } from '@/server/services/runs/kept-results'
import { forgottenWaits, letGoChildren, letGoForgottenChildren } from '@/server/services/runs/let-go-children'
import { passGate } from '@/server/services/runs/pass-gate'
import { startChild } from '@/server/services/runs/start-child'
import { abandoned } from '@/workflows/runtime/frames'
import { childTimeout } from '@/workflows/runtime/run-linked'
import { FencedError, type Host, type StepCall, type StepRecord, StoppedError } from '@/workflows/runtime/types'
import type { Hand, Hands } from './hands'
import { createLoadedValues } from './loaded-values'
import type { Notices } from './notices'
import type { Room } from './room'
import { stepRows } from './step-rows'
import { whileAway } from './while-away'

/** A step that is done is worth waiting for the database. */
const patienceMs = 20_000

export interface HostOptions {
  organizationId: string
  workflowId: string
  runId: string
  epoch: number
  lastSeq: number
  powers: Powers
  notices: Notices
  hand: Hand
  hands: Hands
  room?: Room
  /** False when nobody was told yet that this run runs. */
  begun: boolean
  /** What cleans up after a cancelled run is not stopped by the cancel. */
  cleaning?: boolean
  /** A test in the editor. */
  byHand?: boolean
  /** Only for one chunk of the run, which numbers its steps itself. */
  recordInChunk?: (rows: string, db: Database) => Promise<ChunkRecorded | null>
  /** Its steps may wait for other runs. */
  hasChildren?: boolean
  /** Loops may be gone through by other workers, too. */
  sharing?: Pick<Host, 'leastShared' | 'startChunks' | 'stopChunks'>
}

export interface PostgresHost extends Host {
  /** True once it wrote something. */
  readonly wrote: boolean
  /** False while the next write has to say that the run runs. */
  readonly begun: boolean
  /** Records as the engine's functions take them, with the numbers that come next. */
  rowsOf(records: readonly StepRecord[]): Promise<string>
  /** What a worker that died let go of in the log and nowhere else: its waits are closed, its runs cancelled. */
  letGoForgotten(): Promise<void>
  /** Cancels the runs that these steps waited for and wait for no more; only once their end is durable. */
  letGo(records: readonly StepRecord[]): Promise<void>
}

/** The Host of real runs: executors with the project's powers, results in Postgres under the run's fence. */
export function createPostgresHost(options: HostOptions): PostgresHost {
  const { organizationId, workflowId, runId, epoch, powers, notices, hand, hands, room, hasChildren } = options
  let seq = options.lastSeq
  let { begun } = options
  let wrote = false
  const stored = createLoadedValues(organizationId, () => room?.holdsMuch(hand))

  async function rowsOf(records: readonly StepRecord[]): Promise<string> {
    const text = await stepRows(organizationId, records, seq + 1, stored.sized)
    seq += records.length
    return text
  }

  async function letGo(records: readonly StepRecord[]): Promise<void> {
    const paths = hasChildren ? records.filter(waitsNoMore).map(({ path }) => path) : []
    if (paths.length > 0) await whileAway(() => letGoChildren(organizationId, runId, paths), patienceMs)
  }

  async function letGoForgotten(): Promise<void> {
    const paths = await whileAway(() => forgottenWaits(organizationId, runId), patienceMs)
    if (paths.length > 0) notices.told(organizationId, await dropWaits({ organizationId, runId, epoch }, paths))
    if (hasChildren) await whileAway(() => letGoForgottenChildren(organizationId, runId), patienceMs)
  }

  /** What cleans up after a cancelled run waits for nothing. */
  const circuitOf = ({ path, timeoutMs }: StepCall): CircuitStep => ({
    organizationId,
    runId,
    path,
    timeoutMs,
    byHand: options.byHand === true || options.cleaning === true,
    told: (news) => notices.told(organizationId, news),
  })

  return {
    get wrote() {
      return wrote
    },
    get begun() {
      return begun
    },
    rowsOf,
    letGo,
    letGoForgotten,
    stored,
    now,
    random: Math.random,
    execute: (call) => hands.during(hand, call.path, () => executeStep(powers, call, circuitOf(call))),
    estimateMicros: (turn) => powers.models.estimateMicros(turn),
    async record(records) {
      const rows = options.recordInChunk ? await stepRows(organizationId, records, 1, stored.sized) : await rowsOf(records)
      const fence = { organizationId, runId, epoch }
      const isPlain = begun && !records.some((record) => record.wait || record.response || record.usage)
      const answer = await whileAway<Recorded | ChunkRecorded | null>(
        () =>
          warmWorker<Recorded | ChunkRecorded | null>((db) => {
            if (options.recordInChunk) return options.recordInChunk(rows, db)
            return isPlain ? noteSteps(fence, rows, db) : recordSteps(fence, rows, db, !begun)
          }),
        patienceMs,
        () => !hand.abort.signal.aborted,
      )
      if (!answer) throw new FencedError('another worker has this run')
      begun = true
      wrote = true
      const response = records.find((record) => record.response)?.response
      if (response) notices.answered(runId, response)
      notices.hint(organizationId, 'step', runId)
      notices.told(organizationId, answer.told)
      const dropped = records.filter((record) => record.error?.code === abandoned.code).map((record) => record.path)
      if (dropped.length > 0 && !options.recordInChunk)
        notices.told(organizationId, await dropWaits({ organizationId, runId, epoch }, dropped))
      await letGo(records)
      if (options.cleaning) return
      if (answer.cancel) {
        hand.reason = 'cancelled'
        hand.abort.abort(new Error('cancelled'))
        throw new StoppedError('cancelled')
      }
      if (answer.pause) {
        hand.reason ??= 'paused'
        throw new StoppedError('paused')
      }
      if ('stop' in answer && answer.stop) {
        hand.reason ??= 'shutdown'
        throw new StoppedError('shutdown')
      }
    },
    ...options.sharing,
    async startChild(call) {
      const started = await whileAway(() => startChild({ organizationId, runId, epoch }, call), patienceMs)
      if (!started) throw new FencedError('another worker has this run')
      return started
    },
    findKept: (key) =>
      whileAway(() => findKept({ organizationId, workflowId, runId }, key), patienceMs).catch((error) => {
        log.warn('a kept result could not be read; the step is done anew', { runId, error })
        return null
      }),
    async keepResult(key, { port, output }, forMs) {
      await keepResult({ organizationId, workflowId, runId }, key, { port, text: storableText(output) }, forMs).catch((error) =>
        log.warn('a result could not be kept; the next run asks again', { runId, error }),
      )
    },
    passGate: (call) => whileAway(() => passGate({ organizationId, workflowId, runId, byHand: options.byHand === true }, call), patienceMs),
  }
}

/** Its end came from elsewhere than from the run that it may have waited for. */
export function waitsNoMore({ error }: StepRecord): boolean {
  return error?.code === abandoned.code || error?.code === childTimeout
}
