import { and, eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { runs } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { notFound } from '@/server/services/service-error'

export type RunRow = typeof runs.$inferSelect

/** The run, if the caller may do this with it. One that may not even be seen is missing. */
export async function requireRun(tx: Transaction, caller: Caller, runId: string, permission: Permission): Promise<RunRow> {
  const [row] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.organizationId, caller.organizationId), eq(runs.id, runId)))
  if (!row || !can(caller, 'run.read', row.projectId)) throw notFound('run')
  requirePermission(caller, permission, row.projectId)
  return row
}
