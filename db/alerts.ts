import { sql } from 'drizzle-orm'
import { type Database, workerDb } from '@/db/client'
import { answer, rows, type Told } from '@/db/engine'
import { fromUuid } from '@/db/ids'

/** Reminds of open tasks whose time has come and asks others. Answers what to tell whoever looks. */
export async function remind(limit = 100, db: Database = workerDb()): Promise<(Told & { organizationId: string })[]> {
  const told = await answer<(Told & { organization_id: string })[]>(sql`select engine_remind(${limit}::integer)`, db)
  return told.map(({ organization_id, ...one }) => ({ ...one, organizationId: fromUuid('org', organization_id) }))
}

/** Alerts that are due, taken for two minutes. */
export async function takeAlerts(limit = 20, db: Database = workerDb()): Promise<{ organizationId: string; id: string }[]> {
  const found = await rows(sql`select * from engine_alerts(${limit}::integer)`, db)
  return found.map((row) => ({ organizationId: fromUuid('org', String(row.organization_id)), id: fromUuid('alert', String(row.id)) }))
}
