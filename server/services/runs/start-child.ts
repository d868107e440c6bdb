import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { derivedId } from '@/db/derived-id'
import { fromUuid, toUuid } from '@/db/ids'
import { runs, workflows } from '@/db/schema'
import { ServiceError } from '@/server/services/service-error'
import { calledParams, calledTrigger, findCalledVersion } from '@/server/services/workflows/called-version'
import { canonicalJson } from '@/workflows/graph/content-hash'
import { checkJson } from '@/workflows/graph/json-schema'
import type { Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { type ErrorClass, NodeError, type StepError } from '@/workflows/nodes/errors'
import type { ChildCall, ChildStart } from '@/workflows/runtime/types'
import { acceptRun } from './accept-run'
import { reuseOf } from './plan-replay'
import { takeOver } from './replay-run'
import type { RunRow } from './require-run'

interface Parent {
  organizationId: string
  runId: string
  epoch: number
}

/**
 * Accepts the run that a step starts, together with the wait for its end, under the fence of the parent. Its id follows from parent,
 * path and attempt, so it is started once whatever happens. Null when another worker has the parent.
 */
export async function startChild(parent: Parent, call: ChildCall): Promise<ChildStart | null> {
  try {
    return await acceptChild(parent, call)
  } catch (error) {
    if (error instanceof ServiceError) return { ok: false, error: refused(error) }
    if (error instanceof NodeError) return { ok: false, error: error.step }
    throw error
  }
}

function acceptChild(parent: Parent, call: ChildCall): Promise<ChildStart | null> {
  const { organizationId } = parent
  return inOrganization(organizationId, async (tx) => {
    const above = await lockParent(tx, parent)
    if (!above) return null
    const runId = derivedId('run', parent.runId, call.path, call.attempt)
    const [there] = await tx
      .select({ id: runs.id })
      .from(runs)
      .where(and(eq(runs.organizationId, organizationId), eq(runs.id, runId)))
    if (there) return { ok: true, runId }
    const found = await findCallee(tx, organizationId, above.projectId, call)
    if ('error' in found) return { ok: false, error: found.error }
    if (above.depth >= limits.subWorkflowDepth) return { ok: false, error: tooDeep(found.name) }
    const [mismatch] = checkJson(call.input, found.schema)
    if (mismatch) return { ok: false, error: badInput(found.name, mismatch.message, mismatch.pointer) }
    if (call.wait) {
      await tx.execute(sql`
        insert into run_waits (organization_id, run_id, path, attempt, kind, due_at, detail)
          values (${toUuid(organizationId, 'org')}, ${toUuid(parent.runId, 'run')}, ${call.path}, ${call.attempt}::integer, 'child',
            ${call.dueAt?.toISOString() ?? null}::timestamptz, ${JSON.stringify({ runId })}::text::jsonb) on conflict do nothing`)
    }
    const broken = above.replayOfId ? await brokenChild(tx, organizationId, above.replayOfId, found.versionId, call) : null
    const { skipped } = await acceptRun(tx, {
      organizationId,
      workflowId: call.workflowId,
      versionId: found.versionId,
      trigger: 'workflow',
      triggerNodeId: found.triggerNodeId,
      triggerRef: call.path,
      startedBy: above.startedBy,
      input: call.input,
      runId,
      ...(broken
        ? { replay: { rootId: broken.rootId, replayOfId: broken.id, fromPath: null, generation: above.generation }, checksInput: false }
        : {}),
      parent: {
        runId: parent.runId,
        path: call.wait ? call.path : null,
        depth: above.depth + 1,
        rootId: derivedId('run', above.rootId, call.path, call.attempt),
        generation: above.generation,
      },
    })
    if (skipped) throw new ServiceError('CONFLICT', `“${found.name}” runs already, so it was not started once more.`)
    if (call.wait && (await waitsForItself(tx, parent.runId, runId))) throw new NodeError(heldAbove(found.name))
    if (broken) {
      const { reuse } = await reuseOf(tx, broken, { fromPath: '', versionId: found.versionId })
      await takeOver(tx, broken, runId, reuse.reused)
    }
    return { ok: true, runId }
  })
}

/** The run that this step of the repeated run started with the same input, and that broke: the new one goes on where it did. */
async function brokenChild(
  tx: Transaction,
  organizationId: string,
  parentRunId: string,
  versionId: string,
  call: ChildCall,
): Promise<RunRow | null> {
  const [last] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.organizationId, organizationId), eq(runs.parentRunId, parentRunId), eq(runs.parentPath, call.path)))
    .orderBy(desc(runs.id))
    .limit(1)
  const isBroken = last?.finishedAt && (last.status === 'failed' || last.status === 'cancelled') && last.versionId === versionId
  return isBroken && canonicalJson(last.input ?? null) === canonicalJson(call.input) ? last : null
}

/** Whether nothing could give the new run its slot but runs that wait for it: they have all of them. */
async function waitsForItself(tx: Transaction, parentId: string, runId: string): Promise<boolean> {
  const [found] = await tx.execute<{ locked: boolean }>(sql`
    with recursive above as (
      select run_id, parent_run_id, limit_key, has_slot from live_runs where run_id = ${toUuid(parentId, 'run')}
      union all select l.run_id, l.parent_run_id, l.limit_key, l.has_slot from live_runs l join above a on l.run_id = a.parent_run_id
    )
    select (select count(*) from above a where a.limit_key = l.limit_key and a.has_slot) >= l.slot_limit as locked
      from live_runs l where l.run_id = ${toUuid(runId, 'run')} and l.limit_key is not null and not l.has_slot`)
  return found?.locked === true
}

/** What the called workflow's settings said against the run. */
function refused(error: ServiceError): StepError {
  const full = error.code === 'TOO_MANY_REQUESTS'
  return {
    class: full ? 'rate_limited' : error.code === 'CONFLICT' ? 'business' : 'bad_data',
    code: full ? 'child.refused' : error.code === 'CONFLICT' ? 'child.skipped' : 'child.input',
    message: error.message,
    hint: error.hint ?? 'Look at the settings of the workflow that this step runs.',
    ...(error.retryAfterSeconds ? { retryAfterMs: error.retryAfterSeconds * 1_000 } : {}),
  }
}

async function lockParent(tx: Transaction, { organizationId, runId, epoch }: Parent) {
  const [live] = await tx.execute<{ depth: number }>(sql`
    select depth from live_runs where run_id = ${toUuid(runId, 'run')} and organization_id = ${toUuid(organizationId, 'org')}
      and epoch = ${epoch}::integer and state = 'running' for no key update`)
  if (!live) return null
  const [run] = await tx.execute<{
    root_id: string
    generation: number
    project_id: string
    started_by: string | null
    replay_of_id: string | null
  }>(sql`
    select root_id, generation, project_id, started_by, replay_of_id from runs
      where organization_id = ${toUuid(organizationId, 'org')} and id = ${toUuid(runId, 'run')}`)
  if (!run) return null
  return {
    depth: live.depth,
    rootId: fromUuid('run', run.root_id),
    generation: run.generation,
    projectId: fromUuid('prj', run.project_id),
    startedBy: run.started_by && fromUuid('usr', run.started_by),
    replayOfId: run.replay_of_id && fromUuid('run', run.replay_of_id),
  }
}

type Callee = { name: string; versionId: string; triggerNodeId: string; schema: Json | undefined } | { error: StepError }

async function findCallee(tx: Transaction, organizationId: string, projectId: string, call: ChildCall): Promise<Callee> {
  const [workflow] = await tx
    .select({ name: workflows.name, projectId: workflows.projectId })
    .from(workflows)
    .where(and(eq(workflows.organizationId, organizationId), eq(workflows.id, call.workflowId), isNull(workflows.deletedAt)))
  if (!workflow)
    return refuse('not_found', 'child.unknown', 'The workflow that this step runs was deleted.', 'Choose another one in the step.')
  const version = await findCalledVersion(tx, organizationId, call)
  if (!version) {
    return call.version === 'live'
      ? refuse('not_found', 'child.not_live', `“${workflow.name}” has no live version.`, 'Publish it, then run again from this step.')
      : refuse('not_found', 'child.no_version', noVersion(workflow.name, call.version), 'Choose another version in the step.')
  }
  const trigger = calledTrigger(version.graph)
  if (!trigger) {
    const message = `“${workflow.name}” has no trigger that a workflow can call.`
    return refuse('not_found', 'child.no_trigger', message, 'Add the trigger “Called by a workflow” to it and publish it.')
  }
  const params = calledParams(version.graph, trigger)
  if (workflow.projectId !== projectId && params?.callers !== 'organization') {
    const message = `“${workflow.name}” belongs to another project and is not open to its calls.`
    return refuse(
      'unauthorized',
      'child.other_project',
      message,
      'Ask its owner to open its trigger “Called by a workflow” to the organization.',
    )
  }
  return { name: workflow.name, versionId: version.id, triggerNodeId: trigger.nodeId, schema: params?.input as Json | undefined }
}

const noVersion = (name: string, version: string | number) =>
  typeof version === 'number' ? `“${name}” has no version ${version}.` : `“${name}” has no version with the tag “${version}”.`

function refuse(kind: ErrorClass, code: string, message: string, hint: string): { error: StepError } {
  return { error: { class: kind, code, message, hint } }
}

function tooDeep(name: string): StepError {
  return {
    class: 'bad_data',
    code: 'child.too_deep',
    message: `Workflows call each other at most ${limits.subWorkflowDepth} levels deep, and “${name}” would be one more.`,
    hint: 'Look whether a workflow calls itself without an end.',
  }
}

function heldAbove(name: string): StepError {
  return {
    class: 'bad_data',
    code: 'child.holds_itself',
    message: `“${name}” runs no more often at once than its settings allow, and the runs that have its places would wait for this one.`,
    hint: 'Let it run more often at once, or do not call it from itself and what it calls.',
  }
}

function badInput(name: string, message: string, pointer: string): StepError {
  return {
    class: 'bad_data',
    code: 'child.input',
    message: `“${name}” does not take this input. ${message}`,
    hint: 'Change the input of this step, or what the other workflow says it takes.',
    pointer: `/params/input${pointer}`,
  }
}
