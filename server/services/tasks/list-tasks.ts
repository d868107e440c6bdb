import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, can } from '@/server/auth/caller'
import { pageFrom, readIdCursor, writeCursor } from '@/server/services/cursor'
import { idFrom, type Row, rowsOf, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import { projectFilter } from '@/server/services/workflows/list-workflows'
import { hasVoted, lacksPeople, mayDecideNow, readRule, type VotedRule } from './approval-rule'
import type { listTasksInput, TaskItem } from './contract'

export function listTasks(caller: Caller, input: z.infer<typeof listTasksInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const where: SQL[] = []
    if (input.state === 'closed') where.push(sql`t.state in ('approved', 'declined', 'expired', 'cancelled')`)
    else if (input.state) where.push(sql`t.state = ${input.state}`)
    if (input.mine) where.push(givenTo(caller))
    if (input.projectId) where.push(sql`t.project_id = ${toUuid(input.projectId, 'prj')}::uuid`)
    if (input.cursor) where.push(sql`t.id < ${readIdCursor(input.cursor)}::uuid`)
    return pageFrom(await findTasks(tx, caller, where, input.limit + 1), input.limit, (item) => writeCursor([toUuid(item.id, 'task')]))
  })
}

export async function findTasks(tx: Transaction, caller: Caller, where: readonly SQL[], limit: number): Promise<TaskItem[]> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`
    select t.*, w.name as workflow_name, u.name as decider, a.detail as rule,
      (select coalesce(jsonb_agg(jsonb_build_object('id', 'usr_' || replace(p.id::text, '-', ''), 'name', p.name)), '[]') from users p
        where p.id::text = any(t.assignee_ids) or 'usr_' || replace(p.id::text, '-', '') = any(t.assignee_ids)) as assignees
      , (select coalesce(jsonb_agg(m.id), '[]') from (${membersNamed(org)}) m) as here
    from tasks t join workflows w on w.organization_id = ${org} and w.id = t.workflow_id left join users u on u.id = t.decided_by
      left join run_waits a on a.organization_id = ${org} and a.run_id = t.run_id and a.path = t.path and a.attempt = t.attempt
    where t.organization_id = ${org} and ${projectFilter(caller, 'task.read')} ${where.length > 0 ? sql`and ${sql.join([...where], sql` and `)}` : sql``}
    order by t.id desc limit ${limit}`,
  )
  return rows.map((row) => taskFrom(row, caller))
}

function taskFrom(row: Row, caller: Caller): TaskItem {
  const projectId = idFrom('prj', row.project_id)
  const rule = readRule(row.rule)
  const assigneeIds = mayDecideNow(row.assignee_ids as string[], rule, new Date())
  return {
    id: idFrom('task', row.id),
    runId: idFrom('run', row.run_id),
    path: String(row.path),
    workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
    projectId,
    kind: String(row.kind),
    title: String(row.title),
    description: String(row.description),
    facts: row.facts as TaskItem['facts'],
    assignees: row.assignees as TaskItem['assignees'],
    state: row.state as TaskItem['state'],
    dueAt: timeOrNull(row.due_at),
    createdAt: timeFrom(row.created_at),
    decidedAt: timeOrNull(row.decided_at),
    decidedBy: row.decided_by ? { id: idFrom('usr', row.decided_by), name: textOrNull(row.decider) ?? '' } : null,
    comment: textOrNull(row.comment),
    needed: rule.needed,
    form: rule.form ?? null,
    votes: rule.votes.map(({ by, decision, comment, at }) => ({ by, decision, comment, at: new Date(at) })),
    reminders: Number(row.reminders),
    remindedAt: timeOrNull(row.reminded_at),
    escalatedAt: timeOrNull(row.escalated_at),
    canDecide:
      row.state === 'open' &&
      can(caller, 'task.decide', projectId) &&
      (isAssigned(assigneeIds, caller.userId) || standsIn(caller, row.assignee_ids as string[], rule, row.here as string[])) &&
      !hasVoted(rule, caller.userId),
  }
}

/** Those named for a task `t` with the wait `a` who belong to the organization, by the ids that they are named with. */
export function membersNamed(organization: string): SQL {
  return sql`select i.id from memberships m cross join lateral (values (m.user_id::text), ('usr_' || replace(m.user_id::text, '-', ''))) i (id)
    where m.organization_id = ${organization} and m.status = 'active' and (i.id = any(t.assignee_ids) or a.detail -> 'escalateTo' ? i.id)`
}

/** Where those who were named left the organization, owners and admins decide in their place. */
export function standsIn(caller: Caller, assigneeIds: readonly string[], rule: VotedRule, hereIds: readonly string[]): boolean {
  return can(caller, 'people.manage') && lacksPeople(assigneeIds, rule, hereIds)
}

/** For `findTasks`: what is assigned to the caller, to nobody, or by now to those who are asked after a while. */
export function givenTo({ userId }: Caller): SQL {
  const me = sql`array[${userId}, ${toUuid(userId, 'usr')}]::text[]`
  return sql`(cardinality(t.assignee_ids) = 0 or t.assignee_ids && ${me}
    or ((a.detail ->> 'escalateAt')::timestamptz <= now() and a.detail -> 'escalateTo' ?| ${me}))`
}

/** With nobody named, whoever may decide tasks may decide this one. */
export function isAssigned(assigneeIds: readonly string[], userId: string): boolean {
  return assigneeIds.length === 0 || assigneeIds.includes(userId) || assigneeIds.includes(toUuid(userId, 'usr'))
}
