import { type Catalogue, definitionOf } from './catalogue'
import type { Graph, GraphNode, Json } from './schema'

/** What this node gave, where that is known. */
type Known = (nodeId: string) => Json | undefined

/**
 * What a node's output looks like before there is one: its kind's example; for a container what its last steps give, in the shape that the
 * container makes of it; for what only decides or waits what comes in. Undefined where nobody knows.
 */
export function sampleOf(graph: Pick<Graph, 'nodes' | 'edges'>, node: GraphNode, known: Known, catalogue: Catalogue): Json | undefined {
  return look(graph, node, known, catalogue, new Set())
}

function look(
  graph: Pick<Graph, 'nodes' | 'edges'>,
  node: GraphNode,
  known: Known,
  catalogue: Catalogue,
  above: ReadonlySet<string>,
): Json | undefined {
  const definition = definitionOf(node, catalogue)
  if (!definition || above.has(node.id)) return undefined
  const inner = (one: GraphNode) => known(one.id) ?? look(graph, one, known, catalogue, new Set([...above, node.id]))
  if (definition.kind === 'control' && definition.body) {
    const ends = endsIn(graph, node, catalogue).flatMap((end): [string, Json][] => {
      const value = inner(end)
      return value === undefined ? [] : [[end.key, value]]
    })
    const given = containerSample(definition.control, node, ends)
    if (given !== undefined) return given
  }
  if (definition.passesOn) {
    const from = graph.edges.find((edge) => edge.to === node.id)?.from
    const source = graph.nodes.find((one) => one.id === from)
    return source && inner(source)
  }
  const own = definition.sampleFor?.(node.params) ?? definition.sample
  const each = node.settings.each
  if (own === undefined || !each) return own
  return each.onItemError === 'collect' ? { results: [own], errors: [] } : [own]
}

function containerSample(control: string, node: GraphNode, ends: readonly (readonly [string, Json])[]): Json | undefined {
  const [first] = ends
  if (!first) return undefined
  const byKey = Object.fromEntries(ends)
  if (control === 'parallel') return (node.params.until ?? 'all') === 'all' ? byKey : first[1]
  const one = ends.length === 1 ? first[1] : byKey
  if (control !== 'for_each') return one
  return node.params.onItemError === 'collect' ? { results: [one], errors: [] } : [one]
}

/** The steps in a container that nothing goes on from; not those that only run after a failure, or in any case. */
export function endsIn(graph: Pick<Graph, 'nodes' | 'edges'>, container: GraphNode, catalogue: Catalogue): GraphNode[] {
  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from))
  const inside = new Map(
    graph.nodes
      .filter((node) => node.parent === container.id && !tools.has(node.id) && definitionOf(node, catalogue)?.kind !== 'note')
      .map((node) => [node.id, node]),
  )
  const aside = new Set(graph.edges.filter((edge) => edge.from === container.id && inside.has(edge.to)).map((edge) => edge.to))
  for (const id of aside) for (const edge of graph.edges) if (edge.from === id && inside.has(edge.to)) aside.add(edge.to)
  const leads = new Set(graph.edges.filter((edge) => inside.has(edge.from) && inside.has(edge.to)).map((edge) => edge.from))
  return [...inside.values()].filter((node) => !leads.has(node.id) && !aside.has(node.id))
}
