import { agentTaskOf } from './ai-agent/agent-task'
import type { ControlDefinition } from './define'
import { stopErrorOf } from './flow-stop/stop-error'
import { waitUntil } from './flow-wait/wait-until'
import { responseOf } from './http-respond/response'
import { approvalOf } from './people-approval/approval'

/** What the interpreter needs of a control node's evaluated and parsed parameters, by `control`. */
export const controls = {
  wait: waitUntil,
  approval: approvalOf,
  agent: agentTaskOf,
  respond: responseOf,
  stop: stopErrorOf,
} as const satisfies Record<ControlDefinition['control'], unknown>
