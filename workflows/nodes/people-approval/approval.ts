import type { z } from 'zod'
import { limits } from '../../limits'
import type { ApprovalTask } from '../../runtime/types'
import type { peopleApproval } from './definition'

/** The task a person sees, and when it is decided without one. */
export function approvalOf(params: z.output<typeof peopleApproval.params>, now: Date): { task: ApprovalTask; dueAt: Date } {
  return {
    task: {
      title: params.title,
      description: params.description,
      facts: params.facts.map((fact) => ({ label: fact.name, value: fact.value })),
      assigneeIds: params.assignees,
      timeoutPort: params.onTimeout,
    },
    dueAt: new Date(now.getTime() + (params.dueInMs ?? limits.runWaitMs)),
  }
}
