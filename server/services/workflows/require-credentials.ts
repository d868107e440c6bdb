import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { isId } from '@/db/ids'
import { credentials } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { ServiceError } from '@/server/services/service-error'
import type { Graph } from '@/workflows/graph/schema'
import { type CredentialUse, credentialUses } from './credential-uses'

/** Refuses a graph that names credentials which this person may not use, or which are not there. */
export async function requireCredentials(tx: Transaction, caller: Caller, graph: Graph, projectId: string): Promise<void> {
  const refused = await refusedCredentials(tx, caller, credentialUses(graph), projectId)
  const [first] = refused
  if (!first) return
  throw new ServiceError('UNPROCESSABLE', 'A step names a credential that does not exist here or that you may not use.', {
    hint: 'Choose a credential of this organization for it.',
    pointer: `/graph/nodes/${graph.nodes.findIndex((node) => node.id === first.nodeId)}/params/${first.param}`,
    problems: refused.map((use) => ({
      code: 'credential.not_allowed',
      severity: 'error',
      nodeId: use.nodeId,
      pointer: `/params/${use.param}`,
      message: 'This credential does not exist here, or you may not use it.',
    })),
  })
}

export async function refusedCredentials(
  tx: Transaction,
  caller: Caller,
  uses: readonly CredentialUse[],
  projectId: string,
): Promise<CredentialUse[]> {
  if (uses.length === 0) return []
  const ids = [...new Set(uses.map((use) => use.credentialId))].filter((id) => isId(id, 'cred'))
  const rows =
    ids.length === 0
      ? []
      : await tx
          .select({ id: credentials.id, projectId: credentials.projectId })
          .from(credentials)
          .where(and(eq(credentials.organizationId, caller.organizationId), inArray(credentials.id, ids), isNull(credentials.deletedAt)))
  const allowed = new Set(
    rows
      .filter((row) => (row.projectId === null || row.projectId === projectId) && can(caller, 'credential.use', row.projectId ?? projectId))
      .map((row) => row.id),
  )
  return uses.filter((use) => !allowed.has(use.credentialId))
}
