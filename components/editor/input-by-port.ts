import { containersOf } from '@/workflows/graph/body-edges'
import type { Graph, GraphEdge, GraphNode, Json } from '@/workflows/graph/schema'
import type { DraftResult } from './editor-context'

/** What comes in by a way that does not carry its step's output. */
export interface InputByPort {
  value: Json
  /** Nothing failed or ran so far: this is only what it looks like. */
  isExample: boolean
}

type Results = ReadonlyMap<string, DraftResult>

const exampleError = {
  message: 'The service answered 500 (internal server error).',
  class: 'transient',
  code: 'http.500',
}

/**
 * Over an *error* port comes what went wrong, and over the ports of a frame what a *catch* or *finally* is told; null where what comes in is
 * the output of the step before.
 */
export function inputByPort(graph: Graph, node: Pick<GraphNode, 'id'>, edge: GraphEdge, results: Results): InputByPort | null {
  const source = results.get(edge.from)
  if (edge.fromPort === 'error') {
    if (source?.port === 'error' && source.output !== null) return { value: source.output, isExample: false }
    return source?.error
      ? { value: { error: asJson(source.error) }, isExample: false }
      : { value: { error: exampleError }, isExample: true }
  }
  const nodes = new Map(graph.nodes.map((one) => [one.id, one]))
  if (!containersOf(node.id, nodes).includes(edge.from)) return null
  const own = edge.to === node.id ? results.get(node.id) : undefined
  if (own && own.input !== null) return { value: own.input, isExample: false }
  const failed = graph.nodes.find((one) => containersOf(one.id, nodes).includes(edge.from) && results.get(one.id)?.error)
  const error = failed && results.get(failed.id)?.error
  const told = { ...asJson(error ?? exampleError), step: failed?.key ?? null, title: failed?.title ?? null }
  const isCatch = edge.fromPort === 'catch'
  return {
    value: isCatch ? { error: told, input: source?.input ?? null } : { status: 'failed', error: told },
    isExample: !error,
  }
}

/** As a run tells of it: without the path of the step inside. */
const asJson = ({ path: _inside, ...error }: { message: string; path?: string | undefined }) => error as Record<string, Json>
