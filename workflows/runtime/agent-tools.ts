import type { AiField } from '../graph/expressions'
import type { Json } from '../graph/schema'
import { readJson } from '../nodes/read-json'
import type { Execution } from './execution'
import type { PlanNode } from './types'

/** What the model is told of a tool: its parameters are the `$ai(…)` markers of the node's params. */
export interface AgentTool {
  name: string
  description: string
  parameters: Json
  planned: PlanNode
}

export function toolsOf(execution: Execution, agent: PlanNode): AgentTool[] {
  return agent.tools.flatMap((id) => {
    const planned = execution.plan.nodes.get(id)
    if (!planned || planned.settings.disabled) return []
    const { node, definition } = planned
    const description = node.settings.note.trim() || `${node.title}. ${definition.summary}`
    return [{ name: node.key, description: description.slice(0, 1_000), parameters: parametersOf(planned.params.aiFields), planned }]
  })
}

function parametersOf(fields: readonly AiField[]): Json {
  const properties: Record<string, Json> = {}
  for (const { name, description, type } of fields) properties[name] = { type, description }
  return { type: 'object', properties, required: fields.map((field) => field.name), additionalProperties: false }
}

/** The arguments a model gave, or what is wrong with them in words for the model. */
export function readArguments(tool: AgentTool, text: string): { ok: true; value: Record<string, Json> } | { ok: false; problem: string } {
  const parsed = readJson(text.trim() === '' ? '{}' : text)
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value)) {
    return { ok: false, problem: `The arguments of ${tool.name} are not a JSON object.` }
  }
  const given = parsed.value
  const kept: Record<string, Json> = {}
  for (const { name, type } of tool.planned.params.aiFields) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined) return { ok: false, problem: `${tool.name} needs "${name}" (${type}).` }
    const fitting = asType(value, type)
    if (fitting === undefined) return { ok: false, problem: `"${name}" of ${tool.name} must be of type ${type}.` }
    kept[name] = fitting
  }
  return { ok: true, value: kept }
}

/** Models often send numbers and yes or no as text. */
function asType(value: Json, type: AiField['type']): Json | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
    case 'number':
    case 'integer': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number) && (type === 'number' || Number.isInteger(number)) ? number : undefined
    }
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : typeof value === 'boolean' ? value : undefined
    case 'array':
      return Array.isArray(value) ? value : undefined
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  }
}
