import { basesOf } from './basis-of'
import type { Catalogue } from './catalogue'
import type { Graph } from './schema'

interface Result {
  nodeId: string
  port: string | null
  pinned: boolean
  /** Null for what came from outside: it is never stale itself. */
  basis: string | null
  at: Date
}

/**
 * Nodes whose result no longer is what they would give: they or something before them were changed, or what comes in was made anew
 * since. What is pinned is never stale, and keeps what follows it fresh.
 */
export function staleResults(graph: Graph, results: Iterable<Result>, catalogue: Catalogue): Set<string> {
  const known = new Map<string, Result>()
  for (const result of results) known.set(result.nodeId, result)
  const fixed = [...known.values()].flatMap(({ nodeId, pinned, basis }): [string, string][] => (pinned && basis ? [[nodeId, basis]] : []))
  const bases = basesOf(graph, catalogue, new Map(fixed), known.keys())
  const stale = new Set<string>()
  const todo: string[] = []
  const mark = (id: string) => {
    const result = known.get(id)
    if (!result || result.pinned || stale.has(id)) return
    stale.add(id)
    todo.push(id)
  }
  const fired = graph.edges.filter((edge) => {
    const port = known.get(edge.from)?.port
    return edge.toPort !== 'tools' && (port === edge.fromPort || port === null)
  })
  for (const { nodeId, basis } of known.values()) if (basis !== null && basis !== bases.get(nodeId)) mark(nodeId)
  for (const edge of fired) {
    const [from, to] = [known.get(edge.from), known.get(edge.to)]
    if (from && to && from.at > to.at) mark(edge.to)
  }
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) for (const edge of fired) if (edge.from === id) mark(edge.to)
  // What stands in a container was made for what came into that.
  const parents = new Map(graph.nodes.flatMap((node): [string, string][] => (node.parent === undefined ? [] : [[node.id, node.parent]])))
  for (const { nodeId, pinned } of known.values()) {
    const around: string[] = []
    for (let id = parents.get(nodeId); id !== undefined && !around.includes(id); id = parents.get(id)) around.push(id)
    if (!pinned && around.some((id) => stale.has(id))) stale.add(nodeId)
  }
  return stale
}
