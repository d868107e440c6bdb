import { frameAt, hiddenIn, isContainer, shownAt } from '@/components/canvas/frames'
import type { Move } from '@/components/canvas/moves-of'
import { viewsOf } from '@/components/canvas/node-view'
import { definitionOf } from '@/workflows/graph/catalogue'
import { downstreamOf } from '@/workflows/graph/downstream-of'
import { applyOperation, type Operation } from '@/workflows/graph/operations'
import { withContents } from '@/workflows/graph/operations/remove-nodes'
import { portsOf } from '@/workflows/graph/ports-of'
import type { Graph, GraphEdge, GraphNode } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import { catalogue, definitions } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import type { Editor } from './create-editor'
import { newNode } from './new-node'
import type { Placement } from './ui'

type Point = { x: number; y: number }
type NewId = () => string

/** The types that hold other nodes, in the palette's order. */
export const containerTypes = (definitions as readonly NodeDefinition[]).filter((one) => one.kind === 'control' && one.body !== undefined)

/** Where a new node stands: beside the one it is connected to, else in the frame at its place. */
export function parentFor(graph: Graph, definition: NodeDefinition, at: Point, placement: Placement): string | undefined {
  if (definition.kind === 'trigger') return undefined
  const find = (id: string) => graph.nodes.find((node) => node.id === id)
  if (placement.kind === 'tool') return find(placement.agentId)?.parent
  if (placement.kind === 'edge') return undefined
  if (placement.kind === 'free') return frameAt(graph, viewsOf(graph), { x: at.x + 104, y: at.y + 28 }) ?? undefined
  const beside = find(placement.nodeId)
  if (placement.kind === 'after' && beside && innerPorts(beside).includes(placement.port)) return beside.id
  return beside?.parent
}

/** A container's own ports, which lead inside. */
function innerPorts(node: GraphNode): readonly string[] {
  const definition = definitionOf(node, catalogue)
  return definition?.kind === 'control' ? (definition.body?.ports ?? []) : []
}

/** Nodes with the tools that hang from them, without those that stand in another one of them. */
function topOf(graph: Graph, ids: ReadonlySet<string>): GraphNode[] {
  const inner = new Set([...withContents(graph, [...ids])])
  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools' && ids.has(edge.to)).map((edge) => edge.from))
  const agents = new Map(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => [edge.from, edge.to]))
  return graph.nodes.filter((node) => {
    if (!ids.has(node.id) && !tools.has(node.id)) return false
    const agent = agents.get(node.id)
    if (agent !== undefined && !ids.has(agent)) return false
    return node.parent === undefined || !inner.has(node.parent)
  })
}

/** Edges with one end among these nodes. */
function crossing(graph: Graph, ids: ReadonlySet<string>): GraphEdge[] {
  return graph.edges.filter((edge) => ids.has(edge.from) !== ids.has(edge.to))
}

function setParent(node: GraphNode, after: string | null): Operation {
  return { kind: 'setParent', nodeId: node.id, before: node.parent ?? null, after }
}

/**
 * Moves nodes and puts them into a container, or out of theirs with null. What led to them and from them cannot cross the frame: it is
 * cut, and joined again behind them where one way led in or one led out.
 */
export function moveInto(editor: Editor, moves: readonly Move[], ids: readonly string[], parent: string | null): boolean {
  const { graph } = editor.getState()
  const top = topOf(graph, new Set(ids)).filter((node) => (node.parent ?? null) !== parent)
  const operations: Operation[] = moves.length > 0 ? [{ kind: 'moveNodes', moves: [...moves] }] : []
  const set = new Set(top.map((node) => node.id))
  const cut = crossing(graph, set)
  if (cut.length > 0) operations.push({ kind: 'disconnect', edgeIds: cut.map((edge) => edge.id) })
  for (const node of top) operations.push(setParent(node, parent))
  for (const edge of healed(graph, set, cut, editor.newId)) operations.push({ kind: 'connect', edge })
  const [only] = operations
  if (!only) return false
  const holder = graph.nodes.find((node) => node.id === parent)
  const names = top.length === 1 ? `“${top[0]?.title}”` : `${top.length} nodes`
  const label = holder ? `Put ${names} into “${holder.title}”` : `Took ${names} out`
  return editor.perform(operations.length === 1 ? only : { kind: 'batch', label, operations })
}

function healed(graph: Graph, set: ReadonlySet<string>, cut: readonly GraphEdge[], newId: NewId): GraphEdge[] {
  const flow = cut.filter((edge) => edge.toPort !== 'tools')
  const ins = flow.filter((edge) => set.has(edge.to))
  const outs = flow.filter((edge) => set.has(edge.from))
  if (ins.length === 0 || outs.length === 0 || (ins.length > 1 && outs.length > 1)) return []
  return joined(graph, ins, outs, newId)
}

/** New edges from where some began to where others ended, without those that are there. */
function joined(
  graph: Graph,
  begin: readonly Pick<GraphEdge, 'from' | 'fromPort'>[],
  end: readonly Pick<GraphEdge, 'to' | 'toPort'>[],
  newId: NewId,
): GraphEdge[] {
  const wayOf = (edge: Omit<GraphEdge, 'id'>) => `${edge.from}\n${edge.fromPort}\n${edge.to}\n${edge.toPort}`
  const known = new Set(graph.edges.map(wayOf))
  return begin.flatMap(({ from, fromPort }) =>
    end.flatMap(({ to, toPort }): GraphEdge[] => {
      const edge = { id: newId(), from, fromPort, to, toPort }
      if (from === to || known.has(wayOf(edge))) return []
      known.add(wayOf(edge))
      return [edge]
    }),
  )
}

export type Wrapped = { ok: true; id: string } | { ok: false; why: 'mixed' | 'none' | 'refused' }

/** Puts a container around nodes that stand side by side; what led to them leads to it, what led from them leads from it. */
export function wrap(editor: Editor, ids: ReadonlySet<string>, type: string): Wrapped {
  const { graph } = editor.getState()
  const definition = catalogue.get(type)
  const top = topOf(graph, ids)
  const [first] = top
  if (!definition || !first) return { ok: false, why: 'none' }
  if (top.some((node) => node.parent !== first.parent)) return { ok: false, why: 'mixed' }
  const views = viewsOf(graph)
  const places = top.map((node) => shownAt(node, views.get(node.id)))
  const corner = { x: Math.min(...places.map((at) => at.x)) - 24, y: Math.min(...places.map((at) => at.y)) - 64 }
  const { size: _size, ...made } = newNode(editor, definition, corner)
  const container: GraphNode = first.parent === undefined ? made : { ...made, parent: first.parent }
  const set = new Set(top.map((node) => node.id))
  const cut = crossing(graph, set)
  const flow = cut.filter((edge) => edge.toPort !== 'tools')
  const ins = flow.filter((edge) => set.has(edge.to)).map(({ from, fromPort }) => ({ from, fromPort }))
  const outs = flow.filter((edge) => set.has(edge.from)).map(({ to, toPort }) => ({ to, toPort }))
  const edges = [
    ...joined(graph, ins, [{ to: container.id, toPort: 'main' }], editor.newId),
    ...joined(graph, [{ from: container.id, fromPort: 'main' }], outs, editor.newId),
  ]
  const done = editor.perform({
    kind: 'batch',
    label: `Wrapped ${top.length === 1 ? `“${first.title}”` : `${top.length} nodes`} in “${container.title}”`,
    operations: [
      { kind: 'addNode', node: container },
      ...(cut.length > 0 ? [{ kind: 'disconnect' as const, edgeIds: cut.map((edge) => edge.id) }] : []),
      ...top.map((node) => setParent(node, container.id)),
      ...edges.map((edge): Operation => ({ kind: 'connect', edge })),
    ],
  })
  return done ? { ok: true, id: container.id } : { ok: false, why: 'refused' }
}

/** What would be repeated by an edge drawn from a node back to one before it; null where it leads back to nothing. */
export function betweenBack(graph: Graph, from: string, to: string): Set<string> | null {
  const find = (id: string) => graph.nodes.find((node) => node.id === id)
  const [start, end] = [find(to), find(from)]
  if (!start || !end || start.parent !== end.parent || definitionOf(start, catalogue)?.kind === 'trigger') return null
  if (from !== to && !downstreamOf(graph, to).has(from)) return null
  const after = downstreamOf(graph, to)
  const between = graph.nodes.filter((node) => node.parent === start.parent && after.has(node.id) && upstreamOf(graph, from).has(node.id))
  return new Set([from, to, ...between.map((node) => node.id)])
}

/** Takes containers away and leaves what stood in them where it stands, connected as the container was. */
export function dissolve(editor: Editor, ids: readonly string[], also: readonly Operation[] = []): boolean {
  let { graph } = editor.getState()
  const titles = graph.nodes.filter((node) => ids.includes(node.id)).map((node) => node.title)
  const operations: Operation[] = []
  for (const id of ids) {
    for (const operation of dissolveOne(graph, id, editor.newId)) {
      const result = applyOperation(graph, operation)
      // A way that cannot be joined again is left out; what stood inside stays in any case.
      if (!result.ok && operation.kind === 'connect') continue
      if (result.ok) graph = result.value
      operations.push(operation)
    }
  }
  operations.push(...also)
  const label =
    titles.length === 1 ? `Removed “${titles[0]}” and kept its steps` : `Removed ${titles.length} containers and kept their steps`
  return operations.length > 0 && editor.perform({ kind: 'batch', label, operations })
}

function dissolveOne(graph: Graph, id: string, newId: NewId): Operation[] {
  const container = graph.nodes.find((node) => node.id === id)
  if (!container) return []
  const held = graph.nodes.filter((node) => node.parent === id)
  const inside = new Set(held.map((node) => node.id))
  const own = graph.edges.filter((edge) => edge.from === id || edge.to === id)
  const flow = graph.edges.filter((edge) => inside.has(edge.to) && inside.has(edge.from) && edge.toPort !== 'tools')
  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from))
  const steps = held.filter((node) => !tools.has(node.id) && definitionOf(node, catalogue)?.kind !== 'note')
  const fromPorts = new Set(own.filter((edge) => inside.has(edge.to)).map((edge) => edge.to))
  const caught = new Set([...fromPorts, ...downstreamOf({ edges: flow }, [...fromPorts])])
  const entries = steps.filter((node) => !caught.has(node.id) && !flow.some((edge) => edge.to === node.id))
  const exits = steps.filter((node) => !caught.has(node.id) && !flow.some((edge) => edge.from === node.id))
  const ins = own.filter((edge) => edge.to === id)
  const outs = own.filter((edge) => edge.from === id && edge.fromPort === 'main' && !inside.has(edge.to))
  const starts = entries.map((node) => ({ to: node.id, toPort: 'main' }))
  const ends = exits.flatMap((node) => {
    const definition = definitionOf(node, catalogue)
    const port = definition && portsOf(node, definition).out.find((one) => one !== 'tool')
    return port === undefined || port === null ? [] : [{ from: node.id, fromPort: port }]
  })
  return [
    ...(own.length > 0 ? [{ kind: 'disconnect' as const, edgeIds: own.map((edge) => edge.id) }] : []),
    ...held.map((node) => setParent(node, container.parent ?? null)),
    { kind: 'removeNodes', nodeIds: [id] },
    ...joined(graph, ins, starts, newId).map((edge): Operation => ({ kind: 'connect', edge })),
    ...joined(graph, ends, outs, newId).map((edge): Operation => ({ kind: 'connect', edge })),
  ]
}

/** The containers among these nodes that hold something which is not chosen with them. */
export function filledContainers(graph: Graph, ids: ReadonlySet<string>): GraphNode[] {
  return graph.nodes.filter((node) => ids.has(node.id) && graph.nodes.some((child) => child.parent === node.id && !ids.has(child.id)))
}

export function toggleCollapsed(editor: Editor, ids: ReadonlySet<string>): boolean {
  const containers = editor.getState().graph.nodes.filter((node) => ids.has(node.id) && isContainer(node))
  if (containers.length === 0) return false
  const collapsed = containers.some((node) => !node.collapsed)
  return editor.perform({ kind: 'setCollapsed', nodeIds: containers.map((node) => node.id), collapsed })
}

/** The nodes that are drawn. */
export function shownNodes(graph: Graph): GraphNode[] {
  const hidden = hiddenIn(graph)
  return hidden.size === 0 ? graph.nodes : graph.nodes.filter((node) => !hidden.has(node.id))
}
