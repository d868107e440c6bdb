import { FencedError, type Host, type StepRecord, StoppedError, type StopReason } from './types'

/** Records that are computed and not yet durable; written together. */
export interface StepBuffer {
  add(record: StepRecord): void
  readonly size: number
  /** Milliseconds until people who watch should see what is buffered. */
  restMs(): number
  /** Resolves when everything added before is durable; writes follow one another. */
  flush(): Promise<void>
  /** The same without waiting; what goes wrong is thrown by the next write. */
  send(): void
  /** Resolves when what was sent is durable. */
  sent(): Promise<void>
  /** Somebody waits for an answer that is in it. */
  readonly isUrgent: boolean
  /** What is not written, for whoever writes it with the end of the run. */
  takeRest(): StepRecord[]
  /** Set by a write that learned of a cancel or pause. */
  readonly stopped: StopReason | null
}

const watchMs = 100

export function createStepBuffer(
  host: Host,
  monotonic: () => number,
  written: (records: readonly StepRecord[]) => void = () => {},
): StepBuffer {
  let pending: StepRecord[] = []
  let since = 0
  let stopped: StopReason | null = null
  let broken: unknown
  let writing: Promise<void> = Promise.resolve()

  const write = async () => {
    if (broken) throw broken
    if (pending.length === 0) return
    const records = newestOf(pending)
    pending = []
    try {
      await host.record(records)
      written(records)
    } catch (error) {
      if (error instanceof StoppedError) {
        stopped = error.reason
        return
      }
      // What could not be written is not known to have happened: nothing that stands on it may start.
      broken = error instanceof FencedError ? error : (error ?? new Error('recording failed'))
      throw broken
    }
  }

  const flush = () => {
    writing = writing.then(write, write)
    return writing
  }

  return {
    add(record) {
      if (pending.length === 0) since = monotonic()
      pending.push(record)
    },
    get size() {
      return pending.length
    },
    get isUrgent() {
      return pending.some((record) => record.response !== undefined)
    },
    takeRest() {
      const rest = newestOf(pending)
      pending = []
      return rest
    },
    get stopped() {
      return stopped
    },
    restMs: () => Math.max(0, since + watchMs - monotonic()),
    flush,
    send() {
      flush().catch(() => {})
    },
    sent: () => writing,
  }
}

/** A statement may write a row once only: of several records of one attempt the last counts. */
function newestOf(records: readonly StepRecord[]): StepRecord[] {
  const byAttempt = new Map<string, StepRecord>()
  for (const record of records) byAttempt.set(`${record.path}#${record.attempt}`, record)
  return byAttempt.size === records.length ? [...records] : [...byAttempt.values()]
}
