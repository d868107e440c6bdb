import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { credentials, variables } from '@/db/schema'
import type { Surroundings } from '@/workflows/graph/validate'
import { unavailableNodes } from './unavailable-nodes'

/** What a workflow of this project may use: credentials and variables of the organization and of the project. */
export async function surroundingsOf(
  tx: Transaction,
  organizationId: string,
  projectId: string,
): Promise<Required<Omit<Surroundings, 'shapes'>>> {
  const found = await tx
    .select({ id: credentials.id, type: credentials.type, projectId: credentials.projectId })
    .from(credentials)
    .where(and(eq(credentials.organizationId, organizationId), isNull(credentials.deletedAt)))
  const named = await tx
    .select({ name: variables.name, projectId: variables.projectId })
    .from(variables)
    .where(eq(variables.organizationId, organizationId))
  const here = (row: { projectId: string | null }) => row.projectId === null || row.projectId === projectId
  return {
    credentials: new Map(found.filter(here).map((row) => [row.id, { type: row.type }])),
    unavailable: unavailableNodes(),
    variables: new Set(named.filter(here).map((row) => row.name)),
  }
}
