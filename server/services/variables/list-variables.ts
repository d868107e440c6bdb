import { and, asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { variables } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import type { Json } from '@/workflows/graph/schema'
import type { listVariablesInput } from './contract'

/** Of the organization, and of the projects the caller may see. */
export function listVariables(caller: Caller, input: z.infer<typeof listVariablesInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const rows = await tx
      .select()
      .from(variables)
      .where(and(eq(variables.organizationId, caller.organizationId)))
      .orderBy(asc(variables.name))
    const seen = rows.filter(
      (row) =>
        can(caller, 'variable.read', row.projectId) && (!input.projectId || row.projectId === null || row.projectId === input.projectId),
    )
    return {
      items: seen.map((row) => ({
        id: row.id,
        name: row.name,
        value: row.value as Json,
        description: row.description,
        projectId: row.projectId,
        updatedAt: row.updatedAt,
      })),
    }
  })
}
