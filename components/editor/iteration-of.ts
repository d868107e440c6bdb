import { containersOf } from '@/workflows/graph/body-edges'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Graph } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { DraftResult } from './editor-context'

/** The innermost container around a step that hands it an item. */
export function loopOf(graph: Pick<Graph, 'nodes'>, nodeId: string): string | null {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const gives = (id: string) => {
    const node = nodes.get(id)
    const definition = node && definitionOf(node, catalogue)
    return definition?.kind === 'control' && definition.body?.gives.includes('item') === true
  }
  return containersOf(nodeId, nodes).find(gives) ?? null
}

/** The iteration of a loop that a path leads through; null where it leads past it. */
export function iterationIn(path: string, loopId: string): number | null {
  const names = path.split('/')
  const place = names.indexOf(loopId)
  // An item that is tried again has a point and the number of the try behind its own.
  const number = place < 0 ? Number.NaN : Number.parseInt(names[place + 1] ?? '', 10)
  return Number.isNaN(number) ? null : number
}

/** The iteration of a loop that the results of its steps are from; null where they are from none. */
export function shownIteration(results: ReadonlyMap<string, Pick<DraftResult, 'iteration'>>, loopId: string): number | null {
  for (const { iteration } of results.values()) {
    const number = iteration ? iterationIn(iteration.path, loopId) : null
    if (number !== null) return number
  }
  return null
}

/** The results with those of the steps in a loop from another of its iterations; what did not run there gave nothing. */
export function withIteration<Result extends Pick<DraftResult, 'nodeId' | 'iteration'>>(
  results: ReadonlyMap<string, Result>,
  loopId: string,
  rows: readonly Result[],
): ReadonlyMap<string, Result> {
  const outside = [...results].filter(([, { iteration }]) => !iteration || iterationIn(iteration.path, loopId) === null)
  return new Map([...outside, ...rows.map((one) => [one.nodeId, one] as const)])
}
