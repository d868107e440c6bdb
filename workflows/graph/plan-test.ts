import { containersOf, withBodyEdges } from './body-edges'
import type { Catalogue } from './catalogue'
import { downstreamOf } from './downstream-of'
import { withContents } from './operations/remove-nodes'
import type { Graph, GraphNode, Json } from './schema'
import { fillToolFields, toolFieldsOf } from './tool-fields'
import { upstreamOf } from './upstream-of'

/** One step alone, everything up to it, it and everything after it, or the whole draft. */
export type TestMode = 'node' | 'upTo' | 'from' | 'all'

export interface KnownResult {
  nodeId: string
  status: string
  port: string | null
  output: Json
  pinned: boolean
}

export interface TestRequest {
  nodeId: string
  mode: TestMode
  /** What comes in: over the first edge of one step, else through the trigger; for a tool, the fields that a model would fill. */
  input?: Json | undefined
  /** Steps that are not executed: their last answer, or the one given, stands for the call. */
  instead?: readonly { nodeId: string; output?: Json | undefined }[] | undefined
  /** The test ends before these: neither they nor what comes after them runs. */
  stopBefore?: readonly string[] | undefined
}

export interface TestPlan<Known extends KnownResult = KnownResult> {
  graph: Graph
  triggerNodeId: string | null
  input: Json
  /** The trigger's own last result, where that is what goes in. */
  fedBy?: Known
  /** What is taken as done, by node id; `result` is where it comes from, absent for what was typed. */
  known: Map<string, { port: string; output: Json; result?: Known }>
  /** Steps that are really executed if the flow reaches them, in the graph's order. */
  runs: string[]
}

export type PlannedTest<Known extends KnownResult> =
  | { ok: true; plan: TestPlan<Known> }
  | { ok: false; reason: 'gone' | 'no_answer' | 'no_fields'; title: string }
  /** `untested`: no step that leads here gave anything yet. Otherwise they did, and went another way. */
  | { ok: false; reason: 'no_input'; untested: boolean; title: string }

const testTrigger = 'testtrigger'

/** The part of a draft that a test runs, and what of it is known already. The same answer in the browser and on the server. */
export function planTest<Known extends KnownResult>(
  graph: Graph,
  request: TestRequest,
  results: readonly Known[],
  catalogue: Catalogue,
): PlannedTest<Known> {
  const { mode, input: given } = request
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  // What stands inside a container runs with it, item by item.
  const nodeId = containersOf(request.nodeId, nodes).at(-1) ?? request.nodeId
  const target = nodes.get(nodeId)
  if (!target) return { ok: false, reason: 'gone', title: '' }
  const tools = graph.edges.filter((edge) => edge.toPort === 'tools')
  const agentId = tools.find((edge) => edge.from === nodeId)?.to
  // A tool alone stands where its agent stands: it reads what the agent may read.
  const whole = agentId && mode !== 'all' ? withToolAtItsAgent(graph, target, agentId, given) : graph
  const standing = whole.nodes.find((node) => node.id === nodeId)
  if (whole !== graph && standing && toolFieldsOf(standing.params).length > 0)
    return { ok: false, reason: 'no_fields', title: target.title }
  const before = upstreamOf(whole, [nodeId])
  const after = mode === 'from' ? downstreamOf({ edges: whole.edges.filter((edge) => edge.toPort !== 'tools') }, nodeId) : new Set<string>()
  const beforeAll = mode === 'from' ? upstreamOf(whole, [nodeId, ...after]) : before
  const keep = new Set(mode === 'all' ? whole.nodes.map((node) => node.id) : [nodeId, ...beforeAll, ...after])
  for (const edge of whole.edges) if (edge.toPort === 'tools' && keep.has(edge.to)) keep.add(edge.from)

  const done = new Map(results.filter((result) => result.status === 'succeeded').map((result) => [result.nodeId, result]))
  const known: TestPlan<Known>['known'] = new Map()
  const take = (result: Known) => known.set(result.nodeId, { port: result.port ?? 'main', output: result.output, result })
  for (const result of done.values())
    if (result.pinned && keep.has(result.nodeId) && (result.nodeId !== nodeId || mode !== 'node')) take(result)
  for (const one of request.instead ?? []) {
    const last = done.get(one.nodeId)
    if (!keep.has(one.nodeId)) continue
    if (one.output !== undefined) known.set(one.nodeId, { port: last?.port ?? firstPort(whole, one.nodeId, catalogue), output: one.output })
    else if (last) take(last)
    else return { ok: false, reason: 'no_answer', title: titleOf(whole, one.nodeId) }
  }
  if (mode === 'node' || mode === 'from') {
    const isTool = new Set(tools.map((edge) => edge.from))
    for (const id of beforeAll) {
      if (id === nodeId || after.has(id) || known.has(id)) continue
      const result = done.get(id)
      if (result) take(result)
      else if (!isTool.has(id)) keep.delete(id)
    }
    const incoming = whole.edges.filter((edge) => edge.to === nodeId && edge.toPort !== 'tools')
    const first = incoming[0]
    if (given !== undefined && first && !agentId) {
      keep.add(first.from)
      known.set(first.from, { port: first.fromPort, output: given })
    }
    const fed = incoming.some((edge) => known.get(edge.from)?.port === edge.fromPort)
    if (incoming.length > 0 && !fed) {
      const untested = incoming.every((edge) => !known.has(edge.from))
      if (!agentId) return { ok: false, reason: 'no_input', untested, title: target.title }
      for (const edge of incoming) known.set(edge.from, { port: edge.fromPort, output: null })
      for (const edge of incoming) keep.add(edge.from)
    }
  }
  for (const id of heldBack(whole, request.stopBefore ?? [], known)) keep.delete(id)
  for (const id of withContents(whole, [...keep])) keep.add(id)
  const part: Graph = {
    schema: 1,
    nodes: whole.nodes.filter((node) => keep.has(node.id)),
    edges: whole.edges.filter((edge) => keep.has(edge.from) && keep.has(edge.to)),
  }
  return { ok: true, plan: withTrigger(part, target, known, done, agentId ? undefined : given, mode, catalogue) }
}

/** What a test does not run that stops before these, with what stands in it and the tools that only it uses. */
function heldBack(graph: Graph, stops: readonly string[], known: ReadonlyMap<string, unknown>): Set<string> {
  const first = stops.filter((id) => !known.has(id))
  if (first.length === 0) return new Set()
  const edges = withBodyEdges(graph).edges.filter((edge) => edge.toPort !== 'tools')
  const held = new Set([...first, ...[...downstreamOf({ edges }, first)].filter((id) => !known.has(id))])
  const tools = graph.edges.filter((edge) => edge.toPort === 'tools')
  for (const { from } of tools) if (tools.every((edge) => edge.from !== from || held.has(edge.to))) held.add(from)
  return held
}

/** The trigger the test begins at; a part without one gets one by hand that leads nowhere. */
function withTrigger<Known extends KnownResult>(
  part: Graph,
  target: GraphNode,
  known: TestPlan<Known>['known'],
  done: ReadonlyMap<string, Known>,
  given: Json | undefined,
  mode: TestMode,
  catalogue: Catalogue,
): TestPlan<Known> {
  const isTrigger = (node: GraphNode) => catalogue.get(node.type)?.kind === 'trigger'
  const runs = (graph: Graph) =>
    graph.nodes.filter((node) => !known.has(node.id) && !node.settings.disabled && !isTrigger(node)).map((node) => node.id)
  const triggers = part.nodes.filter((node) => isTrigger(node) && !node.settings.disabled)
  const trigger = triggers.find((node) => node.id === target.id) ?? triggers.find((node) => known.has(node.id)) ?? triggers[0]
  if (trigger) {
    const alone = mode === 'node' || mode === 'from'
    const asTrigger = !alone || trigger.id === target.id ? given : undefined
    const typed = asTrigger ?? (known.get(trigger.id)?.result ? undefined : known.get(trigger.id)?.output)
    const fedBy = typed === undefined ? (known.get(trigger.id)?.result ?? done.get(trigger.id)) : undefined
    const input = typed ?? fedBy?.output ?? sampleOf(trigger, catalogue)
    known.delete(trigger.id)
    return { graph: part, triggerNodeId: trigger.id, input, ...(fedBy ? { fedBy } : {}), known, runs: runs(part) }
  }
  const node: GraphNode = {
    id: testTrigger,
    key: 'test_trigger',
    title: 'Test',
    type: 'trigger.manual',
    version: catalogue.get('trigger.manual')?.version ?? 1,
    params: {},
    settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '' },
    position: { x: 0, y: 0 },
  }
  const starts = part.nodes.filter(
    (one) =>
      !known.has(one.id) &&
      one.parent === undefined &&
      !part.edges.some((edge) => edge.to === one.id && edge.toPort !== 'tools') &&
      !part.edges.some((edge) => edge.from === one.id && edge.toPort === 'tools'),
  )
  const edges = starts.map((one, index) => ({ id: `testedge${index}`, from: testTrigger, fromPort: 'main', to: one.id, toPort: 'main' }))
  const graph: Graph = { ...part, nodes: [node, ...part.nodes], edges: [...edges, ...part.edges] }
  return { graph, triggerNodeId: testTrigger, input: given ?? null, known, runs: runs(part) }
}

function sampleOf(trigger: GraphNode, catalogue: Catalogue): Json {
  return trigger.params.sample ?? catalogue.get(trigger.type)?.sample ?? null
}

function withToolAtItsAgent(graph: Graph, tool: GraphNode, agentId: string, given: Json | undefined): Graph {
  const filled = { ...tool, params: fillToolFields(tool.params, given) }
  const edges = graph.edges
    .filter((edge) => edge.from !== tool.id)
    .flatMap((edge) =>
      edge.to === agentId && edge.toPort !== 'tools' ? [{ ...edge, id: `${edge.id.slice(0, 34)}_tool`, to: tool.id }, edge] : [edge],
    )
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === tool.id ? filled : node)), edges }
}

function firstPort(graph: Graph, nodeId: string, catalogue: Catalogue): string {
  const node = graph.nodes.find((one) => one.id === nodeId)
  const out = node && catalogue.get(node.type)?.ports.out
  return (typeof out === 'function' ? out(node?.params ?? {})[0] : out?.[0]) ?? 'main'
}

function titleOf(graph: Graph, nodeId: string): string {
  return graph.nodes.find((node) => node.id === nodeId)?.title ?? ''
}
