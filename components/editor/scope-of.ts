import { definitionOf } from '@/workflows/graph/catalogue'
import type { Scope } from '@/workflows/graph/expressions'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { DraftResult } from './editor-context'

export interface NodeScope {
  scope: Scope
  itemScope: Scope
  /** Ids whose data is only the catalogue's example, and `input` or `trigger` where theirs is. */
  examples: ReadonlySet<string>
  /** Where the input comes from; null on a trigger. */
  source: { node: GraphNode; result: DraftResult | null } | null
  /** Steps before this one, the nearest first. */
  steps: { node: GraphNode; result: DraftResult | null }[]
}

/** What this node's expressions can see, from the last test or run; where there is none, from the catalogue's examples. */
export function scopeOf(
  graph: Graph,
  node: GraphNode,
  results: ReadonlyMap<string, DraftResult>,
  variables: Readonly<Record<string, Json>>,
  workflow: { id: string; name: string },
): NodeScope {
  const upstream = upstreamOf(graph, node.id)
  const distance = distances(graph, node.id)
  const before = graph.nodes.filter((one) => upstream.has(one.id)).sort((a, b) => (distance.get(a.id) ?? 99) - (distance.get(b.id) ?? 99))
  const examples = new Set<string>()
  const steps: Record<string, Json> = {}
  for (const one of before) {
    const result = results.get(one.id)
    if (result?.status === 'succeeded') steps[one.id] = result.output
    else {
      const sample = definitionOf(one, catalogue)?.sample
      if (sample !== undefined) {
        steps[one.id] = sample
        examples.add(one.id)
      }
    }
  }
  const agent = graph.edges.find((edge) => edge.from === node.id && edge.toPort === 'tools')?.to ?? node.id
  const incoming = graph.edges.filter((edge) => edge.to === agent && edge.toPort !== 'tools').map((edge) => edge.from)
  const sourceId = incoming.find((id) => results.get(id)?.status === 'succeeded') ?? incoming[0]
  const sourceNode = graph.nodes.find((one) => one.id === sourceId)
  const trigger = before.find((one) => definitionOf(one, catalogue)?.kind === 'trigger')
  if (sourceId && (examples.has(sourceId) || !Object.hasOwn(steps, sourceId))) examples.add('input')
  if (!trigger || examples.has(trigger.id) || !Object.hasOwn(steps, trigger.id)) examples.add('trigger')
  const scope: Scope = {
    input: sourceId ? (steps[sourceId] ?? null) : null,
    trigger: trigger ? (steps[trigger.id] ?? null) : null,
    steps,
    vars: variables,
    run: {
      id: 'run_0192f6c4e1d57a3c8b6e2f90a1b2c3d4',
      startedAt: new Date().toISOString(),
      workflow: { id: workflow.id, name: workflow.name },
      trigger: 'test',
      baseUrl: window.location.origin,
      callbacks: Object.fromEntries(callbackKeys(graph).map((key) => [key, `${window.location.origin}/callbacks/…`])),
    },
    now: new Date(),
    keys: Object.fromEntries(graph.nodes.map((one) => [one.id, one.key])),
  }
  const list = listIn(scope.input)
  return {
    scope,
    itemScope: { ...scope, item: list[0] ?? null, index: 0 },
    examples,
    source: sourceNode ? { node: sourceNode, result: results.get(sourceNode.id) ?? null } : null,
    steps: before.map((one) => ({ node: one, result: results.get(one.id) ?? null })),
  }
}

/** Steps that hand out an address. */
function callbackKeys(graph: Graph): string[] {
  const isCallback = (node: GraphNode) => {
    const definition = definitionOf(node, catalogue)
    return definition?.kind === 'control' && definition.control === 'callback'
  }
  return graph.nodes.filter(isCallback).map((node) => node.key)
}

function distances(graph: Graph, nodeId: string) {
  const found = new Map<string, number>([[nodeId, 0]])
  const todo = [nodeId]
  for (let id = todo.shift(); id !== undefined; id = todo.shift()) {
    for (const edge of graph.edges) {
      const other = edge.to === id ? edge.from : edge.from === id && edge.toPort === 'tools' ? edge.to : null
      if (other === null || found.has(other)) continue
      found.set(other, (found.get(id) ?? 0) + 1)
      todo.push(other)
    }
  }
  return found
}

function listIn(value: Json): Json[] {
  if (Array.isArray(value)) return value
  if (value !== null && typeof value === 'object') return Object.values(value).find((one): one is Json[] => Array.isArray(one)) ?? []
  return []
}
