import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { schedules } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { askBothDayFields } from './ask-both-day-fields'
import type { ScheduleItem, updateScheduleInput } from './contract'
import { requireScheduleNode } from './create-schedule'
import { scheduleIn } from './get-schedule'
import { mirrorLater } from './mirror-later'
import { readCron } from './read-cron'
import { requireSchedule } from './require-schedule'

/** Raises the revision: a fire that is under way and that the schedule as it is now would not make is marked superseded. */
export async function updateSchedule(caller: Caller, input: z.infer<typeof updateScheduleInput>): Promise<ScheduleItem> {
  const { organizationId } = caller
  const item = await inOrganization(organizationId, async (tx) => {
    const { schedule } = await requireSchedule(tx, caller, input.scheduleId, 'schedule.edit')
    const cron = input.cron?.trim().split(/\s+/).join(' ') ?? schedule.cron
    const timeZone = input.timeZone ?? schedule.timeZone
    if (cron !== schedule.cron || timeZone !== schedule.timeZone) {
      askBothDayFields(readCron(cron, timeZone, new Date()).bothDayFields, input.bothDayFields)
    }
    if (input.nodeId) await requireScheduleNode(tx, organizationId, schedule.workflowId, input.nodeId)
    const after = {
      name: input.name ?? schedule.name,
      cron,
      timeZone,
      overlap: input.overlap ?? schedule.overlap,
      catchUpSeconds: input.catchUpSeconds ?? schedule.catchUpSeconds,
      nodeId: input.nodeId === undefined ? schedule.nodeId : input.nodeId,
    }
    await tx
      .update(schedules)
      .set({
        ...after,
        ...(input.input === undefined ? {} : { input: input.input }),
        revision: schedule.revision + 1,
        updatedAt: new Date(),
      })
      .where(and(eq(schedules.organizationId, organizationId), eq(schedules.id, schedule.id)))
    const changed = (Object.keys(after) as (keyof typeof after)[]).filter((key) => after[key] !== schedule[key])
    await recordAudit(tx, {
      by: caller,
      action: 'schedule.update',
      target: { kind: 'schedule', id: schedule.id, name: after.name },
      detail: {
        ...Object.fromEntries(changed.map((key) => [key, { before: schedule[key], after: after[key] }])),
        ...(input.input === undefined ? {} : { input: 'changed' }),
      },
    })
    await announce(tx, organizationId, 'schedule', [schedule.id])
    return scheduleIn(tx, caller, schedule.id)
  })
  mirrorLater(organizationId, [item.id])
  return item
}
