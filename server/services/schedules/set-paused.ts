import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { schedules } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { mirrorLater } from './mirror-later'
import { requireSchedule } from './require-schedule'

/** Asking for what is so already changes nothing. */
export async function setPaused(
  caller: Caller,
  scheduleId: string,
  { paused, reason }: { paused: boolean; reason: string | null },
): Promise<{ ok: true }> {
  const { organizationId } = caller
  const changed = await inOrganization(organizationId, async (tx) => {
    const { schedule } = await requireSchedule(tx, caller, scheduleId, 'schedule.edit')
    if (schedule.paused === paused && schedule.pauseReason === reason) return false
    await tx
      .update(schedules)
      .set({ paused, pauseReason: reason, revision: schedule.revision + 1, updatedAt: new Date() })
      .where(and(eq(schedules.organizationId, organizationId), eq(schedules.id, scheduleId)))
    await recordAudit(tx, {
      by: caller,
      action: paused ? 'schedule.pause' : 'schedule.resume',
      target: { kind: 'schedule', id: scheduleId, name: schedule.name },
      detail: reason ? { reason } : {},
    })
    await announce(tx, organizationId, 'schedule', [scheduleId])
    return true
  })
  if (changed) mirrorLater(organizationId, [scheduleId])
  return { ok: true }
}
