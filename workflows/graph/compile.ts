import { limits } from '../limits'
import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import type { NodeDefinition } from '../nodes/define'
import type { Plan, PlanNode } from '../runtime/types'
import { withBodyEdges } from './body-edges'
import { type Catalogue, definitionOf } from './catalogue'
import { compileBodies } from './compile-bodies'
import { contentHash } from './content-hash'
import { inspectParams, inspectSettings, keysOf } from './inspect-params'
import { forgottenIn } from './marked-in'
import { migrateNode } from './migrate-node'
import { withContents } from './operations/remove-nodes'
import { readyOrder } from './ready-order'
import { type Graph, type GraphEdge, type GraphNode, type Problem, type Retry, retrySchema } from './schema'
import { collectProblems, type Surroundings, validate } from './validate'

export type CompiledGraph = { ok: true; plan: Plan; warnings: Problem[] } | { ok: false; problems: Problem[] }

export interface CompileOptions extends Surroundings {
  /** Compile only these nodes, e.g. one node and what stands before it: problems elsewhere and a missing trigger do not count. */
  only?: ReadonlySet<string>
}

/** The time one attempt may take where neither settings nor definition say. */
const defaultTimeoutMs = 60_000

/** The plan that runs execute: checked, brought up to date, defaults filled in, expressions parsed. */
export function compile(graph: Graph, catalogue: Catalogue = wholeCatalogue, options: CompileOptions = {}): CompiledGraph {
  const { only } = options
  const part = only ? narrow(graph, only) : graph
  const problems = only ? problemsWithin(collectProblems(graph, catalogue, options), part) : validate(graph, catalogue, options)
  const order = readyOrder(withBodyEdges(part))
  if (problems.some((problem) => problem.severity === 'error') || !order) return { ok: false, problems }

  const nodes = new Map<string, PlanNode>()
  const keys = keysOf(graph)
  const ends = edgesByEnd(part)
  for (const stored of part.nodes) {
    const definition = definitionOf(stored, catalogue)
    const node = definition && migrateNode(stored, catalogue)
    if (!definition || !node || definition.kind === 'note') continue
    nodes.set(node.id, planNode(node, definition, ends, keys))
  }
  for (const [id, planned] of nodes) {
    if (planned.tools.length === 0) continue
    // An agent whose tools changed is another agent: a replay may not reuse its result.
    const tools = planned.tools.map((tool) => [nodes.get(tool)?.node.key, nodes.get(tool)?.hash])
    nodes.set(id, { ...planned, hash: contentHash([planned.hash, tools]) })
  }
  for (const id of forgottenIn(graph)) {
    const planned = nodes.get(id)
    if (planned?.settings.cache) nodes.set(id, { ...planned, settings: withoutCache(planned.settings) })
  }
  const inFlow = order.filter((id) => nodes.has(id) && !ends.tools.has(id))
  const top = compileBodies(nodes, inFlow, part)
  const hash = contentHash({
    semantics: 1,
    nodes: [...nodes].map(([id, planned]) => [id, planned.node.key, planned.hash]),
    edges: part.edges.map(({ from, fromPort, to, toPort }) => [from, fromPort, to, toPort]),
    ...(graph.settings ? { settings: graph.settings } : {}),
  })
  return { ok: true, plan: { semantics: 1, hash, nodes, order: top, settings: graph.settings ?? {} }, warnings: problems }
}

/** What is not to be kept is not kept for later runs either. */
function withoutCache({ cache: _cache, ...settings }: PlanNode['settings']): PlanNode['settings'] {
  return settings
}

interface Ends {
  incoming: ReadonlyMap<string, GraphEdge[]>
  outgoing: ReadonlyMap<string, GraphEdge[]>
  toolsOf: ReadonlyMap<string, string[]>
  tools: ReadonlySet<string>
}

function edgesByEnd(graph: Graph): Ends {
  const incoming = new Map<string, GraphEdge[]>()
  const outgoing = new Map<string, GraphEdge[]>()
  const toolsOf = new Map<string, string[]>()
  const tools = new Set<string>()
  const disabled = new Set(graph.nodes.filter((node) => node.settings.disabled).map((node) => node.id))
  const parents = new Map(graph.nodes.map((node) => [node.id, node.parent]))
  for (const edge of graph.edges) {
    if (edge.toPort === 'tools') {
      tools.add(edge.from)
      if (!disabled.has(edge.from)) addTo(toolsOf, edge.to, edge.from)
      continue
    }
    // From a container's frame to a node inside it: such a node starts its section.
    if (parents.get(edge.to) === edge.from) continue
    addTo(incoming, edge.to, edge)
    addTo(outgoing, edge.from, edge)
  }
  return { incoming, outgoing, toolsOf, tools }
}

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function planNode(node: GraphNode, definition: NodeDefinition, ends: Ends, keys: Readonly<Record<string, string>>): PlanNode {
  const { compiled, references } = inspectParams(node, definition, keys)
  const asks = inspectSettings(node, keys)
  const { retry: _retry, ...rest } = node.settings
  const settings = { ...rest, retry: retryOf(node, definition), timeoutMs: timeoutOf(node, definition) }
  const { note: _note, sensitive: _sensitive, ...meaning } = settings
  return {
    node,
    definition,
    params: asks ? { ...compiled, vars: [...new Set([...compiled.vars, ...asks.compiled.vars])] } : compiled,
    settings,
    incoming: ends.incoming.get(node.id) ?? [],
    outgoing: ends.outgoing.get(node.id) ?? [],
    tools: ends.toolsOf.get(node.id) ?? [],
    reads: asks ? [...new Set([...compiled.steps, ...asks.compiled.steps])] : compiled.steps,
    sections: [],
    ...(asks ? { asks: asks.compiled } : {}),
    readsIndex:
      definition.category === 'code' || [...references, ...(asks?.references ?? [])].some(({ reference }) => reference.root === 'index'),
    hash: contentHash({ type: node.type, version: node.version, params: node.params, settings: meaning }),
  }
}

function retryOf(node: GraphNode, definition: NodeDefinition): Retry {
  const attempts = attemptsOf(definition)
  const retry = node.settings.retry ?? retrySchema.parse({ attempts })
  return node.settings.atMostOnce ? { ...retry, attempts: 1 } : retry
}

function attemptsOf(definition: NodeDefinition): number {
  if (definition.kind === 'effect') return definition.retry?.attempts ?? 1
  // An agent's retry is that of its model calls.
  return definition.kind === 'control' && definition.control === 'agent' ? 3 : 1
}

function timeoutOf(node: GraphNode, definition: NodeDefinition): number {
  if (node.settings.timeoutMs !== undefined) return node.settings.timeoutMs
  if (definition.kind === 'effect') return definition.timeoutMs
  return definition.kind === 'control' && definition.control === 'agent' ? limits.agentMs : defaultTimeoutMs
}

function narrow(graph: Graph, only: ReadonlySet<string>): Graph {
  const tools = graph.edges.filter((edge) => edge.toPort === 'tools' && only.has(edge.to)).map((edge) => edge.from)
  const kept = withContents(graph, [...only, ...tools])
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => kept.has(node.id)),
    edges: graph.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
  }
}

function problemsWithin(problems: readonly Problem[], part: Graph): Problem[] {
  const nodes = new Set(part.nodes.map((node) => node.id))
  const edges = new Set(part.edges.map((edge) => edge.id))
  return problems
    .filter(({ nodeId, edgeId }) => (edgeId === undefined ? nodeId !== undefined && nodes.has(nodeId) : edges.has(edgeId)))
    .slice(0, limits.problems)
}
