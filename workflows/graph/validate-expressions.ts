import type { NodeDefinition } from '../nodes/define'
import { didYouMean } from './expressions/suggest'
import { inspectParams } from './inspect-params'
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
  const { compiled, problems, references } = inspectParams(node, definition, context.keys)
  const found: Problem[] = problems.map(({ code, message, pointer }) => ({
    code,
    severity: 'error',
    nodeId: node.id,
    pointer: `/params${pointer}`,
    message: `“${node.title}”: ${message}`,
  }))
  const add = (code: string, pointer: string, message: string, severity: Problem['severity'] = 'error') => {
    if (found.some((other) => other.pointer === `/params${pointer}` && other.message === message)) return
    found.push({ code, severity, nodeId: node.id, pointer: `/params${pointer}`, message })
  }
  const perItem = definition.kind === 'pure' ? (definition.perItem ?? []) : []
  for (const { pointer, param, reference } of references) {
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
    if ((root === 'item' || root === 'index') && !perItem.includes(param)) {
      add('expression.no_item', pointer, `“${root}” is there only where something is looked at item by item. Use input or a step instead.`)
    }
  }
  if (compiled.aiFields.length > 0 && !context.tools.has(node.id)) {
    add(
      'expression.ai_outside_tool',
      '',
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
  if (targetId === node.id)
    add('expression.own_output', `“${node.title}” reads its own output, which is not there yet. Read input instead.`)
  else if (target.definition.kind === 'note') add('expression.unknown_step', `“${title}” is a note and has no data.`)
  else if (tools.has(targetId)) add('expression.not_upstream', `“${key}” is a tool of an agent: its data is in the agent’s output.`)
  else if (!runsBefore(targetId, node.id)) {
    add(
      'expression.not_upstream',
      `“${title}” (${key}) does not run before “${node.title}”, so its data is not there. Connect it further up or read another step.`,
    )
  }
}
