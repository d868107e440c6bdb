import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { tasks } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { settleWait } from '@/server/services/runs/settle-wait'
import { notFound, ServiceError } from '@/server/services/service-error'
import { nudgeRun } from '@/server/temporal/nudge'
import type { decideTaskInput } from './contract'
import { isAssigned } from './list-tasks'

/** Single use: whoever comes second hears what was decided. The run goes on from the committed decision. */
export async function decideTask(caller: Caller, input: z.infer<typeof decideTaskInput>) {
  const { organizationId } = caller
  const task = await inOrganization(organizationId, async (tx) => {
    const [row] = await tx
      .select()
      .from(tasks)
      // Not locked: the run comes before its task, as everybody locks them, and `settleWait` decides who is first.
      .where(and(eq(tasks.organizationId, organizationId), eq(tasks.id, input.taskId)))
    if (!row || !can(caller, 'task.read', row.projectId)) throw notFound('task')
    requirePermission(caller, 'task.decide', row.projectId)
    if (!isAssigned(row.assigneeIds, caller.userId)) {
      throw new ServiceError('FORBIDDEN', 'This task was given to somebody else.', { hint: 'Ask one of the people it was given to.' })
    }
    if (row.state !== 'open') throw alreadyDecided(row.state)
    const now = new Date()
    await settleWait(tx, {
      organizationId,
      runId: row.runId,
      path: row.path,
      attempt: row.attempt,
      result: {
        decision: input.decision,
        comment: input.comment ?? '',
        by: { id: caller.userId, name: caller.name },
        at: now.toISOString(),
      },
      actorId: caller.userId,
    })
    await tx
      .update(tasks)
      .set({ state: input.decision, decidedAt: now, decidedBy: caller.userId, comment: input.comment ?? null })
      .where(and(eq(tasks.organizationId, organizationId), eq(tasks.id, row.id)))
    await announce(tx, organizationId, 'task', [row.id])
    await recordAudit(tx, {
      by: caller,
      action: 'task.decide',
      target: { kind: 'task', id: row.id, name: row.title },
      detail: { decision: input.decision, runId: row.runId, comment: input.comment ? 'given' : 'none' },
    })
    return row
  })
  await nudgeRun(task.runId)
  return { taskId: task.id, state: input.decision, runId: task.runId }
}

function alreadyDecided(state: string): ServiceError {
  const words: Record<string, string> = {
    approved: 'It was approved already.',
    declined: 'It was declined already.',
    expired: 'Its time is over: it was decided by its time-out.',
    cancelled: 'Its run was cancelled.',
  }
  return new ServiceError('CONFLICT', `This task was already decided. ${words[state] ?? 'Its run no longer waits for it.'}`, {
    hint: 'Open the run to see what happened.',
  })
}
