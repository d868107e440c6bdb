import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { schedules, workflows } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { notFound } from '@/server/services/service-error'

export async function requireSchedule(tx: Transaction, caller: Caller, scheduleId: string, permission: Permission) {
  const [row] = await tx
    .select({ schedule: schedules, projectId: workflows.projectId, workflowName: workflows.name })
    .from(schedules)
    .innerJoin(workflows, and(eq(workflows.organizationId, schedules.organizationId), eq(workflows.id, schedules.workflowId)))
    .where(
      and(
        eq(schedules.organizationId, caller.organizationId),
        eq(schedules.id, scheduleId),
        isNull(schedules.deletedAt),
        isNull(workflows.deletedAt),
      ),
    )
    .for('update', { of: schedules })
  if (!row || !can(caller, 'schedule.read', row.projectId)) throw notFound('schedule')
  requirePermission(caller, permission, row.projectId)
  return row
}
