import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '@/db/client'
import { draftOperations, drafts, workflows } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { credentialUses } from '@/server/services/workflows/credential-uses'
import { ensureEndpoints } from '@/server/services/workflows/ensure-endpoints'
import { getDraft } from '@/server/services/workflows/get-graph'
import { refusedCredentials } from '@/server/services/workflows/require-credentials'
import { applyOperation, type Operation } from '@/workflows/graph/operations'
import { graphBytes } from '@/workflows/graph/parse-graph'
import type { Graph, Problem } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import type { draftOperation, OperationAnswer } from './contract'

export type DraftOperation = z.infer<typeof draftOperation>

export interface DraftEdits {
  baseRevision: number
  clientId: string
  operations: readonly { opId: string; operation: Operation }[]
}

const mostMissed = 500

/** Applies operations at the newest revision, one after the other, under the draft's row lock; a resent one answers what it answered. */
export async function changeDraft(tx: Transaction, caller: Caller, workflow: { id: string; projectId: string }, edits: DraftEdits) {
  const { organizationId } = caller
  const draft = await getDraft(tx, organizationId, workflow.id, { lock: true })
  const here = and(eq(draftOperations.organizationId, organizationId), eq(draftOperations.workflowId, workflow.id))
  const missed = await tx
    .select({
      revision: draftOperations.revision,
      operation: sql<Operation>`${draftOperations.operation}`,
      clientId: draftOperations.clientId,
      userId: draftOperations.userId,
      opId: draftOperations.opId,
    })
    .from(draftOperations)
    .where(and(here, gt(draftOperations.revision, edits.baseRevision)))
    .orderBy(asc(draftOperations.revision))
    .limit(mostMissed + 1)
  const reload = missed.length > mostMissed || edits.baseRevision > draft.revision
  const before = await tx
    .select({ opId: draftOperations.opId, result: draftOperations.result })
    .from(draftOperations)
    .where(
      and(
        here,
        inArray(
          draftOperations.opId,
          edits.operations.map((edit) => edit.opId),
        ),
      ),
    )
  const answered = new Map(before.map((row) => [row.opId, row.result as OperationAnswer]))

  let { graph, revision } = draft
  const results: OperationAnswer[] = []
  const accepted: (typeof draftOperations.$inferInsert)[] = []
  for (const { opId, operation } of edits.operations) {
    const earlier = answered.get(opId)
    if (earlier) {
      results.push(earlier)
      continue
    }
    const applied = applyOperation(graph, operation)
    const problem = applied.ok ? await refusal(tx, caller, workflow.projectId, graph, applied.value, operation) : applied.problem
    if (!applied.ok || problem) {
      results.push({ opId, ok: false, problem: problem ?? unknownProblem, kept: operation })
      continue
    }
    graph = applied.value
    revision += 1
    const result: OperationAnswer = {
      opId,
      ok: true,
      revision,
      ...(applied.overwrote?.length ? { overwrote: applied.overwrote as never } : {}),
      ...(applied.skipped?.length ? { skipped: applied.skipped } : {}),
    }
    answered.set(opId, result)
    results.push(result)
    accepted.push({
      organizationId,
      workflowId: workflow.id,
      revision,
      opId,
      clientId: edits.clientId,
      userId: caller.userId,
      baseRevision: edits.baseRevision,
      operation,
      result,
    })
  }
  if (accepted.length > 0) {
    await tx.insert(draftOperations).values(accepted)
    const now = new Date()
    await tx
      .update(drafts)
      .set({ graph, revision, updatedAt: now, updatedBy: caller.userId })
      .where(and(eq(drafts.organizationId, organizationId), eq(drafts.workflowId, workflow.id)))
    await tx
      .update(workflows)
      .set({ updatedAt: now })
      .where(and(eq(workflows.organizationId, organizationId), eq(workflows.id, workflow.id)))
    await ensureEndpoints(tx, organizationId, workflow.id, graph)
    await announce(tx, organizationId, 'draft', [workflow.id])
  }
  return { revision, results, missed: reload ? [] : missed, reload, graph }
}

const unknownProblem: Problem = { code: 'operation.refused', severity: 'error', message: 'This change cannot be applied any more.' }

/** What may not be saved even in a half-finished draft. */
async function refusal(
  tx: Transaction,
  caller: Caller,
  projectId: string,
  before: Graph,
  after: Graph,
  operation: Operation,
): Promise<Problem | null> {
  if (
    after.nodes.length > limits.graphNodes ||
    after.edges.length > limits.graphEdges ||
    (mayGrow(operation) && graphBytes(after) > limits.graphBytes)
  ) {
    return {
      code: 'graph.too_large',
      severity: 'error',
      message: `A workflow holds at most ${limits.graphNodes} nodes, ${limits.graphEdges} connections and ${limits.graphBytes / 1024 / 1024} MB. Split it in several.`,
    }
  }
  if (!JSON.stringify(operation).includes('cred_')) return null
  const there = new Set(credentialUses(before).map((use) => `${use.nodeId} ${use.param} ${use.credentialId}`))
  const added = credentialUses(after).filter((use) => !there.has(`${use.nodeId} ${use.param} ${use.credentialId}`))
  const [refused] = await refusedCredentials(tx, caller, added, projectId)
  if (!refused) return null
  return {
    code: 'credential.not_allowed',
    severity: 'error',
    nodeId: refused.nodeId,
    pointer: `/params/${refused.param}`,
    message: 'This credential does not exist here, or you may not use it. Choose another one.',
  }
}

function mayGrow(operation: Operation): boolean {
  return operation.kind !== 'moveNodes' && operation.kind !== 'setDisabled' && operation.kind !== 'disconnect'
}
