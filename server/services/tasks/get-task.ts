import { and, eq, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import { runs } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { notFound } from '@/server/services/service-error'
import { findTasks } from './list-tasks'

export function getTask(caller: Caller, { taskId }: { taskId: string }) {
  return inOrganization(caller.organizationId, async (tx) => {
    const [item] = await findTasks(tx, caller, [sql`t.id = ${toUuid(taskId, 'task')}::uuid`], 1)
    if (!item) throw notFound('task')
    const [run] = await tx
      .select({ status: runs.status })
      .from(runs)
      .where(and(eq(runs.organizationId, caller.organizationId), eq(runs.id, item.runId)))
    return { ...item, runStatus: run?.status ?? 'cancelled' }
  })
}
