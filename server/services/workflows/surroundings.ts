import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { credentials, variables } from '@/db/schema'
import type { Graph } from '@/workflows/graph/schema'
import type { Surroundings } from '@/workflows/graph/validate'
import { calleesIn } from './list-callees'
import { unavailableNodes } from './unavailable-nodes'

/** What a workflow of this project may use: credentials and variables of the organization and of the project. */
export async function surroundingsOf(
  tx: Transaction,
  organizationId: string,
  projectId: string,
  /** Where it is given, what the workflows that it runs ask for counts too. */
  graph?: Graph,
): Promise<Omit<Surroundings, 'shapes'>> {
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
    ...(graph ? { callees: await calleesIn(tx, organizationId, graph) } : {}),
    unavailable: unavailableNodes(),
    variables: new Set(named.filter(here).map((row) => row.name)),
  }
}
