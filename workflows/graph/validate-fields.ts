import type { NodeDefinition } from '../nodes/define'
import { checkShapes, mergeShapes, type Shape, type ShapeScope, shapeOfSchema, toShown, unknownShape } from './expressions'
import { escapePointer } from './find-bad-json'
import { literalParams } from './inspect-params'
import type { Graph, GraphEdge, GraphNode, Json, Problem } from './schema'

/** What is known of what steps give, by node id. */
export type Shapes = ReadonlyMap<string, Shape>

type Known = ReadonlyMap<string, { node: GraphNode; definition: NodeDefinition }>

/** Looks for fields that expressions misspell, told from what the steps before last gave. Where nothing is known, nothing is said. */
export function createFieldCheck(graph: Graph, nodes: Known, known: Shapes): (node: GraphNode, definition: NodeDefinition) => Problem[] {
  const steps = new Map(known)
  const triggers = [...nodes.values()].filter(({ definition }) => definition.kind === 'trigger')
  for (const { node, definition } of triggers) {
    const agreed = shapeOfSchema(schemaOf(graph, node, definition))
    if (agreed.kinds.size > 0) steps.set(node.id, mergeShapes([agreed, ...(steps.has(node.id) ? [steps.get(node.id) as Shape] : [])]))
  }
  const [only, ...others] = triggers
  const trigger = (only && others.length === 0 ? steps.get(only.node.id) : undefined) ?? unknownShape
  const idByKey = new Map(graph.nodes.map(({ id, key }) => [key, id]))
  const incoming = new Map<string, GraphEdge[]>()
  const tools = new Set<string>()
  for (const edge of graph.edges) {
    if (edge.toPort === 'tools') tools.add(edge.from)
    else incoming.set(edge.to, [...(incoming.get(edge.to) ?? []), edge])
  }
  const inputOf = (node: GraphNode): Shape => {
    if (tools.has(node.id)) return unknownShape
    // What leaves by the error port is an error and not what the step gives.
    return mergeShapes(
      (incoming.get(node.id) ?? []).map(({ from, fromPort }) => (fromPort === 'error' ? unknownShape : (steps.get(from) ?? unknownShape))),
    )
  }
  return (node, definition) => {
    if (steps.size === 0) return []
    const literal = literalParams(definition)
    const scope: ShapeScope = { input: inputOf(node), trigger, steps, idByKey }
    const found: Problem[] = []
    for (const [param, value] of Object.entries(node.params)) {
      if (!literal.includes(param)) visitTexts(value, `/params/${escapePointer(param)}`, look)
    }
    return found

    function look(text: string, pointer: string): void {
      if (checkShapes(text, scope).length === 0) return
      for (const warning of checkShapes(toShown(text, graph), scope)) {
        const message = `“${node.title}”: ${warning.message}`
        if (found.some((other) => other.pointer === pointer && other.message === message)) continue
        found.push({ code: 'expression.unknown_field', severity: 'warning', nodeId: node.id, pointer, message })
      }
    }
  }
}

/** The JSON Schema that was agreed for what starts a run here. */
function schemaOf(graph: Graph, node: GraphNode, definition: NodeDefinition): Json | undefined {
  if (definition.kind !== 'trigger') return undefined
  if (definition.byHand) return graph.settings?.input
  const form: Record<string, { widget?: string }> = definition.form
  return form.input?.widget === 'json-schema' ? node.params.input : undefined
}

function visitTexts(value: Json, pointer: string, look: (text: string, pointer: string) => void): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) look(value, pointer)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, child] of Object.entries(value)) visitTexts(child, `${pointer}/${escapePointer(key)}`, look)
  }
}
