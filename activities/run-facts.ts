import { and, eq, isNull, or } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import type { TakenRun } from '@/db/engine'
import { runs, variables } from '@/db/schema'
import { config } from '@/server/config'
import { callbackUrl } from '@/server/services/callbacks/callback-token'
import type { Json } from '@/workflows/graph/schema'
import type { Plan, RunFacts } from '@/workflows/runtime/types'
import { type LoadedLog, loadLog } from './load-log'

export async function logOf(taken: TakenRun, plan: Plan): Promise<LoadedLog> {
  return taken.stepped ? loadLog(taken.organizationId, taken.runId, plan) : { log: new Map(), settled: [], lastSeq: 0 }
}

export async function factsOf(taken: TakenRun, plan: Plan): Promise<RunFacts> {
  const wanted = [...plan.nodes.values()].some((planned) => planned.params.vars.length > 0 || (planned.asks?.vars.length ?? 0) > 0)
  return {
    id: taken.runId,
    rootId: taken.rootId,
    generation: taken.generation,
    organizationId: taken.organizationId,
    workflow: { id: taken.workflowId, name: taken.workflowName, version: taken.versionNumber ?? 0 },
    trigger: { kind: taken.trigger, nodeId: taken.triggerNodeId, data: taken.input ?? null },
    variables: wanted ? await variablesOf(taken) : {},
    startedAt: taken.startedAt,
    baseUrl: config().url,
    callbackUrl: (path) => callbackUrl({ organizationId: taken.organizationId, runId: taken.runId, path }),
  }
}

/** The run's own value before the project's before the organization's. */
async function variablesOf({ organizationId, projectId, environmentId, runId }: TakenRun): Promise<Record<string, Json>> {
  const [rows, [own]] = await inOrganization(organizationId, (tx) =>
    Promise.all([
      tx
        .select({ name: variables.name, value: variables.value, projectId: variables.projectId })
        .from(variables)
        .where(
          and(
            eq(variables.organizationId, organizationId),
            eq(variables.environmentId, environmentId),
            or(isNull(variables.projectId), eq(variables.projectId, projectId)),
          ),
        ),
      tx
        .select({ vars: runs.vars })
        .from(runs)
        .where(and(eq(runs.organizationId, organizationId), eq(runs.id, runId))),
    ]),
  )
  const values: Record<string, Json> = Object.create(null)
  for (const row of rows) if (row.projectId !== null || !Object.hasOwn(values, row.name)) values[row.name] = row.value as Json
  return Object.assign(values, own?.vars)
}
