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
  const wanted = [...plan.nodes.values()].some((planned) => planned.params.vars.length > 0)
  const isFirst = taken.rootId === taken.runId
  const own = wanted || !isFirst ? await ownOf(taken) : null
  return {
    id: taken.runId,
    rootId: taken.rootId,
    generation: taken.generation,
    organizationId: taken.organizationId,
    workflow: { id: taken.workflowId, name: taken.workflowName, version: taken.versionNumber ?? 0 },
    trigger: { kind: taken.trigger, nodeId: taken.triggerNodeId, data: taken.input ?? null },
    variables: wanted ? Object.assign(await variablesOf(taken), own?.vars) : {},
    ...(own?.stepInputs ? { stepInputs: own.stepInputs } : {}),
    startedAt: taken.startedAt,
    baseUrl: config().url,
    callbackUrl: (path) => callbackUrl({ organizationId: taken.organizationId, runId: taken.runId, path }),
  }
}

/** What somebody set for this run alone. */
async function ownOf({ organizationId, runId }: TakenRun) {
  const [own] = await inOrganization(organizationId, (tx) =>
    tx
      .select({ vars: runs.vars, stepInputs: runs.stepInputs })
      .from(runs)
      .where(and(eq(runs.organizationId, organizationId), eq(runs.id, runId))),
  )
  return own ?? null
}

/** The project's value before the organization's. */
async function variablesOf({ organizationId, projectId, environmentId }: TakenRun): Promise<Record<string, Json>> {
  const rows = await inOrganization(organizationId, (tx) =>
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
  )
  const values: Record<string, Json> = Object.create(null)
  for (const row of rows) if (row.projectId !== null || !Object.hasOwn(values, row.name)) values[row.name] = row.value as Json
  return values
}
