import { contentsOf, frameAt, frameRoom, hiddenIn, holderOf, isContainer, isGroup, shownAt } from '@/components/canvas/frames'
import type { Move } from '@/components/canvas/moves-of'
import { viewsOf } from '@/components/canvas/views-of'
import { definitionOf } from '@/workflows/graph/catalogue'
import { downstreamOf } from '@/workflows/graph/downstream-of'
import { applyOperation, type Operation } from '@/workflows/graph/operations'
import { portsOf } from '@/workflows/graph/ports-of'
import type { Graph, GraphEdge, GraphNode } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import { catalogue, definitions } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { phrase } from '@/workflows/words/spoken'
import type { Editor } from './create-editor'
import { newNode } from './new-node'
import type { Placement } from './ui'

type Point = { x: number; y: number }
type NewId = () => string

/** The types that hold other nodes, in the palette's order. */
export const containerTypes = (definitions as readonly NodeDefinition[]).filter((one) => one.kind === 'control' && one.body !== undefined)

/** What groups nodes for the eye. */
export const groupType = (definitions as readonly NodeDefinition[]).find((one) => one.kind === 'note' && one.gathers)?.type ?? ''

/** Where a new node stands: beside the one it is connected to, else in the frame at its place. */
export function placeIn(graph: Graph, definition: NodeDefinition, at: Point, placement: Placement): Pick<GraphNode, 'parent' | 'group'> {
  const find = (id: string | null | undefined) => graph.nodes.find((node) => node.id === id)
  if (placement.kind === 'tool') return frameOf(find(placement.agentId))
  if (placement.kind === 'edge') {
    const edge = graph.edges.find((one) => one.id === placement.edgeId)
    const [from, to] = [find(edge?.from), find(edge?.to)]
    return from?.group !== undefined && from.group === to?.group ? { group: to.group } : {}
  }
  const frame = placement.kind === 'free' ? frameAt(graph, viewsOf(graph), { x: at.x + 104, y: at.y + 28 }) : undefined
  const holder = find(placement.kind === 'inside' ? placement.nodeId : frame)
  const beside = placement.kind === 'after' || placement.kind === 'before' ? find(placement.nodeId) : undefined
  const inner = placement.kind === 'after' && beside !== undefined && innerPorts(beside).includes(placement.port)
  const chosen = holder ? inside(holder) : inner ? { parent: beside.id } : frameOf(beside)
  // Nothing starts a workflow from within a container; a group is only drawn.
  return definition.kind === 'trigger' && chosen.parent !== undefined ? {} : chosen
}

/** As members of a frame are stored: of a group, what it stands in is theirs too. */
function inside(holder: GraphNode): Pick<GraphNode, 'parent' | 'group'> {
  return isGroup(holder) ? { ...parentOnly(holder), group: holder.id } : { parent: holder.id }
}

function frameOf(node: GraphNode | undefined): Pick<GraphNode, 'parent' | 'group'> {
  return { ...parentOnly(node), ...(node?.group === undefined ? {} : { group: node.group }) }
}

function parentOnly(node: GraphNode | undefined): Pick<GraphNode, 'parent'> {
  return node?.parent === undefined ? {} : { parent: node.parent }
}

/** A container's own ports, which lead inside. */
function innerPorts(node: GraphNode): readonly string[] {
  const definition = definitionOf(node, catalogue)
  return definition?.kind === 'control' ? (definition.body?.ports ?? []) : []
}

/** Nodes with the tools that hang from them, without those that are drawn in another one of them. */
function topOf(graph: Graph, ids: ReadonlySet<string>): GraphNode[] {
  const inner = contentsOf(graph, ids)
  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools' && ids.has(edge.to)).map((edge) => edge.from))
  const agents = new Map(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => [edge.from, edge.to]))
  return graph.nodes.filter((node) => {
    if (!ids.has(node.id) && !tools.has(node.id)) return false
    const agent = agents.get(node.id)
    if (agent !== undefined && !ids.has(agent)) return false
    const holder = holderOf(graph, node)
    return holder === undefined || !inner.has(holder)
  })
}

/** With what is drawn in the groups among them: that stands in the same container. */
function withMembers(graph: Graph, nodes: readonly GraphNode[]): GraphNode[] {
  const groups = nodes.filter(isGroup)
  if (groups.length === 0) return [...nodes]
  const parents = new Set(groups.map((group) => group.parent))
  const drawn = contentsOf(
    graph,
    groups.map((group) => group.id),
  )
  const all = new Set(nodes)
  for (const node of graph.nodes) if (drawn.has(node.id) && parents.has(node.parent)) all.add(node)
  return [...all]
}

/** Edges with one end among these nodes. */
function crossing(graph: Graph, ids: ReadonlySet<string>): GraphEdge[] {
  return graph.edges.filter((edge) => ids.has(edge.from) !== ids.has(edge.to))
}

function setParent(node: GraphNode, after: string | null): Operation {
  return { kind: 'setParent', nodeId: node.id, before: node.parent ?? null, after }
}

function setGroup(node: GraphNode, after: string | null): Operation {
  return { kind: 'setGroup', nodeId: node.id, before: node.group ?? null, after }
}

/**
 * Moves nodes and puts them into a container or a group, or out of theirs with null. What led to them and from them cannot cross a
 * container's frame: it is cut, and joined again behind them where one way led in or one led out.
 */
export function moveInto(editor: Editor, moves: readonly Move[], ids: readonly string[], target: string | null): boolean {
  const { graph } = editor.getState()
  const holder = graph.nodes.find((node) => node.id === target)
  const into = holder ? inside(holder) : {}
  const top = topOf(graph, new Set(ids))
  const entering = withMembers(graph, top).filter((node) => node.parent !== into.parent)
  const operations: Operation[] = moves.length > 0 ? [{ kind: 'moveNodes', moves: withinWalls(graph, top, moves, holder) }] : []
  const set = new Set(entering.map((node) => node.id))
  const cut = crossing(graph, set)
  if (cut.length > 0) operations.push({ kind: 'disconnect', edgeIds: cut.map((edge) => edge.id) })
  for (const node of entering) operations.push(setParent(node, into.parent ?? null))
  for (const node of top) if (node.group !== into.group) operations.push(setGroup(node, into.group ?? null))
  for (const edge of healed(graph, set, cut, editor.newId)) operations.push({ kind: 'connect', edge })
  const [only] = operations
  if (!only) return false
  const names = nameOf(top)
  const label = holder ? phrase`Put ${names} into “${holder.title}”` : phrase`Took ${names} out`
  return editor.perform(operations.length === 1 ? only : { kind: 'batch', label, operations })
}

/** How far what stands at a point has to move right and down, so that the frame it comes into need not grow to the left or up over others. */
export function wayFromWalls(graph: Graph, frameId: string, at: Point): Point {
  const frame = graph.nodes.find((node) => node.id === frameId)
  const view = viewsOf(graph).get(frameId)
  if (!frame || !view?.frame) return { x: 0, y: 0 }
  const { x, y } = shownAt(frame, view)
  return { x: Math.max(0, x + frameRoom.left - at.x), y: Math.max(0, y + frameRoom.top - at.y) }
}

function withinWalls(graph: Graph, top: readonly GraphNode[], moves: readonly Move[], holder: GraphNode | undefined): Move[] {
  const places = moves.filter((move) => top.some((node) => node.id === move.nodeId)).map((move) => move.after)
  if (!holder || places.length === 0) return [...moves]
  const corner = { x: Math.min(...places.map((at) => at.x)), y: Math.min(...places.map((at) => at.y)) }
  const by = wayFromWalls(graph, holder.id, corner)
  return moves.map((move) => ({ ...move, after: { x: move.after.x + by.x, y: move.after.y + by.y } }))
}

function nameOf(nodes: readonly GraphNode[]): string {
  return nodes.length === 1 ? phrase`“${nodes[0]?.title ?? ''}”` : phrase`${nodes.length} nodes`
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

type Wrapped = { ok: true; id: string } | { ok: false; why: 'mixed' | 'none' | 'refused' }

/** Puts a container around nodes that stand side by side; what led to them leads to it, what led from them leads from it. */
export function wrap(editor: Editor, ids: ReadonlySet<string>, type: string): Wrapped {
  const { graph } = editor.getState()
  const definition = catalogue.get(type)
  const top = topOf(graph, ids)
  const [first] = top
  if (!definition || !first) return { ok: false, why: 'none' }
  const holder = holderOf(graph, first)
  if (top.some((node) => holderOf(graph, node) !== holder)) return { ok: false, why: 'mixed' }
  const views = viewsOf(graph)
  const places = top.map((node) => shownAt(node, views.get(node.id)))
  const corner = { x: Math.min(...places.map((at) => at.x)) - 24, y: Math.min(...places.map((at) => at.y)) - 64 }
  const { size: _size, ...made } = newNode(editor, definition, corner)
  const container: GraphNode = { ...made, ...frameOf(first) }
  if (isGroup(container)) {
    const label = phrase`Grouped ${nameOf(top)}`
    const operations: Operation[] = [{ kind: 'addNode', node: container }, ...top.map((node) => setGroup(node, container.id))]
    return editor.perform({ kind: 'batch', label, operations }) ? { ok: true, id: container.id } : { ok: false, why: 'refused' }
  }
  const within = withMembers(graph, top)
  const set = new Set(within.map((node) => node.id))
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
    label: phrase`Wrapped ${nameOf(top)} in “${container.title}”`,
    operations: [
      { kind: 'addNode', node: container },
      ...(cut.length > 0 ? [{ kind: 'disconnect' as const, edgeIds: cut.map((edge) => edge.id) }] : []),
      ...within.map((node) => setParent(node, container.id)),
      ...top.flatMap((node) => (node.group === undefined ? [] : [setGroup(node, null)])),
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
    titles.length === 1
      ? phrase`Removed “${titles[0] ?? ''}” and kept its steps`
      : phrase`Removed ${titles.length} containers and kept their steps`
  return operations.length > 0 && editor.perform({ kind: 'batch', label, operations })
}

function dissolveOne(graph: Graph, id: string, newId: NewId): Operation[] {
  const container = graph.nodes.find((node) => node.id === id)
  if (!container) return []
  if (isGroup(container)) {
    const members = graph.nodes.filter((node) => node.group === id)
    return [...members.map((node) => setGroup(node, container.group ?? null)), { kind: 'removeNodes', nodeIds: [id] }]
  }
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
  return graph.nodes.filter(
    (node) => ids.has(node.id) && graph.nodes.some((child) => (child.parent === node.id || child.group === node.id) && !ids.has(child.id)),
  )
}

export function toggleCollapsed(editor: Editor, ids: ReadonlySet<string>): boolean {
  const { graph } = editor.getState()
  const frames = graph.nodes.filter((node) => ids.has(node.id) && (isContainer(node) || isGroup(node)))
  if (frames.length === 0) return false
  const collapsed = frames.some((node) => !node.collapsed)
  const toggle: Operation = { kind: 'setCollapsed', nodeIds: frames.map((node) => node.id), collapsed }
  const views = viewsOf(graph)
  // The card comes to stand where the frame began.
  const moves = frames.flatMap((node) => {
    const after = shownAt(node, views.get(node.id))
    return node.locked || after === node.position ? [] : [{ nodeId: node.id, before: node.position, after }]
  })
  if (!collapsed || moves.length === 0) return editor.perform(toggle)
  const label = frames.length === 1 ? phrase`Collapsed “${frames[0]?.title ?? ''}”` : phrase`Collapsed ${frames.length} frames`
  return editor.perform({ kind: 'batch', label, operations: [toggle, { kind: 'moveNodes', moves }] })
}

/** Takes the chosen groups away and leaves what stood in them. */
export function ungroup(editor: Editor, ids: ReadonlySet<string>): boolean {
  const groups = editor.getState().graph.nodes.filter((node) => ids.has(node.id) && isGroup(node))
  return (
    groups.length > 0 &&
    dissolve(
      editor,
      groups.map((group) => group.id),
    )
  )
}

/** The nodes that are drawn. */
export function shownNodes(graph: Graph): GraphNode[] {
  const hidden = hiddenIn(graph)
  return hidden.size === 0 ? graph.nodes : graph.nodes.filter((node) => !hidden.has(node.id))
}
