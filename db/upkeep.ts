import { sql } from 'drizzle-orm'
import { type Database, workerDb } from '@/db/client'
import { answer } from '@/db/engine'

/** Deletes runs that had their days, and puts off those that are still wanted. Answers how many it looked at. */
export async function tidyKept(limit = 500, db: Database = workerDb()): Promise<number> {
  return Number(await answer<number>(sql`select engine_tidy_kept(${limit}::integer)`, db))
}

/** Deletes large values that were let go of a while ago and to which nothing refers. Answers how many it looked at. */
export async function tidyBlobs(limit = 1_000, db: Database = workerDb()): Promise<number> {
  return Number(await answer<number>(sql`select engine_tidy_blobs(${limit}::integer)`, db))
}

/** Drops the partitions of months in which nothing is live, open or within its days. Answers how many months went. */
export async function dropMonths(db: Database = workerDb()): Promise<number> {
  return Number(await answer<number>(sql`select drop_months()`, db))
}

/** Lets runs begin that a rate held back and whose time has come. Answers how many. */
export async function startDue(limit = 200, db: Database = workerDb()): Promise<number> {
  return Number(await answer<number>(sql`select engine_start_due(${limit}::integer)`, db))
}
