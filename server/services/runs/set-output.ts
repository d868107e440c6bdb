import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { deadLetters, workflowVersions } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { blobStore, isLarge, previewOf } from '@/server/services/blobs/blob-store'
import { rowsOf } from '@/server/services/rows'
import { notFound, ServiceError } from '@/server/services/service-error'
import { nudgeRun } from '@/server/temporal/nudge'
import { definitionOf } from '@/workflows/graph/catalogue'
import { portsOf } from '@/workflows/graph/ports-of'
import { catalogue } from '@/workflows/nodes/catalogue'
import { readPath } from '@/workflows/runtime/node-id-of'
import type { setOutputInput } from './contract'
import { type GivenResult, replayIn } from './replay-run'
import { type RunRow, requireRun } from './require-run'

/**
 * Gives a step that waits or failed its result by hand, and the run goes on with it: this run while it waits, a new run that takes over
 * what was done where it has ended.
 */
export async function setOutput(caller: Caller, input: z.infer<typeof setOutputInput>): Promise<{ runId: string; isNew: boolean }> {
  const { organizationId } = caller
  const text = JSON.stringify(input.output ?? null)
  const apart = isLarge(text)
  const answer = await inOrganization(organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.start')
    const port = await portFor(tx, caller, run, input)
    const blobHash = apart ? Buffer.from(await blobStore.put(organizationId, text), 'hex') : null
    const given: GivenResult = { port, output: apart ? previewOf(text) : (input.output ?? null), blobHash, reason: input.reason }
    const done = run.finishedAt ? await goOnAnew(tx, caller, run, input.path, given) : await goOn(tx, caller, run, input.path, given)
    await recordAudit(tx, {
      by: caller,
      action: 'run.set_output',
      target: { kind: 'run', id: run.id },
      detail: { workflowId: run.workflowId, path: input.path, port, runId: done.runId, ...(input.reason ? { reason: input.reason } : {}) },
    })
    await announce(tx, organizationId, 'run', [...new Set([run.id, done.runId])])
    return done
  })
  if (!answer.isNew) await nudgeRun(answer.runId)
  return answer
}

async function goOn(tx: Transaction, caller: Caller, run: RunRow, path: string, given: GivenResult) {
  const [row] = await tx.execute<{ outcome: string }>(sql`
    select give_step(${toUuid(run.id, 'run')}::uuid, ${path}, ${given.port}, ${JSON.stringify(given.output)}::text::jsonb, ${given.blobHash}::bytea,
      ${caller.userId}, ${given.reason ?? null}) as outcome`)
  if (row?.outcome === 'given') return { runId: run.id, isNew: false }
  if (row?.outcome === 'busy') {
    throw new ServiceError('CONFLICT', 'A worker executes this run at this moment, so no result can be set.', {
      hint: 'Pause the run, or wait until it waits, then set the result again.',
    })
  }
  throw notWaiting(row?.outcome === 'ended')
}

async function goOnAnew(tx: Transaction, caller: Caller, run: RunRow, path: string, given: GivenResult) {
  const [step] = await rowsOf(
    tx,
    sql`select s.status from run_steps s where s.organization_id = ${toUuid(run.organizationId, 'org')} and s.run_id = ${toUuid(run.id, 'run')}
      and s.path = ${path} order by s.attempt desc limit 1`,
  )
  if (!step) throw notFound('step')
  if (step.status !== 'failed' && step.status !== 'unknown') throw notWaiting(true)
  const { runId } = await replayIn(tx, caller, { runId: run.id, fromPath: path }, given)
  // The new run repairs what this one left to a person.
  if (can(caller, 'deadletter.resolve', run.projectId)) {
    const letters = await tx
      .update(deadLetters)
      .set({ state: 'retried', retryRunId: runId })
      .where(and(eq(deadLetters.organizationId, run.organizationId), eq(deadLetters.runId, run.id), eq(deadLetters.state, 'open')))
      .returning({ id: deadLetters.id })
    for (const { id } of letters) await announce(tx, run.organizationId, 'dead_letter', [id])
  }
  return { runId, isNew: true }
}

function notWaiting(hasEnded: boolean): ServiceError {
  return new ServiceError('CONFLICT', `This step ${hasEnded ? 'did not fail' : 'does not wait'}, so it has no result to be set.`, {
    hint: 'Load the run again to see how it stands.',
  })
}

/** Whom an approval asks is part of the workflow: only who could change that may pass over them. */
function requireSayOver(caller: Caller, run: RunRow): void {
  if (can(caller, 'workflow.publish', run.projectId)) return
  throw new ServiceError('FORBIDDEN', 'An approval is decided by the people it asks.', {
    hint: 'Decide its task if it was given to you, or ask somebody who may publish this workflow.',
  })
}

async function portFor(tx: Transaction, caller: Caller, run: RunRow, input: z.infer<typeof setOutputInput>): Promise<string> {
  const { nodeId, within } = readPath(input.path)
  const [version] = run.versionId
    ? await tx
        .select({ graph: workflowVersions.graph })
        .from(workflowVersions)
        .where(and(eq(workflowVersions.organizationId, run.organizationId), eq(workflowVersions.id, run.versionId)))
    : []
  const node = version?.graph.nodes.find((one) => one.id === nodeId)
  const definition = node && definitionOf(node, catalogue)
  if (!node || !definition) throw notFound('step')
  if (definition.kind === 'control' && definition.control === 'approval') requireSayOver(caller, run)
  const isPause = within !== '' && !within.includes('/') && !within.startsWith('turn.')
  if (isPause) throw notWaiting(run.finishedAt !== null)
  const ports = within === '' ? portsOf(node, definition).out.filter((port) => port !== 'tool') : ['main']
  const port = input.port ?? (ports.includes('main') ? 'main' : ports[0]) ?? 'main'
  if (ports.length === 0 || ports.includes(port)) return port
  throw new ServiceError('UNPROCESSABLE', `“${node.title}” has no way out that is called “${port}”.`, {
    pointer: '/port',
    hint: `It leaves by ${ports.join(', ')}.`,
  })
}
