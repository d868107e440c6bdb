import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import type { Graph, GraphNode, Problem } from '../schema'
import type { Operation, OperationResult } from './schema'

/** What every kind of edit says about itself; the canvas, undo and the server use nothing else. */
export interface OperationRule<Args> {
  apply(graph: Graph, args: Args, catalogue: Catalogue): OperationResult<Graph>
  /** What takes it back, made on the graph before it; null where it changes nothing there. */
  invert(before: Graph, args: Args, catalogue: Catalogue): Operation | null
  /** In words for a toast: "Moved 3 nodes". */
  describe(args: Args, graph: Graph): string
  /** What it writes, e.g. `node/k3f9/params/url`; a prefix stands for everything below it. */
  touches(args: Args): readonly string[]
}

export function done(value: Graph): OperationResult<Graph> {
  return { ok: true, value }
}

export function refuse(code: string, message: string, where: Partial<Problem> = {}): { ok: false; problem: Problem } {
  return { ok: false, problem: { code, severity: 'error', message, ...where } }
}

export function findNode(graph: Graph, id: string): GraphNode | undefined {
  return graph.nodes.find((node) => node.id === id)
}

export function nodeGone(nodeId: string): { ok: false; problem: Problem } {
  return refuse('node.unknown', 'This node was removed in the meantime. Undo its removal to go on with it.', { nodeId })
}

/** What a locked node answers to every edit but its unlocking; null for one that is free. */
export function refuseLocked(node: GraphNode): { ok: false; problem: Problem } | null {
  return node.locked ? refuse('node.locked', `“${node.title}” is locked. Unlock it first.`, { nodeId: node.id }) : null
}

/** Of several nodes an edit leaves the locked ones as they are and says so. */
export function skippedLock(node: GraphNode): Problem {
  return { code: 'node.locked', severity: 'warning', nodeId: node.id, message: `“${node.title}” is locked, so it was left as it is.` }
}

export function changedSince(nodeId: string, what: string, pointer?: string): Problem {
  return {
    code: 'undo.changed_since',
    severity: 'warning',
    nodeId,
    ...(pointer === undefined ? {} : { pointer }),
    message: `${what} was changed since by somebody else, so it was left as it is.`,
  }
}

export function replaceNode(graph: Graph, changed: GraphNode): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === changed.id ? changed : node)) }
}

export function nameNodes(ids: readonly string[], graph: Graph): string {
  if (ids.length !== 1) return countNodes(ids.length)
  const node = findNode(graph, ids[0] as string)
  return node ? `“${node.title}”` : phrase`a node`
}

export function countNodes(count: number): string {
  return count === 1 ? phrase`1 node` : phrase`${count} nodes`
}

/** Inserts each at its index, lowest first, so that what was taken out of several places comes back to all of them. */
export function insertAt<T>(list: readonly T[], inserted: readonly { index: number; value: T }[]): T[] {
  const result = [...list]
  for (const { index, value } of [...inserted].sort((a, b) => a.index - b.index)) result.splice(Math.min(index, result.length), 0, value)
  return result
}
