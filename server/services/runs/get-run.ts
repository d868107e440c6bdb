import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { deadLetters, runEvents, runs, tasks, users, workflowVersions } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { rowsOf } from '@/server/services/rows'
import { notFound } from '@/server/services/service-error'
import { emptyGraph, type Json } from '@/workflows/graph/schema'
import { progressOf } from './progress-of'
import { relativesOf } from './relatives-of'
import { requireRun } from './require-run'
import { runItemFrom, runQuery } from './run-query'

export function getRun(caller: Caller, { runId }: { runId: string }) {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    // In this order: where the state says that the run ended, what it ended with is there too.
    const [row] = await rowsOf(tx, runQuery(organizationId, sql`select ${toUuid(runId, 'run')}::uuid as id`))
    const run = await requireRun(tx, caller, runId, 'run.read')
    if (!row) throw notFound('run')
    const item = runItemFrom(row)
    const seePayloads = can(caller, 'run.payload', run.projectId)
    const [letter] = await tx
      .select({ id: deadLetters.id, state: deadLetters.state, retryRunId: deadLetters.retryRunId })
      .from(deadLetters)
      .where(and(eq(deadLetters.organizationId, organizationId), eq(deadLetters.runId, runId)))
    const active = run.finishedAt === null
    const mayCancel = can(caller, 'run.cancel', run.projectId)
    const graph = await graphOf(tx, organizationId, run.versionId)
    return {
      ...item,
      error:
        item.error && run.error
          ? {
              ...item.error,
              code: run.error.code,
              pointer: run.error.pointer ?? null,
              ...(seePayloads && run.error.details !== undefined ? { details: run.error.details } : {}),
            }
          : null,
      graph,
      input: seePayloads ? (run.input ?? null) : null,
      output: seePayloads ? (run.output ?? null) : null,
      payloadsHidden: !seePayloads,
      progress: active ? await progressOf(tx, organizationId, runId, graph) : [],
      moves: run.moves,
      rootId: run.rootId,
      replayFromPath: run.replayFromPath,
      replays: await replaysOf(tx, organizationId, run),
      parent: await parentOf(tx, caller, run),
      children: await relativesOf(tx, caller, eq(runs.parentRunId, runId)),
      deadLetter: letter ?? null,
      tasks: await tx
        .select({ id: tasks.id, path: tasks.path, title: tasks.title, state: tasks.state })
        .from(tasks)
        .where(and(eq(tasks.organizationId, organizationId), eq(tasks.runId, runId)))
        .orderBy(asc(tasks.id)),
      events: await eventsOf(tx, organizationId, runId),
      can: {
        cancel: active && mayCancel && !item.cancelling,
        pause: active && mayCancel && !item.paused && !item.cancelling,
        resume: active && mayCancel && item.paused,
        replay: !active && can(caller, 'run.start', run.projectId),
        seePayloads,
      },
    }
  })
}

async function graphOf(tx: Transaction, organizationId: string, versionId: string | null) {
  if (!versionId) return emptyGraph
  const [version] = await tx
    .select({ graph: workflowVersions.graph })
    .from(workflowVersions)
    .where(and(eq(workflowVersions.organizationId, organizationId), eq(workflowVersions.id, versionId)))
  return version?.graph ?? emptyGraph
}

/** The run that started this one, with the step that waits for it. */
async function parentOf(tx: Transaction, caller: Caller, run: { parentRunId: string | null; parentPath: string | null }) {
  const [parent] = run.parentRunId ? await relativesOf(tx, caller, eq(runs.id, run.parentRunId)) : []
  return parent ? { ...parent, path: run.parentPath } : null
}

/** Runs that repeat this one, or a repetition of it, newest first. */
async function replaysOf(tx: Transaction, organizationId: string, run: { id: string; rootId: string }) {
  const chain = await tx
    .select({ id: runs.id, status: runs.status, createdAt: runs.createdAt, replayOfId: runs.replayOfId })
    .from(runs)
    .where(and(eq(runs.organizationId, organizationId), eq(runs.rootId, run.rootId), gt(runs.id, run.id)))
    .orderBy(asc(runs.id))
    .limit(50)
  const repeated = new Set([run.id])
  return chain
    .filter((one) => one.replayOfId !== null && repeated.has(one.replayOfId) && repeated.add(one.id))
    .map(({ id, status, createdAt }) => ({ id, status, createdAt }))
    .reverse()
}

async function eventsOf(tx: Transaction, organizationId: string, runId: string) {
  const events = await tx
    .select({ kind: runEvents.kind, at: runEvents.at, actorId: runEvents.actorId, name: users.name, detail: runEvents.detail })
    .from(runEvents)
    .leftJoin(users, sql`${users.id}::text = ${runEvents.actorId} or 'usr_' || replace(${users.id}::text, '-', '') = ${runEvents.actorId}`)
    .where(and(eq(runEvents.organizationId, organizationId), eq(runEvents.runId, runId)))
    .orderBy(asc(runEvents.id))
    .limit(200)
  return events.map((event) => ({
    kind: event.kind,
    at: event.at,
    by: event.actorId && event.name ? { id: event.actorId, name: event.name } : null,
    detail: (event.detail ?? null) as Json,
  }))
}
