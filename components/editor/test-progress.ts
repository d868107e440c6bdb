import { containersOf } from '@/workflows/graph/body-edges'
import type { Graph } from '@/workflows/graph/schema'
import { standingOf } from '@/workflows/graph/stopped-at'
import { catalogue } from '@/workflows/nodes/catalogue'

/** What a step gave, and when that was kept. */
interface Result {
  at: Date
  status: string
  port: string | null
}

/** Steps of a test that is under way, and when each had its result before it began. */
export interface Testing {
  nodes: ReadonlySet<string>
  before: ReadonlyMap<string, number>
}

export const noTesting: Testing = { nodes: new Set(), before: new Map() }

export function beginTesting(nodes: Iterable<string>, results: ReadonlyMap<string, Pick<Result, 'at'>>): Testing {
  return { nodes: new Set(nodes), before: new Map([...results].map(([id, { at }]) => [id, at.getTime()])) }
}

/** Which steps of a test have ended, and which may be under way: what stands in a container or hangs from an agent goes with it. */
export function testProgress(
  graph: Graph,
  results: ReadonlyMap<string, Result>,
  { nodes, before }: Testing,
): { done: Set<string>; running: Set<string> } {
  const done = new Set<string>()
  const running = new Set<string>()
  if (nodes.size === 0) return { done, running }
  const taken = new Map<string, string | null>()
  for (const { id, type } of graph.nodes) {
    const result = results.get(id)
    const ended = result !== undefined && result.status !== 'waiting' && result.at.getTime() !== before.get(id)
    if (nodes.has(id) && ended) done.add(id)
    if (catalogue.get(type)?.kind === 'trigger') taken.set(id, 'main')
    else if (result?.status === 'succeeded' && (ended || !nodes.has(id))) taken.set(id, result.port)
  }
  const next = new Set(standingOf(graph, taken, catalogue).next.filter((id) => nodes.has(id) && !done.has(id)))
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const agents = new Map(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => [edge.from, edge.to]))
  for (const id of nodes) {
    const agent = agents.get(id) ?? id
    const outermost = containersOf(agent, byId).at(-1) ?? agent
    // A step that is tested alone stands behind nothing that is known.
    if (!done.has(id) && (next.size === 0 ? done.size === 0 : next.has(outermost))) running.add(id)
  }
  return { done, running }
}
