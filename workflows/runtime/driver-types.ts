/** What passes between the Temporal workflow and its activities: ids and times in milliseconds, never payloads. */
export type DriverAnswer =
  | { kind: 'finished' }
  /** No such unfinished run. */
  | { kind: 'gone' }
  | ({ kind: 'more' } & WithChunks)
  /** Its next steps are for workers that take this queue. */
  | ({ kind: 'queue'; queue: DriverQueue; timeoutMs: number } & WithChunks)
  /** Somebody else has the run until then. */
  | { kind: 'held'; until: number }
  | ({ kind: 'waiting'; until: number | null } & WithChunks)

/** Chunks of its loops that are to be under way at once. */
interface WithChunks {
  chunks?: number
}

export type ChunkAnswer =
  /** There may be another. */
  | { kind: 'more' }
  | { kind: 'queue'; queue: DriverQueue }
  | { kind: 'held'; until: number }
  /** Nothing is left to take now. */
  | { kind: 'none' }

export type DriverQueue = 'default' | 'code' | 'agents'

export interface RunArgs {
  runId: string
}

export interface FireArgs {
  scheduleId: string
  revision: number
}

export interface DriverActivities {
  /** The first slice: short steps only, as a local activity. */
  advanceShort(runId: string): Promise<DriverAnswer>
  /** Later slices. What an older workflow asked without a queue is for the default one. */
  advance(runId: string, queue?: DriverQueue): Promise<DriverAnswer>
  /** A slice of one chunk of the run that nobody has. */
  advanceChunk(runId: string, queue: DriverQueue): Promise<ChunkAnswer>
  fireSchedule(fire: FireArgs & { nominalAt: number }): Promise<void>
}
