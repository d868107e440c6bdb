import { agentTaskOf } from './ai-agent/agent-task'
import type { ContainerKind, ControlDefinition } from './define'
import { stopErrorOf } from './flow-stop/stop-error'
import { waitUntil } from './flow-wait/wait-until'
import { responseOf } from './http-respond/response'
import { approvalOf } from './people-approval/approval'

/** What the interpreter needs of a control node's evaluated and parsed parameters, by `control`; containers work theirs out as they go. */
export const controls = {
  wait: waitUntil,
  approval: approvalOf,
  agent: agentTaskOf,
  respond: responseOf,
  stop: stopErrorOf,
} as const satisfies Record<Exclude<ControlDefinition['control'], ContainerKind>, unknown>
