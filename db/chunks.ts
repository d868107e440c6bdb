import { sql } from 'drizzle-orm'
import { type Database, workerDb } from '@/db/client'
import { answer, type Fence, type Recorded, rows, type TakenRun, takenFrom } from '@/db/engine'
import { fromUuid, toUuid } from '@/db/ids'

/** The functions for chunks of loops (drizzle/0018_chunks.sql, 0022_fallen_chunks.sql). */

/** Which chunk, and whose it is. */
interface ChunkFence {
  organizationId: string
  runId: string
  path: string
  no: number
  epoch: number
}

export interface TakenChunk extends ChunkFence {
  /** Items from this one on, up to the one before `to`. */
  from: number
  to: number
  /** Items of the whole loop. */
  items: number
  concurrency: number
  run: TakenRun
}

type ChunkTake = { wake: boolean } & (
  | { outcome: 'taken'; chunk: TakenChunk }
  /** What is left is for workers of this queue. */
  | { outcome: 'queue'; queue: string }
  | { outcome: 'none' }
)

interface ChunkSpread {
  items: number
  /** Items of each chunk. */
  size: number
  /** Items of each that are under way at once. */
  concurrency: number
  /** Chunks that are under way at once. */
  parallel: number
}

const fenceOf = ({ organizationId, runId, path, no, epoch }: ChunkFence) =>
  sql`${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${path}, ${no}::integer, ${epoch}::integer`
const runFenceOf = ({ organizationId, runId, epoch }: Fence) =>
  sql`${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${epoch}::integer`

/** Workers that live and know of chunks. */
export async function countWorkers(db: Database = workerDb()): Promise<number> {
  return Number(await answer(sql`select engine_workers()`, db))
}

/** The loop waits for its chunks from then on; false when it did before, null when another worker has the run. */
export function startChunks(fence: Fence, path: string, spread: ChunkSpread, db: Database = workerDb()): Promise<boolean | null> {
  return answer(
    sql`select engine_start_chunks(${runFenceOf(fence)}, ${path}, ${spread.items}::integer, ${spread.size}::integer,
      ${spread.concurrency}::integer, ${spread.parallel}::integer)`,
    db,
  )
}

/** `mine`: paths and numbers, as `<path>#<no>`, of chunks of the run that this worker has in hand. */
export async function takeChunk(
  runId: string,
  holderId: string,
  { queue, mine }: { queue: string; mine: readonly string[] },
  db: Database = workerDb(),
): Promise<ChunkTake> {
  const row = await answer<Record<string, unknown>>(
    sql`select engine_take_chunk(${toUuid(runId, 'run')}, ${toUuid(holderId, 'hold')}, ${queue},
      array(select jsonb_array_elements_text(${JSON.stringify(mine)}::text::jsonb)))`,
    db,
  )
  const wake = row.wake === true
  if (row.outcome === 'queue') return { outcome: 'queue', queue: String(row.queue), wake }
  if (row.outcome !== 'taken') return { outcome: 'none', wake }
  const run = takenFrom(row.run as Record<string, unknown>)
  const chunk: TakenChunk = {
    organizationId: run.organizationId,
    runId: run.runId,
    path: String(row.path),
    no: Number(row.no),
    epoch: Number(row.chunkEpoch),
    from: Number(row.from),
    to: Number(row.to),
    items: Number(row.items),
    concurrency: Number(row.concurrency),
    run,
  }
  return { outcome: 'taken', chunk, wake }
}

/** Rows of the newest attempts, as stored: what stands outside of loops, and this chunk's items. */
export function chunkRows(chunk: TakenChunk, db: Database = workerDb()): Promise<Record<string, unknown>[]> {
  const { organizationId, runId, path, from, to } = chunk
  return rows(
    sql`select * from engine_chunk_log(${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${path}, ${from}::integer, ${to}::integer)`,
    db,
  )
}

export interface ChunkRecorded extends Recorded {
  /** Nothing new is to begin in it. */
  stop: boolean
}

/** Null when another worker has the chunk, or the run has no use for it any more. */
export function recordInChunk(fence: ChunkFence, steps: string, db: Database = workerDb()): Promise<ChunkRecorded | null> {
  return answer(sql`select engine_chunk_record(${fenceOf(fence)}, ${steps}::text::jsonb)`, db)
}

export function watchChunk(fence: ChunkFence, db: Database = workerDb()): Promise<Omit<ChunkRecorded, 'told'> | null> {
  return answer(sql`select engine_watch_chunk(${fenceOf(fence)})`, db)
}

/** `lived`: it got on, so what happened before does not count against it. */
export function giveBackChunk(
  fence: ChunkFence,
  { queue = null, lived }: { queue?: string | null; lived: boolean },
  db: Database = workerDb(),
): Promise<boolean> {
  return answer(sql`select engine_give_back_chunk(${fenceOf(fence)}, ${queue}::text, ${lived}::boolean)`, db)
}

/** Answers whether the run is to be woken; null when another worker has the chunk. */
export function endChunk(fence: ChunkFence, { failed }: { failed: boolean }, db: Database = workerDb()): Promise<boolean | null> {
  return answer(sql`select engine_end_chunk(${fenceOf(fence)}, ${failed}::boolean)`, db)
}

/** Nothing new begins in the loop's chunks. Answers whether they are over at once; null when another worker has the run. */
export function stopChunks(fence: Fence, path: string, db: Database = workerDb()): Promise<boolean | null> {
  return answer(sql`select engine_stop_chunks(${runFenceOf(fence)}, ${path})`, db)
}

/** Nobody writes for chunks of the run any more. */
export async function dropChunks(fence: Fence, db: Database = workerDb()): Promise<number> {
  return Number(await answer(sql`select engine_drop_chunks(${runFenceOf(fence)})`, db))
}

/**
 * Lets others have the chunks that stand as this worker's and are none of `mine`, each as `<run>/<path>#<no>`. Answers the runs that they
 * belong to.
 */
export async function freeChunks(holderId: string, mine: readonly string[], db: Database = workerDb()): Promise<string[]> {
  const found = await rows(
    sql`select engine_free_chunks(${toUuid(holderId, 'hold')}, array(select jsonb_array_elements_text(${JSON.stringify(mine)}::text::jsonb))) as id`,
    db,
  )
  return found.map(({ id }) => fromUuid('run', String(id)))
}

/** Chunks of the run that are to be under way at once. */
export async function countChunks(runId: string, db: Database = workerDb()): Promise<number> {
  return Number(await answer(sql`select engine_chunks(${toUuid(runId, 'run')})`, db))
}

/** Runs with chunks that nobody goes through. */
export async function sweepChunks(limit = 50, db: Database = workerDb()): Promise<string[]> {
  const found = await rows(sql`select engine_sweep_chunks(${limit}::integer) as id`, db)
  return found.map(({ id }) => fromUuid('run', String(id)))
}
