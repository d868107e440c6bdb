import type { NodeDefinition } from '../nodes/define'
import { bodyOf, containersOf } from './body-edges'
import { checkShapes, mergeShapes, type Shape, type ShapeScope, shapeGiven, shapeOfSchema, toShown, unknownShape } from './expressions'
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
  const parents = new Map(graph.nodes.map((node) => [node.id, node]))
  /** What a loop around the node hands to it, the innermost first. */
  const itemAround = (node: GraphNode): Shape => {
    for (const id of containersOf(node.id, parents)) {
      const around = nodes.get(id)
      if (!around || !bodyOf(around.definition)?.gives.includes('item')) continue
      const item = itemOf(around.node.params.items, scopeOf(around.node))
      return around.node.params.batchSize === undefined || around.node.params.batchSize === 1 ? item : unknownShape
    }
    return unknownShape
  }
  const inputOf = (node: GraphNode): Shape => {
    if (tools.has(node.id)) return unknownShape
    // What leaves by the error port is an error and not what the step gives.
    return mergeShapes(
      (incoming.get(node.id) ?? []).map(({ from, fromPort }) => (fromPort === 'error' ? unknownShape : (steps.get(from) ?? unknownShape))),
    )
  }
  const scopeOf = (node: GraphNode): ShapeScope => ({ input: inputOf(node), item: itemAround(node), trigger, steps, idByKey })
  return (node, definition) => {
    if (steps.size === 0) return []
    const literal = literalParams(definition)
    const around = scopeOf(node)
    // Done for each item, a step reads the item as its input too.
    const each = node.settings.each && itemOf(node.settings.each.items, around)
    const scope = each ? { ...around, input: each, item: each } : around
    const perItem = definition.kind === 'pure' ? (definition.perItem ?? []) : []
    const itemScope = perItem.length > 0 ? { ...scope, item: itemOf(node.params.list, scope) } : scope
    // From the second round on, a round reads what the last one gave.
    const perRound = definition.kind === 'control' ? (definition.perRound ?? []) : []
    const roundScope = { ...scope, input: unknownShape }
    const found: Problem[] = []
    for (const [param, value] of Object.entries(node.params)) {
      const seen = perItem.includes(param) ? itemScope : perRound.includes(param) ? roundScope : scope
      if (!literal.includes(param)) visitTexts(value, `/params/${escapePointer(param)}`, (text, pointer) => look(text, pointer, seen))
    }
    return found

    function look(text: string, pointer: string, seen: ShapeScope): void {
      const stored = checkShapes(text, seen)
      if (stored.length === 0) return
      const shown = checkShapes(toShown(text, graph), seen)
      for (const [index, warning] of shown.entries()) {
        const message = `“${node.title}”: ${warning.message}`
        if (found.some((other) => other.pointer === pointer && other.message === message)) continue
        // Both are read in the same order; places are those of the text as it is stored.
        const instead = shown.length === stored.length ? stored[index]?.instead : undefined
        found.push({
          code: 'expression.unknown_field',
          severity: 'warning',
          nodeId: node.id,
          pointer,
          message,
          ...(instead ? { instead } : {}),
        })
      }
    }
  }
}

/** What is known of an item of the list that a parameter names; left empty, the input is the list. */
function itemOf(named: Json | undefined, scope: ShapeScope): Shape {
  const empty = named === undefined || named === null || named === ''
  const list = empty ? scope.input : typeof named === 'string' ? shapeGiven(named, scope) : undefined
  return (list?.kinds.size === 1 && list.kinds.has('list') ? list.item : undefined) ?? unknownShape
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
