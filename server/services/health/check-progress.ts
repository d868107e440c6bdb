import { gt, sql } from 'drizzle-orm'
import { webDb } from '@/db/client'
import { holders } from '@/db/schema'
import { rowsOf } from '@/server/services/rows'
import { temporalIsThere } from '@/server/temporal/client'

export interface Progress {
  ready: boolean
  database: boolean
  temporal: boolean
  /** Workers whose lease runs. */
  workers: number
  /** Seconds that the oldest thing waits which could move; null where the database is away. */
  oldestDueSeconds: number | null
}

/** Late by more than this is no progress. */
const patienceSeconds = 120

/** Health is progress, not the absence of errors. */
export async function checkProgress(): Promise<Progress> {
  const [database, temporal] = await Promise.all([within(3000, askDatabase()), temporalIsThere()])
  return {
    ready: database !== null && temporal && database.workers > 0 && database.oldestDueSeconds < patienceSeconds,
    database: database !== null,
    temporal,
    workers: database?.workers ?? 0,
    oldestDueSeconds: database?.oldestDueSeconds ?? null,
  }
}

async function askDatabase(): Promise<{ workers: number; oldestDueSeconds: number } | null> {
  try {
    const db = webDb()
    const workers = await db.select({ id: holders.id }).from(holders).where(gt(holders.leaseUntil, sql`now()`))
    const [row] = await rowsOf(db, sql`select engine_oldest_due() as seconds`)
    return { workers: workers.length, oldestDueSeconds: Number(row?.seconds ?? 0) }
  } catch {
    return null
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
