import { createHash } from 'node:crypto'
import { and, eq, isNull, ne, or, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { runSteps, variables, workflowVersions } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { notFound, ServiceError } from '@/server/services/service-error'
import { canonicalJson } from '@/workflows/graph/content-hash'
import { type Repeats, repeatsOf } from '@/workflows/graph/repeats-of'
import type { Graph, Json } from '@/workflows/graph/schema'
import { nodeIdOf, readPath } from '@/workflows/runtime/node-id-of'
import { planReuse, type ReusePlan } from '@/workflows/runtime/plan-reuse'
import type { Plan } from '@/workflows/runtime/types'
import type { replayPlan, replayRunInput } from './contract'
import { titlesOf } from './list-steps'
import { loadWholeLog } from './load-log'
import { PlanRefused, planOf } from './load-plan'
import { type RunRow, requireRun } from './require-run'

const mostShown = 200

/** What running again from a step would take over, do again, and do to the outside once more. Changes nothing. */
export function planReplay(caller: Caller, input: z.infer<typeof replayRunInput>): Promise<z.infer<typeof replayPlan>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.read')
    const { version, plan, reuse } = await reuseOf(tx, run, input)
    const step = (path: string) => {
      const nodeId = nodeIdOf(path, plan)
      const planned = plan.nodes.get(nodeId)
      return { path, nodeId, nodeTitle: planned?.node.title ?? nodeId, nodeType: planned?.node.type ?? '' }
    }
    // The pause before an item or a round is no step of its own.
    const reused = reuse.reused.filter((path) => !isPause(path, plan))
    const again = reuse.again.map(step)
    const begun = await begunIn(tx, run)
    return {
      versionId: version.id,
      version: version.number > 0 ? version.number : null,
      fromPath: input.fromPath ?? null,
      reused: [...reused.filter((path) => !path.includes('/')), ...reused.filter((path) => path.includes('/'))]
        .slice(0, mostShown)
        .map(step),
      reusedTotal: reused.length,
      again,
      effects: again.flatMap((one) => {
        const repeats = repeatsIn(plan, one.nodeId)
        if (!repeats) return []
        return [{ ...one, repeats: repeats === 'read' || begun === null ? repeats : sinceBegun(repeats, begun.get(one.nodeId)) }]
      }),
    }
  })
}

/**
 * What became of the nodes that the run began: `refused` where the other side turned down each attempt of each item; null where an earlier
 * run that it repeats may have begun others.
 */
async function begunIn(tx: Transaction, run: RunRow): Promise<ReadonlyMap<string, 'refused' | 'done'> | null> {
  if (run.replayOfId !== null) return null
  const rows = await tx
    .selectDistinct({ path: runSteps.path, status: runSteps.status, code: sql<string | null>`${runSteps.error} ->> 'code'` })
    .from(runSteps)
    .where(and(eq(runSteps.organizationId, run.organizationId), eq(runSteps.runId, run.id), ne(runSteps.status, 'skipped')))
  const begun = new Map<string, 'refused' | 'done'>()
  for (const { path, status, code } of rows) {
    const nodeId = nodeIdOf(path)
    const refused = status === 'failed' && code !== null && refusal.test(code) && begun.get(nodeId) !== 'done'
    begun.set(nodeId, refused ? 'refused' : 'done')
  }
  return begun
}

/** Statuses with which nothing was done; not 408, 409, 423 and 425, which leave that open. */
const refusal = /^http\.(400|401|403|404|405|406|407|410|413|415|422|429)$/

function sinceBegun(repeats: Repeats, was: 'refused' | 'done' | undefined): Repeats | 'first' | 'refused' {
  if (was === undefined) return 'first'
  return was === 'refused' && repeats === 'unsafe' ? 'refused' : repeats
}

function isPause(path: string, plan: Plan): boolean {
  const { nodeId, within } = readPath(path)
  const planned = plan.nodes.get(nodeId)
  return within !== '' && !within.includes('/') && planned !== undefined && (planned.sections.length > 0 || planned.each !== undefined)
}

/** How a node's effect stands a repetition; null where it has none. */
export function repeatsIn(plan: Plan, nodeId: string): Repeats | null {
  const planned = plan.nodes.get(nodeId)
  if (!planned) return null
  const tools = planned.tools.flatMap((id) => {
    const tool = plan.nodes.get(id)
    return tool ? [{ definition: tool.definition, params: tool.node.params as Record<string, Json> }] : []
  })
  return repeatsOf(planned.definition, planned.node.params as Record<string, Json>, tools)
}

/** The version that would run, and what it takes over; without `fromPath` everything runs again. */
export async function reuseOf(
  tx: Transaction,
  run: RunRow,
  asked: {
    fromPath?: string | undefined
    versionId?: string | undefined
    input?: Json | undefined
    stepInput?: Json | undefined
    given?: boolean
  },
): Promise<{
  version: { id: string; number: number; graph: Graph }
  plan: Plan
  triggerNodeId: string | null
  reuse: ReusePlan
  stepInputs: Record<string, Json> | null
}> {
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
  if (asked.fromPath) requireStep(plan, version, asked.fromPath, await titleIn(tx, run, asked.fromPath))
  const stepInputs = stepInputsFor(run, asked)
  const data = asked.input === undefined ? (run.input ?? null) : asked.input
  const reuse =
    asked.fromPath === undefined
      ? planReuse(plan, new Map(), { trigger: { nodeId: triggerNodeId, data }, variables: {}, fromPath: '' })
      : planReuse(plan, await loadWholeLog(tx, run.organizationId, run.id), {
          trigger: { nodeId: triggerNodeId, data },
          variables: await variablesFor(tx, run),
          fromPath: asked.fromPath,
          ...(stepInputs ? { stepInputs } : {}),
          ...(asked.given ? { given: true } : {}),
          hash: (value) => createHash('sha256').update(canonicalJson(value)).digest('hex'),
        })
  return { version, plan, triggerNodeId, reuse, stepInputs }
}

/** Run on from a step, a run keeps what somebody edited before; run from the start, it does as its wires say. */
function stepInputsFor(run: RunRow, asked: { fromPath?: string | undefined; stepInput?: Json | undefined }): Record<string, Json> | null {
  if (asked.stepInput !== undefined && !asked.fromPath) {
    throw new ServiceError('BAD_REQUEST', 'The input of a step needs the step that it is for.', {
      pointer: '/fromPath',
      hint: 'Name the step, or give the input of the run instead.',
    })
  }
  if (asked.fromPath === undefined) return null
  const kept = { ...run.stepInputs, ...(asked.stepInput === undefined ? {} : { [asked.fromPath]: asked.stepInput }) }
  return Object.keys(kept).length > 0 ? kept : null
}

/** A step is found by its node, so a new name changes nothing; one that is gone, off, or elsewhere cannot be begun with. */
function requireStep(plan: Plan, version: { number: number; graph: Graph }, path: string, title: string | null): void {
  const { nodeId, containers } = readPath(path)
  const planned = plan.nodes.get(nodeId)
  const named = `“${planned?.node.title ?? title ?? nodeId}”`
  const where = version.number > 0 ? `version ${version.number}` : 'the draft that would run'
  const refused = (message: string) =>
    new ServiceError('UNPROCESSABLE', message, {
      pointer: '/fromPath',
      hint: 'Run again from another step, run everything again, or choose another version.',
    })
  const drawn = version.graph.nodes.find((node) => node.id === nodeId)
  if (!drawn) throw refused(`The step ${named} is not in ${where} any more.`)
  if (!planned || drawn.settings.disabled) throw refused(`The step ${named} is switched off in ${where}.`)
  const around = (id: string): string[] => {
    const parent = version.graph.nodes.find((node) => node.id === id)?.parent
    return parent ? [...around(parent), parent] : []
  }
  const stands = around(nodeId)
  if (stands.join('/') === containers.map(({ id }) => id).join('/')) return
  const inside = plan.nodes.get(stands.at(-1) ?? '')?.node.title
  throw refused(`The step ${named} stands elsewhere in ${where}: ${inside ? `inside “${inside}”` : 'outside any container'}.`)
}

/** What the step was called in the version that ran. */
async function titleIn(tx: Transaction, run: RunRow, path: string): Promise<string | null> {
  return (await titlesOf(tx, run.organizationId, run.versionId)).get(nodeIdOf(path))?.title ?? null
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

/** The run's own before the project's before the organization's. */
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
  return Object.assign(values, run.vars)
}
