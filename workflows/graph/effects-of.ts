import type { NodeDefinition, Outside } from '../nodes/define'
import { type Catalogue, definitionOf } from './catalogue'
import type { Graph, GraphNode, Json } from './schema'

export interface TestEffect {
  nodeId: string
  title: string
  /** What the node's card says below its title. */
  line: string
  outside: Outside
  /** Tools that this agent may call, each of which does something outside. */
  tools: { title: string; line: string }[]
}

/** What running a node really does outside; null for what only computes or reads. */
export function outsideOf(definition: NodeDefinition, params: Record<string, Json>): Outside | null {
  if (definition.outside) return definition.outside(params)
  return definition.kind === 'effect' && definition.safe?.(params) !== true ? 'sends' : null
}

/** What a test of this part would really do outside, in the graph's order. A tool counts for the agent that may call it. */
export function effectsOf(graph: Graph, runs: readonly string[], catalogue: Catalogue): TestEffect[] {
  const running = new Set(runs)
  const tools = new Map<string, string[]>()
  const isTool = new Set<string>()
  for (const edge of graph.edges) {
    if (edge.toPort !== 'tools') continue
    tools.set(edge.to, [...(tools.get(edge.to) ?? []), edge.from])
    isTool.add(edge.from)
  }
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const own = (node: GraphNode | undefined) => {
    const definition = node && !node.settings.disabled ? definitionOf(node, catalogue) : null
    return definition && node ? outsideOf(definition, node.params) : null
  }
  return graph.nodes.flatMap((node) => {
    if (!running.has(node.id) || isTool.has(node.id)) return []
    const called = (tools.get(node.id) ?? []).flatMap((id) => {
      const tool = nodes.get(id)
      return tool && own(tool) ? [{ title: tool.title, line: lineOf(tool, catalogue) }] : []
    })
    const outside = own(node) ?? (called.length > 0 ? 'sends' : null)
    return outside ? [{ nodeId: node.id, title: node.title, line: lineOf(node, catalogue), outside, tools: called }] : []
  })
}

function lineOf(node: GraphNode, catalogue: Catalogue): string {
  const definition = definitionOf(node, catalogue)
  try {
    return definition?.subtitle?.(node.params, definition.form) ?? definition?.title ?? ''
  } catch {
    return definition?.title ?? ''
  }
}
