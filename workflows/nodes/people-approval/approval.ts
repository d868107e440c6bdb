import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import type { ApprovalRule, ApprovalTask } from '../../runtime/types'
import type { peopleApproval } from './definition'

type Params = z.output<typeof peopleApproval.params>

/** The task a person sees, when it is decided without one, and how it is decided where one person's word is not all. */
export function approvalOf(params: Params, now: Date): { task: ApprovalTask; dueAt: Date; rule?: ApprovalRule } {
  const rule = ruleOf(params, now)
  return {
    task: {
      title: params.title,
      description: params.description,
      facts: params.facts.map((fact) => ({ label: fact.name, value: fact.value })),
      assigneeIds: params.assignees,
      timeoutPort: params.onTimeout,
    },
    dueAt: new Date(now.getTime() + (params.dueInMs ?? limits.runWaitMs)),
    ...(rule ? { rule } : {}),
  }
}

function ruleOf(params: Params, now: Date): ApprovalRule | undefined {
  const { assignees, needed, neededCount, escalateAfterMs, escalateTo, remindEveryMs } = params
  const people = new Set(assignees).size
  const count = needed === 'all' ? Math.max(1, people) : needed === 'number' ? neededCount : 1
  const escalates = escalateAfterMs !== undefined && escalateTo.length > 0 && people > 0
  // More than there are could never be reached.
  const most = escalates ? new Set([...assignees, ...escalateTo]).size : people
  if (count === 1 && params.form === undefined && !escalates && remindEveryMs === undefined) return undefined
  return {
    needed: people > 0 ? Math.min(count, most) : count,
    ...(params.form === undefined ? {} : { form: params.form as Json }),
    ...(remindEveryMs === undefined ? {} : { remindEveryMs }),
    ...(escalates ? { escalateAt: new Date(now.getTime() + escalateAfterMs).toISOString(), escalateTo } : {}),
  }
}
