import type { NodeDefinition } from '../nodes/define'
import { bodyOf, containersOf } from './body-edges'
import { didYouMean } from './expressions/suggest'
import { inspectParams, inspectSettings } from './inspect-params'
import type { Graph, GraphNode, Problem } from './schema'

export interface ReadContext {
  graph: Graph
  nodes: ReadonlyMap<string, { node: GraphNode; definition: NodeDefinition }>
  keys: Readonly<Record<string, string>>
  runsBefore: (earlier: string, later: string) => boolean
  variables: ReadonlySet<string> | undefined
  tools: ReadonlySet<string>
}

/** Expressions that cannot be read, and those that read what is not there when the node runs. */
export function validateExpressions(node: GraphNode, definition: NodeDefinition, context: ReadContext): Problem[] {
  const inspected = inspectParams(node, definition, context.keys)
  const settings = inspectSettings(node, context.keys)
  const { compiled } = inspected
  const found: Problem[] = []
  const add = (code: string, pointer: string, message: string, severity: Problem['severity'] = 'error') => {
    if (found.some((other) => other.pointer === pointer && other.message === message)) return
    found.push({ code, severity, nodeId: node.id, pointer, message })
  }
  for (const { code, message, pointer } of inspected.problems) add(code, `/params${pointer}`, `“${node.title}”: ${message}`)
  for (const { code, message, pointer } of settings?.problems ?? []) add(code, `/settings${pointer}`, `“${node.title}”: ${message}`)
  const perItem = definition.kind === 'pure' || definition.kind === 'control' ? (definition.perItem ?? []) : []
  const perRound = definition.kind === 'control' ? (definition.perRound ?? []) : []
  const outside = givenAround(node, context)
  const inside = node.settings.each ? new Set<string>(['item', 'index']) : outside
  const references = [
    ...inspected.references.map((one) => ({ ...one, pointer: `/params${one.pointer}`, given: inside })),
    ...(settings?.references ?? []).map((one) => ({
      ...one,
      pointer: `/settings${one.pointer}`,
      given: one.param === 'cacheKey' ? inside : outside,
    })),
  ]
  for (const { pointer, param, reference, given } of references) {
    const { root, name } = reference
    if (root === 'steps' && name !== undefined)
      checkStep(node, name, reference.nodeId, context, (code, message) => add(code, pointer, message))
    if (root === 'vars' && name !== undefined && context.variables && !context.variables.has(name)) {
      add(
        'expression.unknown_variable',
        pointer,
        `There is no variable called “${name}”.${didYouMean(name, context.variables)} Add it under Variables.`,
        'warning',
      )
    }
    const isRound = root === 'index' && perRound.includes(param)
    if ((root === 'item' || root === 'index') && !perItem.includes(param) && !given.has(root) && !isRound) {
      add('expression.no_item', pointer, `“${root}” is there only where something is looked at item by item. Use input or a step instead.`)
    }
  }
  if (compiled.aiFields.length > 0 && !context.tools.has(node.id)) {
    add(
      'expression.ai_outside_tool',
      '/params',
      `“${node.title}” leaves fields to a model with $ai, but is no tool of an agent. Connect it to an agent’s tools port.`,
    )
  }
  return found
}

function checkStep(
  node: GraphNode,
  name: string,
  nodeId: string | undefined,
  { nodes, keys, graph, runsBefore, tools }: ReadContext,
  add: (code: string, message: string) => void,
): void {
  const id = nodeId ?? graph.nodes.find((other) => other.key === name)?.id
  const target = id === undefined ? undefined : nodes.get(id)
  if (!target) {
    if (id !== undefined && nodeId !== undefined)
      add('expression.unknown_step', `“${node.title}” reads from a step that was removed. Choose another one.`)
    else add('expression.unknown_step', `There is no step called “${name}”.${didYouMean(name, Object.values(keys))}`)
    return
  }
  const { title, key, id: targetId } = target.node
  const parents = parentsOf(graph)
  if (targetId === node.id)
    add('expression.own_output', `“${node.title}” reads its own output, which is not there yet. Read input instead.`)
  else if (target.definition.kind === 'note') add('expression.unknown_step', `“${title}” is a note and has no data.`)
  else if (tools.has(targetId)) add('expression.not_upstream', `“${key}” is a tool of an agent: its data is in the agent’s output.`)
  else if (containersOf(node.id, parents).includes(targetId)) {
    add('expression.container_output', `“${title}” (${key}) is not done while “${node.title}” runs inside it. Read input or item instead.`)
  } else if (isInsideOther(targetId, node.id, parents)) {
    const container = parents.get(parents.get(targetId)?.parent ?? '')?.title ?? 'its container'
    add(
      'expression.inside_container',
      `“${title}” (${key}) runs inside “${container}”, perhaps many times: its data is not there outside. Read the output of “${container}”.`,
    )
  } else if (!runsBefore(targetId, node.id)) {
    add(
      'expression.not_upstream',
      `“${title}” (${key}) does not run before “${node.title}”, so its data is not there. Connect it further up or read another step.`,
    )
  }
}

/** What loops around a node give to its expressions. */
function givenAround(node: GraphNode, { nodes, graph }: ReadContext): ReadonlySet<string> {
  if (node.parent === undefined) return new Set()
  return new Set(containersOf(node.id, parentsOf(graph)).flatMap((id) => bodyOf(nodes.get(id)?.definition)?.gives ?? []))
}

/** Whether a step stands in a container that the reader does not stand in. */
function isInsideOther(targetId: string, readerId: string, parents: ReadonlyMap<string, GraphNode>): boolean {
  const parent = parents.get(targetId)?.parent
  return parent !== undefined && !containersOf(readerId, parents).includes(parent)
}

const known = new WeakMap<Graph, ReadonlyMap<string, GraphNode>>()

function parentsOf(graph: Graph): ReadonlyMap<string, GraphNode> {
  const there = known.get(graph)
  if (there) return there
  const made = new Map(graph.nodes.map((node) => [node.id, node]))
  known.set(graph, made)
  return made
}
