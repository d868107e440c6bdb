import type { NodeDefinition } from '../nodes/define'
import { type Callee, callKey } from './call'
import { escapePointer } from './find-bad-json'
import { checkJson } from './json-schema/check-json'
import type { GraphNode, Json, Problem } from './schema'

/**
 * What the workflow that a step runs asks for and this step does not give. What it gets from the step before, or from an expression, is
 * only known while it runs.
 */
export function validateCall(node: GraphNode, definition: NodeDefinition, callees: ReadonlyMap<string, Callee> | undefined): Problem[] {
  const call = definition.kind === 'control' ? definition.calls?.(node.params) : null
  const callee = call && callees?.get(callKey(call))
  const { input } = node.params
  if (!callee || !isObject(callee.schema) || !isObject(input)) return []
  const properties = isObject(callee.schema.properties) ? callee.schema.properties : {}
  const required = Array.isArray(callee.schema.required) ? callee.schema.required : []
  const found: Problem[] = []
  const add = (code: string, name: string, message: string) =>
    found.push({ code, severity: 'error', nodeId: node.id, pointer: `/params/input/${escapePointer(name)}`, message })
  for (const name of required) {
    if (typeof name !== 'string' || Object.hasOwn(input, name)) continue
    add('call.missing', name, `“${name}” is missing in “${node.title}”: “${callee.name}” asks for it.`)
  }
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(properties, name) || JSON.stringify(value).includes('{{')) continue
    const [wrong] = checkJson(value, properties[name])
    if (wrong) add('call.wrong', name, `“${name}” of “${node.title}” is not what “${callee.name}” takes. ${wrong.message}`)
  }
  return found
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
