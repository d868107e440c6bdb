import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { fromUuid } from '@/db/ids'
import { type AlertKind, deadLetters, organizations, runWaits, tasks, users, workflows } from '@/db/schema'
import { config } from '@/server/config'
import { mayDecideNow, readRule } from '@/server/services/tasks/approval-rule'

interface AlertBody {
  kind: AlertKind | 'test'
  /** One sentence; chat systems show it. */
  text: string
  url: string
  organization: { id: string; name: string }
  [more: string]: unknown
}

export interface Alert {
  body: AlertBody
  projectId: string
}

/** What is told, read when it is sent; null where nobody has to hear it any more. */
export async function alertBody(tx: Transaction, kind: AlertKind, subjectId: string): Promise<Alert | null> {
  const [organization] = await tx.select({ id: organizations.id, name: organizations.name, slug: organizations.slug }).from(organizations)
  if (!organization) return null
  const { slug, ...shown } = organization
  const at = `${config().url}/o/${slug}`
  return kind === 'run.failed'
    ? failureBody(tx, fromUuid('dl', subjectId), { at, shown })
    : taskBody(tx, kind, fromUuid('task', subjectId), { at, shown })
}

interface Where {
  at: string
  shown: { id: string; name: string }
}

async function taskBody(
  tx: Transaction,
  kind: Exclude<AlertKind, 'run.failed'>,
  taskId: string,
  { at, shown }: Where,
): Promise<Alert | null> {
  const [task] = await tx.select().from(tasks).where(eq(tasks.id, taskId))
  if (task?.state !== 'open') return null
  const [wait] = await tx
    .select({ detail: runWaits.detail })
    .from(runWaits)
    .where(and(eq(runWaits.runId, task.runId), eq(runWaits.path, task.path), eq(runWaits.attempt, task.attempt)))
  const who = mayDecideNow(task.assigneeIds, readRule(wait?.detail), new Date())
  const workflow = await workflowOf(tx, task.workflowId)
  const url = `${at}/tasks/${task.id}`
  const how = {
    'task.opened': 'waits for a decision',
    'task.reminder': 'still waits for a decision',
    'task.escalated': 'was not decided in time',
  }
  return {
    projectId: task.projectId,
    body: {
      kind,
      text: `“${task.title}” ${how[kind]} (${workflow.name}): ${url}`,
      url,
      organization: shown,
      workflow,
      run: { id: task.runId, url: `${at}/runs/${task.runId}` },
      task: {
        id: task.id,
        title: task.title,
        createdAt: task.createdAt,
        dueAt: task.dueAt,
        reminders: task.reminders,
        /** Empty: whoever may decide tasks. */
        assignees: await peopleOf(tx, who),
      },
    },
  }
}

async function failureBody(tx: Transaction, letterId: string, { at, shown }: Where): Promise<Alert | null> {
  const [letter] = await tx.select().from(deadLetters).where(eq(deadLetters.id, letterId))
  if (!letter) return null
  const workflow = await workflowOf(tx, letter.workflowId)
  const url = `${at}/runs/${letter.runId}`
  const [owner] = letter.ownerId ? await peopleOf(tx, [letter.ownerId]) : []
  return {
    projectId: letter.projectId,
    body: {
      kind: 'run.failed',
      text: `${workflow.name} failed at “${letter.nodeTitle}”: ${letter.message} ${url}`,
      url,
      organization: shown,
      workflow,
      run: { id: letter.runId, url },
      step: { path: letter.failedPath, title: letter.nodeTitle },
      error: { class: letter.class, message: letter.message, hint: letter.hint },
      deadLetter: { id: letter.id },
      owner: owner ?? null,
    },
  }
}

async function workflowOf(tx: Transaction, id: string): Promise<{ id: string; name: string }> {
  const [workflow] = await tx.select({ id: workflows.id, name: workflows.name }).from(workflows).where(eq(workflows.id, id))
  return workflow ?? { id, name: '' }
}

function peopleOf(tx: Transaction, ids: readonly string[]) {
  const known = ids.flatMap((id) => (/^usr_[0-9a-f]{32}$/.test(id) ? [id] : []))
  if (known.length === 0) return Promise.resolve([])
  return tx.select({ id: users.id, name: users.name, email: users.email }).from(users).where(inArray(users.id, known))
}
