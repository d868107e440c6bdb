import { agentTaskOf } from './ai-agent/agent-task'
import type { ContainerKind, ControlDefinition, GateKind } from './define'
import { stopOf } from './flow-stop/stop'
import { childOf } from './flow-sub-workflow/child'
import { waitUntil } from './flow-wait/wait-until'
import { callbackOf } from './flow-wait-callback/callback'
import { eventOf } from './flow-wait-event/event'
import { responseOf } from './http-respond/response'
import { approvalOf } from './people-approval/approval'

/** What the interpreter needs of a control node's evaluated and parsed parameters, by `control`; containers work theirs out as they go. */
export const controls = {
  wait: waitUntil,
  approval: approvalOf,
  agent: agentTaskOf,
  respond: responseOf,
  stop: stopOf,
  child: childOf,
  callback: callbackOf,
  event: eventOf,
} as const satisfies Record<Exclude<ControlDefinition['control'], ContainerKind | GateKind>, unknown>
