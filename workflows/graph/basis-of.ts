import type { Catalogue } from './catalogue'
import { contentHash } from './content-hash'
import type { Graph, GraphEdge, GraphNode, Json } from './schema'

const own = new WeakMap<GraphNode, string>()

/** What of a node decides its result; its place on the canvas and its note do not. */
export function hashOfNode(node: GraphNode): string {
  const known = own.get(node)
  if (known) return known
  const { note: _note, ...settings } = node.settings
  const hash = contentHash([node.type, node.version, node.params, settings])
  own.set(node, hash)
  return hash
}

/** The basis of an output that a person fixed: what stands before it does not matter any more. */
export function basisOfPinned(output: Json): string {
  return contentHash(['pinned', output])
}

/**
 * What each node's result stands on: the node itself and everything before it. Another basis than a result was recorded with means
 * that the result is stale. `fixed` are the bases of results that are taken as they are. Of a trigger only its type counts: what it
 * gives comes from outside. `asked` names the nodes to begin with; what they stand on comes along, the rest of the graph does not.
 */
export function basesOf(
  graph: Graph,
  catalogue: Catalogue,
  fixed: ReadonlyMap<string, string> = new Map(),
  asked: Iterable<string> = graph.nodes.map((node) => node.id),
): Map<string, string> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const incoming = new Map<string, GraphEdge[]>()
  for (const edge of graph.edges) {
    const list = incoming.get(edge.to)
    if (list) list.push(edge)
    else incoming.set(edge.to, [edge])
  }
  const bases = new Map<string, string>()
  const open = new Set<string>()
  for (const start of asked) {
    const todo = [start]
    while (todo.length > 0) {
      const id = todo.at(-1) as string
      const node = nodes.get(id)
      const known = fixed.get(id)
      if (bases.has(id) || !node || known !== undefined) {
        if (known !== undefined) bases.set(id, known)
        todo.pop()
        continue
      }
      const edges = incoming.get(id) ?? []
      const missing = edges.map((edge) => edge.from).filter((from) => nodes.has(from) && !bases.has(from) && !open.has(from))
      if (missing.length > 0 && !open.has(id)) {
        open.add(id)
        todo.push(...missing)
        continue
      }
      open.delete(id)
      bases.set(
        id,
        contentHash([
          catalogue.get(node.type)?.kind === 'trigger' ? node.type : hashOfNode(node),
          edges.map((edge) => [edge.fromPort, edge.toPort, bases.get(edge.from) ?? 'loop']),
        ]),
      )
      todo.pop()
    }
  }
  return bases
}
