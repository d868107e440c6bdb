import { createHash } from 'node:crypto'
import { and, eq, isNull, or } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { variables, workflowVersions } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { notFound, ServiceError } from '@/server/services/service-error'
import { canonicalJson } from '@/workflows/graph/content-hash'
import type { Graph, Json } from '@/workflows/graph/schema'
import { planReuse, type ReusePlan } from '@/workflows/runtime/plan-reuse'
import type { Plan } from '@/workflows/runtime/types'
import type { replayPlan, replayPlanInput } from './contract'
import { loadWholeLog } from './load-log'
import { PlanRefused, planOf } from './load-plan'
import { type RunRow, requireRun } from './require-run'

/** What running again from a step would take over, do again, and do to the outside once more. Changes nothing. */
export function planReplay(caller: Caller, input: z.infer<typeof replayPlanInput>): Promise<z.infer<typeof replayPlan>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.read')
    const { version, plan, reuse } = await reuseOf(tx, run, input)
    const step = (id: string) => {
      const planned = plan.nodes.get(id)
      return { path: id, nodeId: id, nodeTitle: planned?.node.title ?? id, nodeType: planned?.node.type ?? '' }
    }
    const again = reuse.again.map(step)
    return {
      versionId: version.id,
      version: version.number > 0 ? version.number : null,
      fromPath: input.fromPath ?? null,
      reused: reuse.reused.filter((path) => plan.nodes.has(path)).map(step),
      again,
      effects: again.filter(({ nodeId }) => touchesTheWorld(plan, nodeId)),
    }
  })
}

function touchesTheWorld(plan: Plan, nodeId: string): boolean {
  const definition = plan.nodes.get(nodeId)?.definition
  if (definition?.kind === 'effect') return true
  return definition?.kind === 'control' && ['agent', 'respond', 'child'].includes(definition.control)
}

/** The version that would run, and what it takes over; without `fromPath` everything runs again. */
export async function reuseOf(
  tx: Transaction,
  run: RunRow,
  asked: { fromPath?: string | undefined; versionId?: string | undefined; input?: Json | undefined },
): Promise<{ version: { id: string; number: number; graph: Graph }; plan: Plan; triggerNodeId: string | null; reuse: ReusePlan }> {
  if (!run.finishedAt) {
    throw new ServiceError('CONFLICT', 'This run is not finished, so it cannot be run again yet.', {
      hint: 'Wait until it ends, or cancel it.',
    })
  }
  const version = await findVersion(tx, run, asked.versionId ?? run.versionId)
  const plan = planFor(version.graph)
  const { triggerNodeId } = run
  if (triggerNodeId !== null && plan.nodes.get(triggerNodeId)?.definition.kind !== 'trigger') {
    throw new ServiceError('UNPROCESSABLE', 'The version that would run has no longer the trigger that started this run.', {
      pointer: '/versionId',
      hint: 'Choose a version that has it, or start a new run.',
    })
  }
  const fromId = (asked.fromPath ?? '').split('/')[0] as string
  if (fromId !== '' && !plan.nodes.has(fromId)) {
    throw new ServiceError('UNPROCESSABLE', 'The version that would run has no such step.', {
      pointer: '/fromPath',
      hint: 'Run again from another step, or run everything again.',
    })
  }
  const data = asked.input === undefined ? (run.input ?? null) : asked.input
  const reuse =
    asked.fromPath === undefined
      ? planReuse(plan, new Map(), { trigger: { nodeId: triggerNodeId, data }, variables: {}, fromPath: '' })
      : planReuse(plan, await loadWholeLog(tx, run.organizationId, run.id), {
          trigger: { nodeId: triggerNodeId, data },
          variables: await variablesFor(tx, run),
          fromPath: asked.fromPath,
          hash: (value) => createHash('sha256').update(canonicalJson(value)).digest('hex'),
        })
  return { version, plan, triggerNodeId, reuse }
}

function planFor(graph: Graph): Plan {
  try {
    return planOf(graph)
  } catch (error) {
    if (!(error instanceof PlanRefused)) throw error
    throw new ServiceError('UNPROCESSABLE', error.message, {
      pointer: '/versionId',
      hint: 'Publish the workflow again and choose that version.',
    })
  }
}

async function findVersion(tx: Transaction, run: RunRow, versionId: string | null) {
  const [version] = versionId
    ? await tx
        .select({ id: workflowVersions.id, number: workflowVersions.number, graph: workflowVersions.graph })
        .from(workflowVersions)
        .where(
          and(
            eq(workflowVersions.organizationId, run.organizationId),
            eq(workflowVersions.workflowId, run.workflowId),
            eq(workflowVersions.id, versionId),
          ),
        )
    : []
  if (!version) throw notFound('version')
  return version
}

async function variablesFor(tx: Transaction, run: RunRow): Promise<Record<string, Json>> {
  const rows = await tx
    .select({ name: variables.name, value: variables.value, projectId: variables.projectId })
    .from(variables)
    .where(
      and(
        eq(variables.organizationId, run.organizationId),
        eq(variables.environmentId, run.environmentId),
        or(isNull(variables.projectId), eq(variables.projectId, run.projectId)),
      ),
    )
  const values: Record<string, Json> = Object.create(null)
  for (const row of rows) if (row.projectId !== null || !Object.hasOwn(values, row.name)) values[row.name] = row.value as Json
  return values
}
