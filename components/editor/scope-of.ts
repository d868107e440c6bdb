import { joinPath } from '@/components/data-view/expression-path'
import { bodyOf, containersOf } from '@/workflows/graph/body-edges'
import { definitionOf } from '@/workflows/graph/catalogue'
import { previewTemplate, type Scope } from '@/workflows/graph/expressions'
import { endsIn, sampleOf } from '@/workflows/graph/sample-of'
import type { Graph, GraphEdge, GraphNode, Json } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { DraftResult } from './editor-context'
import { itemOf } from './held-item'
import { inputByPort } from './input-by-port'
import type { Held } from './stopped-test'

export interface NodeScope {
  scope: Scope
  /** What parameters see that are worked out for each item, or for each round. */
  itemScope: Scope
  /** Which of what `itemScope` has is only an example. */
  itemExamples: ReadonlySet<string>
  /** Ids whose data is only the catalogue's example, and `input`, `trigger` or `item` where theirs is. */
  examples: ReadonlySet<string>
  /** Where the input comes from; null on a trigger. */
  source: { node: GraphNode; result: DraftResult | null } | null
  /** Steps before this one, the nearest first. */
  steps: { node: GraphNode; result: DraftResult | null }[]
  /** The list that this step works through, or could; or that the loop around it goes through. */
  items: { list: readonly Json[]; path: string; index: number; around: boolean } | null
  /** A test is held in an iteration of what this step stands in: its values are those of that iteration. */
  held: boolean
}

interface Given {
  graph: Graph
  node: Pick<GraphNode, 'id' | 'params'>
  results: ReadonlyMap<string, DraftResult>
  variables: Readonly<Record<string, Json>>
  workflow: { id: string; name: string }
  /** Outputs that were loaded whole, by node id. */
  whole?: ReadonlyMap<string, Json>
  /** Which item of the list is looked at; where nobody chose one, the first, or that of the iteration which is shown. */
  item?: number | null
  /** Which iteration of the loop around it the results are from. */
  iteration?: number
  /** Where a test is held. */
  held?: Held | null
}

/** What this node's expressions can see, from the last test or run; where there is none, from the catalogue's examples. */
export function scopeOf({ graph, node, results, variables, workflow, whole, item = null, iteration = 0, held = null }: Given): NodeScope {
  const upstream = upstreamOf(graph, node.id)
  const distance = distances(graph, node.id)
  const before = graph.nodes.filter((one) => upstream.has(one.id)).sort((a, b) => (distance.get(a.id) ?? 99) - (distance.get(b.id) ?? 99))
  const examples = new Set<string>()
  const steps: Record<string, Json> = {}
  const given = (id: string) => {
    const result = results.get(id)
    if (result?.status !== 'succeeded') return undefined
    return result.outputBytes === null ? result.output : whole?.get(id)
  }
  for (const one of before) {
    const output = given(one.id) ?? typedSample(one)
    if (output !== undefined) steps[one.id] = output
    else {
      const sample = sampleOf(graph, one, given, catalogue)
      if (sample !== undefined) {
        steps[one.id] = sample
        examples.add(one.id)
      }
    }
  }
  const agent = graph.edges.find((edge) => edge.from === node.id && edge.toPort === 'tools')?.to ?? node.id
  const { incoming, isItem } = entranceTo(graph, agent)
  const edge = incoming.find(({ from }) => results.get(from)?.status === 'succeeded') ?? incoming[0]
  const sourceId = edge?.from
  const sourceNode = graph.nodes.find((one) => one.id === sourceId)
  const trigger = before.find((one) => definitionOf(one, catalogue)?.kind === 'trigger')
  if (!sourceId || examples.has(sourceId) || !Object.hasOwn(steps, sourceId)) examples.add('input')
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
  const byPort = edge ? inputByPort(graph, node, edge, results) : null
  if (byPort) {
    scope.input = byPort.value
    if (byPort.isExample) examples.add('input')
    else examples.delete('input')
  }
  const parent = graph.nodes.find((one) => one.id === node.id)?.parent
  const here = held?.around.some((one) => one.nodeId === parent) || held?.nodeId === node.id ? held : null
  if (here) {
    const loop = here.around.findLast((one) => one.index !== null)
    const comes = here.changes.input ?? here.input
    if (here.nodeId === node.id && comes !== undefined) {
      scope.input = comes
      examples.delete('input')
    }
    const own = itemOf(here)
    if (own !== undefined) scope.item = own
    if (loop?.index != null) scope.index = loop.index
  }
  if (!here && scope.index === undefined && countsRounds(graph, parent)) scope.index = iteration
  const loop = here ? null : loopAround({ graph, node, results, variables, workflow, ...(whole ? { whole } : {}) })
  const own = here ? null : worksOnItems(graph, node.id) || !loop ? listOf(node, scope) : null
  const found = own ?? loop
  const within = (list: readonly Json[], at: number) => Math.min(Math.max(0, at), list.length - 1)
  const index = found ? within(found.list, item ?? (own ? 0 : iteration)) : 0
  if (loop) {
    const at = own ? within(loop.list, iteration) : index
    scope.item = loop.list[at] ?? null
    scope.index = at
    if (isItem) {
      scope.input = scope.item
      if (!loop.isExample) examples.delete('input')
    }
  } else if (isItem && !here) {
    scope.input = null
    examples.add('input')
  }
  const itemIsExample = loop && !own ? loop.isExample : here && scope.item !== undefined ? false : examples.has('input')
  if (itemIsExample) examples.add('item')
  const round = here ? null : roundOf(graph, node.id, given)
  return {
    scope,
    itemScope: round
      ? { ...scope, input: round.input, index: 1 }
      : here || !own
        ? scope
        : { ...scope, item: own.list[index] ?? null, index },
    itemExamples: round ? withInput(examples, round.isExample) : examples,
    examples,
    source: sourceNode ? { node: sourceNode, result: results.get(sourceNode.id) ?? null } : null,
    steps: before.map((one) => ({ node: one, result: results.get(one.id) ?? null })),
    items: found && { list: found.list, path: found.path, index, around: own === null },
    held: here !== null,
  }
}

/**
 * The edges over which something comes into this step: those that lead to it or, where it is the first in a container, to that; and
 * whether it gets an item of what comes there.
 */
function entranceTo(graph: Graph, nodeId: string): { incoming: GraphEdge[]; isItem: boolean } {
  const nodes = new Map(graph.nodes.map((one) => [one.id, one]))
  let isItem = false
  for (const id of [nodeId, ...containersOf(nodeId, nodes)]) {
    const incoming = graph.edges.filter((edge) => edge.to === id && edge.toPort !== 'tools')
    if (incoming.length > 0) return { incoming, isItem }
    const parent = nodes.get(nodes.get(id)?.parent ?? '')
    isItem ||= parent !== undefined && bodyOf(definitionOf(parent, catalogue))?.gives.includes('item') === true
  }
  return { incoming: [], isItem }
}

/** What somebody typed as an example of what starts the workflow: a test that is given nothing else begins with it. */
function typedSample(node: GraphNode): Json | undefined {
  return definitionOf(node, catalogue)?.kind === 'trigger' ? node.params.sample : undefined
}

/** Whether what stands in this container is done in rounds. */
function countsRounds(graph: Graph, containerId: string | undefined): boolean {
  const container = graph.nodes.find((one) => one.id === containerId)
  const definition = container && definitionOf(container, catalogue)
  return definition?.kind === 'control' && definition.perRound !== undefined
}

/** What the last round of this container gave, where it has parameters that look at it. */
function roundOf(graph: Graph, nodeId: string, given: (id: string) => Json | undefined): { input: Json; isExample: boolean } | null {
  const node = graph.nodes.find((one) => one.id === nodeId)
  if (!node || !countsRounds(graph, nodeId)) return null
  const own = given(nodeId)
  if (own !== undefined) return { input: own, isExample: false }
  const ends = endsIn(graph, node, catalogue)
  return {
    input: sampleOf(graph, node, given, catalogue) ?? null,
    isExample: ends.length === 0 || ends.some((end) => given(end.id) === undefined),
  }
}

function withInput(examples: ReadonlySet<string>, isExample: boolean): ReadonlySet<string> {
  const changed = new Set(examples)
  if (isExample) changed.add('input')
  else changed.delete('input')
  return changed
}

/** Whether the step has a parameter that is worked out for each item of its own list. */
export function worksOnItems(graph: Graph, nodeId: string): boolean {
  const node = graph.nodes.find((one) => one.id === nodeId)
  const definition = node && definitionOf(node, catalogue)
  return (definition?.kind === 'pure' || definition?.kind === 'control') && (definition.perItem?.length ?? 0) > 0
}

/** The list of the innermost loop that this step stands in, as far as it is known, and where it comes from. */
function loopAround({ graph, node, ...given }: Given) {
  const nodes = new Map(graph.nodes.map((one) => [one.id, one]))
  for (let at = nodes.get(node.id)?.parent; at !== undefined; at = nodes.get(at)?.parent) {
    const container = nodes.get(at)
    const definition = container && definitionOf(container, catalogue)
    if (!container || definition?.kind !== 'control' || !definition.body?.gives.includes('item')) continue
    const { scope, examples } = scopeOf({ graph, node: container, ...given })
    const { items, batchSize } = container.params
    const text = typeof items === 'string' ? items : ''
    const preview = text.includes('{{') ? previewTemplate(text, scope) : { ok: true as const, value: items ?? scope.input }
    if (!preview.ok || !Array.isArray(preview.value) || preview.value.length === 0) return null
    const size = typeof batchSize === 'number' && batchSize > 1 ? batchSize : 1
    const list = size === 1 ? preview.value : inBatches(preview.value, size)
    return { list, path: text.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '') || 'input', isExample: examples.has('input') }
  }
  return null
}

function inBatches(list: readonly Json[], size: number): Json[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}

/** Steps that hand out an address. */
function callbackKeys(graph: Graph): string[] {
  const isCallback = (node: GraphNode) => {
    const definition = definitionOf(node, catalogue)
    return definition?.kind === 'control' && definition.control === 'callback'
  }
  return graph.nodes.filter(isCallback).map((node) => node.key)
}

/** The input with only this item left in its list; null where the list does not stand in the input. */
export function withOneItem(input: Json, path: string, item: Json): Json | null {
  if (path === 'input' && Array.isArray(input)) return [item]
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return null
  const name = Object.keys(input).find((key) => joinPath('input', key) === path)
  return name === undefined ? null : { ...input, [name]: [item] }
}

/** The list that a parameter of this node names, else the first one that comes in. */
function listOf(node: Pick<GraphNode, 'params'>, scope: Scope): { list: readonly Json[]; path: string } | null {
  const named = node.params.list ?? node.params.items
  if (typeof named === 'string' && named.includes('{{')) {
    const preview = previewTemplate(named, scope)
    const path = named.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '')
    if (preview.ok && Array.isArray(preview.value)) return preview.value.length > 0 ? { list: preview.value, path } : null
  }
  const { input } = scope
  if (Array.isArray(input)) return input.length > 0 ? { list: input, path: 'input' } : null
  if (input === null || typeof input !== 'object') return null
  const found = Object.entries(input).find(([, one]) => Array.isArray(one) && one.length > 0)
  return found ? { list: found[1] as Json[], path: joinPath('input', found[0]) } : null
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
