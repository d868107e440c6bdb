import { and, count, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { newId } from '@/db/ids'
import { schedules } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { liveEnvironment } from '@/server/services/live-environment'
import { ServiceError } from '@/server/services/service-error'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { triggersOf } from '@/server/services/workflows/triggers-of'
import { limits } from '@/workflows/limits'
import { askBothDayFields } from './ask-both-day-fields'
import type { createScheduleInput, ScheduleItem } from './contract'
import { scheduleIn } from './get-schedule'
import { mirrorLater } from './mirror-later'
import { readCron } from './read-cron'

export async function createSchedule(caller: Caller, input: z.infer<typeof createScheduleInput>): Promise<ScheduleItem> {
  const { organizationId } = caller
  const item = await inOrganization(organizationId, async (tx) => scheduleIn(tx, caller, await insertSchedule(tx, caller, input)))
  mirrorLater(organizationId, [item.id])
  return item
}

/** Answers the new id. Temporal hears of it only by `mirrorLater`, once the transaction is committed. */
export async function insertSchedule(tx: Transaction, caller: Caller, input: z.infer<typeof createScheduleInput>): Promise<string> {
  const { organizationId } = caller
  askBothDayFields(readCron(input.cron, input.timeZone, new Date()).bothDayFields, input.bothDayFields)
  const workflow = await requireWorkflow(tx, caller, input.workflowId, 'schedule.edit')
  const [there] = await tx
    .select({ total: count() })
    .from(schedules)
    .where(and(eq(schedules.organizationId, organizationId), isNull(schedules.deletedAt)))
  if ((there?.total ?? 0) >= limits.schedulesPerOrganization) {
    throw new ServiceError('UNPROCESSABLE', `An organization has at most ${limits.schedulesPerOrganization} schedules.`, {
      limit: limits.schedulesPerOrganization,
      hint: 'Remove one that is not needed.',
    })
  }
  if (input.nodeId) await requireScheduleNode(tx, organizationId, workflow.id, input.nodeId)
  const id = newId('sch')
  await tx.insert(schedules).values({
    organizationId,
    id,
    workflowId: workflow.id,
    environmentId: await liveEnvironment(tx, organizationId),
    nodeId: input.nodeId ?? null,
    name: input.name,
    cron: input.cron.trim().split(/\s+/).join(' '),
    timeZone: input.timeZone,
    input: input.input ?? null,
    overlap: input.overlap,
    catchUpSeconds: input.catchUpSeconds,
    createdBy: caller.userId,
  })
  await recordAudit(tx, {
    by: caller,
    action: 'schedule.create',
    target: { kind: 'schedule', id, name: input.name },
    detail: { workflowId: workflow.id, cron: input.cron, timeZone: input.timeZone },
  })
  await announce(tx, organizationId, 'schedule', [id])
  return id
}

export async function requireScheduleNode(tx: Transaction, organizationId: string, workflowId: string, nodeId: string): Promise<void> {
  const { graph } = await getDraft(tx, organizationId, workflowId)
  if (triggersOf(graph).some((trigger) => trigger.nodeId === nodeId)) return
  throw new ServiceError('UNPROCESSABLE', 'This step is no trigger of the workflow.', {
    pointer: '/nodeId',
    hint: 'Choose one of its triggers.',
  })
}
