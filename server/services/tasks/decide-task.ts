import { and, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { newId, toUuid } from '@/db/ids'
import { runEvents, runWaits, tasks } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { rowsOf } from '@/server/services/rows'
import { settleWait } from '@/server/services/runs/settle-wait'
import { notFound, ServiceError } from '@/server/services/service-error'
import { nudgeRun } from '@/server/temporal/nudge'
import { checkJson } from '@/workflows/graph/json-schema'
import type { Json } from '@/workflows/graph/schema'
import { hasVoted, mayDecideNow, outcomeOf, readRule, type Vote, type VotedRule } from './approval-rule'
import type { decideTaskInput } from './contract'
import { isAssigned, membersNamed, standsIn } from './list-tasks'

/**
 * One person's word. Single use: whoever comes after the decision hears what was decided. Where it takes several, the run goes on with the
 * word that decides it, from the committed decision.
 */
export async function decideTask(caller: Caller, input: z.infer<typeof decideTaskInput>) {
  const { organizationId } = caller
  const { task, state } = await inOrganization(organizationId, async (tx) => {
    const [row] = await tx
      .select()
      .from(tasks)
      // Not locked: the run comes before its task, as everybody locks them, and `settleWait` decides who is first.
      .where(and(eq(tasks.organizationId, organizationId), eq(tasks.id, input.taskId)))
    if (!row || !can(caller, 'task.read', row.projectId)) throw notFound('task')
    requirePermission(caller, 'task.decide', row.projectId)
    const now = new Date()
    const rule = await lockRule(tx, row)
    const isNamed = isAssigned(mayDecideNow(row.assigneeIds, rule, now), caller.userId)
    if (!isNamed && !standsIn(caller, row.assigneeIds, rule, await membersNamedFor(tx, row))) {
      throw new ServiceError('FORBIDDEN', 'This task was given to somebody else.', { hint: 'Ask one of the people it was given to.' })
    }
    const state = await stateNow(tx, row)
    if (state !== 'open') throw alreadyDecided(state)
    if (hasVoted(rule, caller.userId)) {
      throw new ServiceError('CONFLICT', 'You decided this already; others have to decide too.', { hint: 'Wait for them.' })
    }
    const vote = voteOf(caller, input, rule, now)
    const voted = { ...rule, votes: [...rule.votes, vote] }
    const outcome = outcomeOf(voted, row.assigneeIds, now)
    await keepVotes(tx, row, voted)
    if (outcome === 'open') await noteVote(tx, row, caller.userId)
    else await settle(tx, row, { state: outcome, vote, voted, actorId: caller.userId, now })
    await announce(tx, organizationId, 'task', [row.id])
    await recordAudit(tx, {
      by: caller,
      action: 'task.decide',
      target: { kind: 'task', id: row.id, name: row.title },
      detail: { decision: input.decision, runId: row.runId, comment: input.comment ? 'given' : 'none' },
    })
    return { task: row, state: outcome }
  })
  if (state !== 'open') await nudgeRun(task.runId)
  return { taskId: task.id, state, runId: task.runId }
}

type TaskRow = typeof tasks.$inferSelect

/** How the task is decided, with the run locked, so that of two votes the second sees the first. */
async function lockRule(tx: Transaction, row: TaskRow): Promise<VotedRule> {
  await tx.execute(sql`select 1 from live_runs where run_id = ${toUuid(row.runId, 'run')} and organization_id = ${toUuid(row.organizationId, 'org')}
    for no key update`)
  const [wait] = await tx.select({ detail: runWaits.detail }).from(runWaits).where(waitOf(row))
  return readRule(wait?.detail)
}

/** Once the run is locked: while somebody waits for it, the time of the task may end. */
async function stateNow(tx: Transaction, row: TaskRow): Promise<string> {
  const [fresh] = await tx
    .select({ state: tasks.state })
    .from(tasks)
    .where(and(eq(tasks.organizationId, row.organizationId), eq(tasks.id, row.id)))
  return fresh?.state ?? 'cancelled'
}

async function membersNamedFor(tx: Transaction, row: TaskRow): Promise<string[]> {
  const organization = toUuid(row.organizationId, 'org')
  const found = await rowsOf(
    tx,
    sql`select m.id from tasks t
      left join run_waits a on a.organization_id = t.organization_id and a.run_id = t.run_id and a.path = t.path and a.attempt = t.attempt
      cross join lateral (${membersNamed(organization)}) m
      where t.organization_id = ${organization} and t.id = ${toUuid(row.id, 'task')}::uuid`,
  )
  return found.map(({ id }) => String(id))
}

function waitOf(row: TaskRow) {
  return and(
    eq(runWaits.organizationId, row.organizationId),
    eq(runWaits.runId, row.runId),
    eq(runWaits.path, row.path),
    eq(runWaits.attempt, row.attempt),
  )
}

function voteOf(caller: Caller, input: z.infer<typeof decideTaskInput>, rule: VotedRule, now: Date): Vote {
  const vote = {
    by: { id: caller.userId, name: caller.name },
    decision: input.decision,
    comment: input.comment ?? '',
    at: now.toISOString(),
  }
  if (rule.form === undefined || input.decision === 'declined') return vote
  const values = input.values ?? {}
  const mismatches = checkJson(values, rule.form)
  const [first] = mismatches
  if (!first) return { ...vote, values }
  throw new ServiceError('UNPROCESSABLE', `What is filled in does not fit. ${first.message}`, {
    pointer: `/values${first.pointer}`,
    hint: 'Correct it and approve again.',
    problems: mismatches,
  })
}

async function keepVotes(tx: Transaction, row: TaskRow, rule: VotedRule): Promise<void> {
  if (rule.needed === 1 && rule.form === undefined) return
  await tx
    .update(runWaits)
    .set({ detail: rule })
    .where(and(waitOf(row), isNull(runWaits.settledAt)))
}

async function noteVote(tx: Transaction, row: TaskRow, userId: string): Promise<void> {
  await tx.insert(runEvents).values({
    organizationId: row.organizationId,
    runId: row.runId,
    id: newId('evt'),
    kind: 'voted',
    actorId: userId,
    detail: { path: row.path },
  })
}

async function settle(
  tx: Transaction,
  row: TaskRow,
  decided: { state: 'approved' | 'declined'; vote: Vote; voted: VotedRule; actorId: string; now: Date },
): Promise<void> {
  const { state, vote, voted } = decided
  const { decision: _own, values: _values, ...said } = vote
  const values = Object.assign({}, ...voted.votes.map((one) => one.values ?? {})) as Json
  await settleWait(tx, {
    organizationId: row.organizationId,
    runId: row.runId,
    path: row.path,
    attempt: row.attempt,
    result: {
      decision: state,
      ...said,
      ...(voted.needed > 1 ? { votes: voted.votes as unknown as Json } : {}),
      ...(voted.form !== undefined && state === 'approved' ? { values } : {}),
    },
    actorId: decided.actorId,
  })
  await tx
    .update(tasks)
    .set({ state, decidedAt: decided.now, decidedBy: decided.actorId, comment: vote.comment || null })
    .where(and(eq(tasks.organizationId, row.organizationId), eq(tasks.id, row.id)))
}

function alreadyDecided(state: string): ServiceError {
  const words: Record<string, string> = {
    approved: 'It was approved already.',
    declined: 'It was declined already.',
    expired: 'Its time is over: it was decided by its time-out.',
    cancelled: 'Its run was cancelled.',
  }
  return new ServiceError('CONFLICT', `This task was already decided. ${words[state] ?? 'Its run no longer waits for it.'}`, {
    hint: 'Open the run to see what happened.',
  })
}
