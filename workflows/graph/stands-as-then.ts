import { hashOfNode } from './basis-of'
import type { Catalogue } from './catalogue'
import type { Graph } from './schema'
import { upstreamOf } from './upstream-of'

/** Whether a node and everything that led to it in an older graph are still what they were. What a trigger gives comes from outside: it does not count. */
export function standsAsThen(then: Graph, now: Graph, nodeId: string, catalogue: Catalogue): boolean {
  const before = new Map(then.nodes.map((node) => [node.id, node]))
  const nodes = new Map(now.nodes.map((node) => [node.id, node]))
  return [nodeId, ...upstreamOf(then, nodeId)].every((id) => {
    const [was, is] = [before.get(id), nodes.get(id)]
    if (!was || catalogue.get(was.type)?.kind === 'trigger') return true
    return is !== undefined && hashOfNode(is) === hashOfNode(was)
  })
}
