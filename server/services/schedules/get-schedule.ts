import { sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { notFound } from '@/server/services/service-error'
import type { ScheduleItem } from './contract'
import { findSchedules } from './list-schedules'

export function getSchedule(caller: Caller, { scheduleId }: { scheduleId: string }): Promise<ScheduleItem> {
  return inOrganization(caller.organizationId, (tx) => scheduleIn(tx, caller, scheduleId))
}

export async function scheduleIn(tx: Transaction, caller: Caller, scheduleId: string): Promise<ScheduleItem> {
  const [item] = await findSchedules(tx, caller, [sql`s.id = ${toUuid(scheduleId, 'sch')}::uuid`], 1)
  if (!item) throw notFound('schedule')
  return item
}
