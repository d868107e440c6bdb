import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { variables } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound } from '@/server/services/service-error'

export async function removeVariable(caller: Caller, { variableId }: { variableId: string }): Promise<{ ok: true }> {
  const { organizationId } = caller
  await inOrganization(organizationId, async (tx) => {
    const here = and(eq(variables.organizationId, organizationId), eq(variables.id, variableId))
    const [row] = await tx.select().from(variables).where(here)
    if (!row || !can(caller, 'variable.read', row.projectId)) throw notFound('variable')
    requirePermission(caller, 'variable.edit', row.projectId)
    await tx.delete(variables).where(here)
    await announce(tx, organizationId, 'variable', [variableId])
    await recordAudit(tx, { by: caller, action: 'variable.remove', target: { kind: 'variable', id: variableId, name: row.name } })
  })
  return { ok: true }
}
