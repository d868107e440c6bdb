import { and, eq, max, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { newUuid, toUuid } from '@/db/ids'
import { runSteps, runs } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { recordAudit } from '@/server/services/audit/record-audit'
import { triggersOf } from '@/server/services/workflows/triggers-of'
import type { Graph, Json } from '@/workflows/graph/schema'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { Plan } from '@/workflows/runtime/types'
import { acceptRun } from './accept-run'
import type { replayRunInput } from './contract'
import { repeatsIn, reuseOf } from './plan-replay'
import { type RunRow, requireRun } from './require-run'

/** Runs again as a new, linked run; from a step where named, everything otherwise. */
export async function replayRun(caller: Caller, input: z.infer<typeof replayRunInput>): Promise<{ runId: string }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const replayed = await replayIn(tx, caller, input)
    await recordAudit(tx, {
      by: caller,
      action: 'run.replay',
      target: { kind: 'run', id: input.runId },
      detail: {
        runId: replayed.runId,
        from: input.fromPath ?? 'start',
        input: input.input === undefined && input.stepInput === undefined ? 'kept' : 'changed',
      },
    })
    return replayed
  })
}

/**
 * The new run with what it takes over, in the caller's transaction. It keeps the idempotency keys of the run that it repeats, unless its
 * input is another one, or what somebody gave takes the place of what its effects were done with.
 */
export async function replayIn(
  tx: Transaction,
  caller: Caller,
  input: z.infer<typeof replayRunInput>,
  given?: GivenResult,
): Promise<{ runId: string }> {
  const run = await requireRun(tx, caller, input.runId, 'run.start')
  const { version, plan, triggerNodeId, reuse, stepInputs } = await reuseOf(tx, run, { ...input, given: given !== undefined })
  const isEdited = input.input !== undefined || input.stepInput !== undefined
  const isOther = isEdited || (given !== undefined && (await wasDoneWithoutIt(tx, run, plan, reuse.reused)))
  const { runId } = await acceptRun(tx, {
    organizationId: run.organizationId,
    workflowId: run.workflowId,
    versionId: version.id,
    trigger: run.trigger === 'test' ? 'test' : 'replay',
    triggerNodeId,
    triggerRef: run.triggerRef,
    startedBy: caller.userId,
    input: input.input === undefined ? (run.input ?? null) : input.input,
    checksInput: input.input !== undefined && hasPlainInput(run, version.graph, triggerNodeId),
    replay: {
      rootId: run.rootId,
      replayOfId: run.id,
      fromPath: input.fromPath || null,
      generation: isOther ? await nextGeneration(tx, run) : run.generation,
    },
  })
  await takeOver(tx, run, runId, reuse.reused)
  if (run.vars || stepInputs) {
    await tx
      .update(runs)
      .set({ vars: run.vars, stepInputs })
      .where(and(eq(runs.organizationId, run.organizationId), eq(runs.id, runId)))
  }
  if (given && input.fromPath)
    await give(tx, caller, { organizationId: run.organizationId, from: run.id, runId, path: input.fromPath }, given)
  return { runId }
}

/** No other run of the chain has it: the same key would tell the other side that it knows the call already, and it would do nothing. */
async function nextGeneration(tx: Transaction, run: RunRow): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`millrace:generation:${run.rootId}`}, 0))`)
  const [last] = await tx
    .select({ generation: max(runs.generation) })
    .from(runs)
    .where(and(eq(runs.organizationId, run.organizationId), eq(runs.rootId, run.rootId)))
  return Math.max(last?.generation ?? 0, run.generation) + 1
}

/** Whether something outside was done with another result than the one that is given now: in this run, or in one that repeats it. */
async function wasDoneWithoutIt(tx: Transaction, run: RunRow, plan: Plan, reused: readonly string[]): Promise<boolean> {
  const [repeats] = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.organizationId, run.organizationId), eq(runs.rootId, run.rootId), eq(runs.replayOfId, run.id)))
    .limit(1)
  if (repeats) return true
  const done = await tx
    .select({ path: runSteps.path })
    .from(runSteps)
    .where(and(eq(runSteps.organizationId, run.organizationId), eq(runSteps.runId, run.id), eq(runSteps.status, 'succeeded')))
  const taken = new Set(reused)
  return done.some(({ path }) => !taken.has(path) && (repeatsIn(plan, nodeIdOf(path, plan)) ?? 'read') !== 'read')
}

/** Whether its input is what somebody chose, and not a trigger's own shape around it; a run that was run again before is still the same. */
function hasPlainInput(run: RunRow, graph: Graph, triggerNodeId: string | null): boolean {
  if (run.trigger === 'manual' || run.trigger === 'api') return true
  if (run.trigger !== 'workflow' && run.trigger !== 'replay') return false
  const triggers = triggersOf(graph)
  const kind = (triggerNodeId === null ? triggers[0] : triggers.find(({ nodeId }) => nodeId === triggerNodeId))?.kind
  return kind === 'manual' || kind === 'sub_workflow'
}

/** Copies the newest attempts of these steps into a run that repeats another. */
export async function takeOver(tx: Transaction, from: RunRow, runId: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  await tx.execute(sql`
    insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, error, input_hash, blob_hash, origin_run_id, epoch,
        seq, started_at, duration_us, model, input_tokens, output_tokens, practice, currency, cost_micros, logs)
      select s.organization_id, ${toUuid(runId, 'run')}::uuid, s.path, s.attempt, s.status, s.port, s.input, s.output, s.error, s.input_hash,
        s.blob_hash, coalesce(s.origin_run_id, s.run_id), 0, row_number() over (order by s.seq), s.started_at, s.duration_us, s.model,
        s.input_tokens, s.output_tokens, s.practice, s.currency, 0, s.logs
      from (
        select distinct on (path) * from run_steps
        where organization_id = ${toUuid(from.organizationId, 'org')}::uuid and run_id = ${toUuid(from.id, 'run')}::uuid
          and path in (select jsonb_array_elements_text(${JSON.stringify(paths)}::text::jsonb))
        order by path, attempt desc
      ) s`)
}

/** What a step gives in place of what it would have given, as it is stored. */
export interface GivenResult {
  port: string
  output: Json
  blobHash: Buffer | null
  reason: string | undefined
}

async function give(
  tx: Transaction,
  caller: Caller,
  at: { organizationId: string; from: string; runId: string; path: string },
  given: GivenResult,
): Promise<void> {
  const organization = toUuid(at.organizationId, 'org')
  const runId = toUuid(at.runId, 'run')
  await tx.execute(sql`
    insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, input_hash, blob_hash, epoch, seq, started_at)
      select ${organization}::uuid, ${runId}::uuid, ${at.path}, coalesce(s.attempt, 1), 'succeeded', ${given.port}, s.input,
        ${JSON.stringify(given.output)}::text::jsonb, s.input_hash, ${given.blobHash}::bytea, 0,
        (select coalesce(max(m.seq), 0) + 1 from run_steps m where m.organization_id = ${organization}::uuid and m.run_id = ${runId}::uuid),
        clock_timestamp()
      from (select 1) one left join lateral (
        select f.attempt, f.input, f.input_hash from run_steps f
        where f.organization_id = ${organization}::uuid and f.run_id = ${toUuid(at.from, 'run')}::uuid and f.path = ${at.path}
        order by f.attempt desc limit 1) s on true`)
  const detail = { path: at.path, port: given.port, ...(given.reason ? { reason: given.reason } : {}) }
  await tx.execute(sql`insert into run_events (organization_id, run_id, id, kind, actor_id, detail)
    values (${organization}, ${runId}, ${newUuid()}, 'given', ${caller.userId}, ${JSON.stringify(detail)}::text::jsonb)`)
}
