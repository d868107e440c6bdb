import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { schedules } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { mirrorLater } from './mirror-later'
import { requireSchedule } from './require-schedule'

export async function removeSchedule(caller: Caller, { scheduleId }: { scheduleId: string }): Promise<{ ok: true }> {
  const { organizationId } = caller
  await inOrganization(organizationId, async (tx) => {
    const { schedule } = await requireSchedule(tx, caller, scheduleId, 'schedule.edit')
    await tx
      .update(schedules)
      .set({ deletedAt: new Date(), revision: schedule.revision + 1, updatedAt: new Date() })
      .where(and(eq(schedules.organizationId, organizationId), eq(schedules.id, scheduleId)))
    await recordAudit(tx, { by: caller, action: 'schedule.remove', target: { kind: 'schedule', id: scheduleId, name: schedule.name } })
    await announce(tx, organizationId, 'schedule', [scheduleId])
  })
  mirrorLater(organizationId, [scheduleId])
  return { ok: true }
}
