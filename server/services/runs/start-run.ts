import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import { ServiceError } from '@/server/services/service-error'
import { getDraft, getVersionOf } from '@/server/services/workflows/get-graph'
import { findLive } from '@/server/services/workflows/live-tag'
import { requireWorkflow, type WorkflowRow } from '@/server/services/workflows/require-workflow'
import { surroundingsOf } from '@/server/services/workflows/surroundings'
import { type Trigger, triggersOf } from '@/server/services/workflows/triggers-of'
import { canonicalJson } from '@/workflows/graph/content-hash'
import type { Graph, Json } from '@/workflows/graph/schema'
import { validate } from '@/workflows/graph/validate'
import { catalogue } from '@/workflows/nodes/catalogue'
import { acceptRun } from './accept-run'
import type { startRunInput } from './contract'
import { freezeDraft } from './freeze-draft'
import { runErrorFrom } from './run-query'
import { findRun, waitForRun } from './wait-for-run'

/** Accepts a run, then waits for its result as long as asked. The same idempotency key answers the first run for 30 days. */
export async function startRun(caller: Caller, input: z.infer<typeof startRunInput>) {
  const { organizationId } = caller
  const accepted = await inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'run.start')
    const chosen = await chooseVersion(tx, caller, workflow, input.version)
    const trigger = chooseTrigger(chosen.graph, input.triggerNodeId)
    const given = input.input ?? null
    const run = await acceptRun(tx, {
      organizationId,
      workflowId: workflow.id,
      versionId: chosen.versionId,
      trigger: caller.kind === 'api_key' ? 'api' : 'manual',
      triggerNodeId: trigger.nodeId,
      startedBy: caller.userId,
      input: given,
      ...(input.idempotencyKey ? { dedupe: { source: `api:${workflow.id}`, key: input.idempotencyKey } } : {}),
    })
    return { ...run, given }
  })
  if (accepted.duplicate) await requireSameInput(caller, accepted.runId, accepted.given)
  const run =
    input.waitSeconds > 0
      ? await waitForRun(organizationId, accepted.runId, input.waitSeconds * 1000)
      : await findRun(organizationId, accepted.runId)
  const seePayloads = run !== null && can(caller, 'run.payload', run.projectId)
  return {
    runId: accepted.runId,
    status: run?.status ?? ('accepted' as const),
    duplicate: accepted.duplicate,
    ...(seePayloads && run.finishedAt ? { output: run.output ?? null } : {}),
    error: runErrorFrom(run?.error ?? null),
  }
}

/** What runs: the live version, a named one, or the draft frozen as it is now. */
export async function chooseVersion(
  tx: Transaction,
  caller: Caller,
  workflow: WorkflowRow,
  asked: string,
): Promise<{ versionId: string; number: number | null; graph: Graph }> {
  if (asked === 'draft') {
    requirePermission(caller, 'workflow.edit', workflow.projectId)
    const { graph } = await getDraft(tx, caller.organizationId, workflow.id)
    const problems = validate(graph, catalogue, await surroundingsOf(tx, caller.organizationId, workflow.projectId, graph))
    const error = problems.find((problem) => problem.severity === 'error')
    if (error) {
      throw new ServiceError('UNPROCESSABLE', error.message, { hint: 'Repair what is marked on the canvas, then run it.', problems })
    }
    return { versionId: await freezeDraft(tx, caller, workflow.id, graph), number: null, graph }
  }
  const live = asked === 'live' ? await findLive(tx, caller.organizationId, workflow.id) : null
  if (asked === 'live' && !live) {
    throw new ServiceError('UNPROCESSABLE', 'This workflow has no live version, so it cannot run.', {
      pointer: '/version',
      hint: 'Publish it first, or run the draft.',
    })
  }
  const version = await getVersionOf(tx, caller, workflow.id, live?.versionId ?? asked)
  return { versionId: version.id, number: version.number, graph: version.graph }
}

/** The named trigger, else the one by hand, else the first. */
export function chooseTrigger(graph: Graph, nodeId?: string): Trigger {
  const triggers = triggersOf(graph).filter((trigger) => !trigger.disabled)
  const found = nodeId
    ? triggers.find((trigger) => trigger.nodeId === nodeId)
    : (triggers.find((trigger) => trigger.kind === 'manual') ?? triggers[0])
  if (found) return found
  throw new ServiceError(
    'UNPROCESSABLE',
    nodeId ? 'This trigger is not in the version that would run.' : 'Nothing starts this version: it has no trigger that is switched on.',
    {
      ...(nodeId ? { pointer: '/triggerNodeId' } : {}),
      hint: 'Choose another trigger, or publish the draft.',
    },
  )
}

async function requireSameInput(caller: Caller, runId: string, given: Json): Promise<void> {
  const first = await findRun(caller.organizationId, runId)
  const hash = (value: Json) => createHash('sha256').update(canonicalJson(value)).digest('hex')
  if (!first || hash(first.input ?? null) === hash(given)) return
  throw new ServiceError('CONFLICT', 'This idempotency key was used with another input.', {
    pointer: '/idempotencyKey',
    hint: 'Use a new key for a new run, or send the first input again to get its run.',
  })
}
