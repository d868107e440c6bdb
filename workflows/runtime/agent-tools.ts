import type { Json } from '../graph/schema'
import { readToolArguments, type ToolSchema, toolSchemaOf } from '../nodes/agent-tools'
import type { Execution } from './execution'
import type { PlanNode } from './types'

/** What the model is told of a tool, and the node behind it. */
export interface AgentTool extends ToolSchema {
  planned: PlanNode
}

export function toolsOf(execution: Execution, agent: PlanNode): AgentTool[] {
  return agent.tools.flatMap((id) => {
    const planned = execution.plan.nodes.get(id)
    return planned && !planned.settings.disabled ? [{ ...toolSchemaOf(planned.node, planned.params), planned }] : []
  })
}

/** The arguments a model gave, or what is wrong with them in words for the model. */
export function readArguments(tool: AgentTool, text: string): { ok: true; value: Record<string, Json> } | { ok: false; problem: string } {
  const read = readToolArguments(text, tool.planned.params.aiFields)
  return read.ok ? { ok: true, value: read.values } : { ok: false, problem: `${tool.name}: ${read.message}` }
}
