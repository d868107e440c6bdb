import { bodyOf } from '@/workflows/graph/body-edges'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Graph, GraphEdge, GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FrameLook, NodeView } from './node-view'

interface Rect {
  x: number
  y: number
  width: number
  height: number
}

/** What a frame leaves free around the nodes inside it; its head of 40 stands above them. */
export const frameRoom = { left: 24, top: 64, right: 24, bottom: 24 }
const frameHead = 40
/** At least one row of 56, and a card's width. */
const smallest = { width: 256, height: 144 }
const partRoom = 12
/** From the bottom of a frame to the middle of its last port that leads nowhere yet, and between two of them. */
const openPort = { bottom: 20, between: 24, room: 12 }

const childrenOfNodes = new WeakMap<readonly GraphNode[], ReadonlyMap<string, readonly GraphNode[]>>()
const noChildren: ReadonlyMap<string, readonly GraphNode[]> = new Map()

/** What is drawn directly in each frame: in its group, where it has one beside it, else in its container. */
export function childrenOf({ nodes }: Pick<Graph, 'nodes'>): ReadonlyMap<string, readonly GraphNode[]> {
  const known = childrenOfNodes.get(nodes)
  if (known) return known
  let found: Map<string, GraphNode[]> | null = null
  let groups: Map<string, GraphNode> | null = null
  for (const node of nodes) {
    if (node.parent === undefined && node.group === undefined) continue
    if (node.group !== undefined && !groups) groups = new Map(nodes.filter(isGroup).map((one) => [one.id, one]))
    const group = node.group === undefined ? undefined : groups?.get(node.group)
    const holder = group && group.parent === node.parent && group.id !== node.id ? group.id : node.parent
    if (holder === undefined) continue
    found ??= new Map()
    const list = found.get(holder)
    if (list) list.push(node)
    else found.set(holder, [node])
  }
  const children = found ?? noChildren
  childrenOfNodes.set(nodes, children)
  return children
}

/** These nodes and all that is drawn inside them, however deep. */
export function contentsOf(graph: Pick<Graph, 'nodes'>, ids: Iterable<string>): Set<string> {
  const children = childrenOf(graph)
  const found = new Set(ids)
  const todo = [...found]
  while (todo.length > 0) {
    for (const child of children.get(todo.pop() as string) ?? []) {
      if (found.has(child.id)) continue
      found.add(child.id)
      todo.push(child.id)
    }
  }
  return found
}

/** The frame that a node is drawn in. */
export function holderOf(graph: Pick<Graph, 'nodes'>, node: GraphNode): string | undefined {
  if (node.group === undefined) return node.parent
  const group = graph.nodes.find((one) => one.id === node.group)
  return group && isGroup(group) && group.parent === node.parent ? group.id : node.parent
}

const standInsOfNodes = new WeakMap<readonly GraphNode[], ReadonlyMap<string, string>>()
const nothingHidden: ReadonlyMap<string, string> = new Map()

/** What stands in a collapsed frame, however deep, and the card that stands for it. */
export function hiddenIn(graph: Pick<Graph, 'nodes'>): ReadonlyMap<string, string> {
  const known = standInsOfNodes.get(graph.nodes)
  if (known) return known
  const children = childrenOf(graph)
  let hidden = nothingHidden
  if (children.size > 0) {
    const collapsed = graph.nodes.filter((node) => node.collapsed && children.has(node.id)).map((node) => node.id)
    const inner = new Set(collapsed.flatMap((id) => [...contentsOf(graph, [id])].filter((one) => one !== id)))
    const found = new Map<string, string>()
    for (const id of collapsed) if (!inner.has(id)) for (const one of contentsOf(graph, [id])) if (one !== id) found.set(one, id)
    if (found.size > 0) hidden = found
  }
  standInsOfNodes.set(graph.nodes, hidden)
  return hidden
}

/** Whether other nodes can stand in it. */
export function isContainer(node: GraphNode): boolean {
  return bodyOf(definitionOf(node, catalogue)) !== undefined
}

/** A frame for the eye alone. */
export function isGroup(node: GraphNode): boolean {
  const definition = definitionOf(node, catalogue)
  return definition?.kind === 'note' && definition.gathers === true
}

/** The frames of a graph, the inner ones first: where each stands, from what it holds and the size people gave it. */
export function framesOf(graph: Graph, views: ReadonlyMap<string, NodeView>): Map<string, { rect: Rect; look: FrameLook }> {
  const children = childrenOf(graph)
  const frames = new Map<string, { rect: Rect; look: FrameLook }>()
  const begun = new Set<string>()
  const hidden = hiddenIn(graph)
  const draw = (node: GraphNode, depth: number): void => {
    if (begun.has(node.id)) return
    begun.add(node.id)
    for (const child of children.get(node.id) ?? []) if (isFrame(child, views)) draw(child, depth + 1)
    const rectOf = (child: GraphNode): Rect | null => {
      const frame = frames.get(child.id)
      if (frame) return frame.rect
      const view = views.get(child.id)
      return view ? { ...child.position, width: view.width, height: view.height } : null
    }
    const held = (children.get(node.id) ?? []).flatMap((child) => withRect(child, rectOf(child)))
    const rect = rectAround(
      node,
      held.map((one) => one.rect),
      openPortsOf(graph, node),
    )
    // What is drawn in a group inside it is its own all the same.
    const grouped = held.some((one) => isGroup(one.node))
    const inside = grouped
      ? graph.nodes.filter((one) => one.parent === node.id && !hidden.has(one.id)).flatMap((one) => withRect(one, rectOf(one)))
      : held
    frames.set(node.id, { rect, look: lookOf(graph, node, rect, inside, depth, frames) })
  }
  const inner = new Set([...children.values()].flat().map((node) => node.id))
  for (const node of graph.nodes) if (isFrame(node, views) && !inner.has(node.id)) draw(node, 0)
  // What a hidden or broken parent keeps from being reached above still needs a size.
  for (const node of graph.nodes) if (isFrame(node, views) && !frames.has(node.id)) draw(node, 0)
  return frames
}

function isFrame(node: GraphNode, views: ReadonlyMap<string, NodeView>): boolean {
  return views.get(node.id)?.shape === 'frame'
}

function withRect(node: GraphNode, rect: Rect | null): Held[] {
  return rect ? [{ node, rect }] : []
}

function rectAround(node: GraphNode, held: readonly Rect[], openPorts: readonly string[]): Rect {
  const own = { ...node.position, width: node.size?.width ?? smallest.width, height: node.size?.height ?? smallest.height }
  if (held.length === 0) return own
  const forPorts = openPorts.length === 0 ? 0 : openPort.bottom + (openPorts.length - 1) * openPort.between + openPort.room
  const around = {
    left: Math.min(...held.map((one) => one.x)) - frameRoom.left,
    top: Math.min(...held.map((one) => one.y)) - frameRoom.top,
    right: Math.max(...held.map((one) => one.x + one.width)) + frameRoom.right,
    bottom: Math.max(...held.map((one) => one.y + one.height)) + Math.max(frameRoom.bottom, forPorts),
  }
  // Without a size of its own it follows what it holds.
  const left = node.size ? Math.min(around.left, own.x) : around.left
  const top = node.size ? Math.min(around.top, own.y) : around.top
  const right = node.size ? Math.max(around.right, own.x + own.width) : Math.max(around.right, left + smallest.width)
  const bottom = node.size ? Math.max(around.bottom, own.y + own.height) : Math.max(around.bottom, top + smallest.height)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

type Held = { node: GraphNode; rect: Rect }

/** Its ports inwards from which no wire leads to a step yet: their names stand below what it holds. */
function openPortsOf(graph: Graph, node: GraphNode): readonly string[] {
  const ports = bodyOf(definitionOf(node, catalogue))?.ports ?? []
  return ports.filter((port) => !graph.edges.some((edge) => edge.from === node.id && edge.fromPort === port))
}

function lookOf(
  graph: Graph,
  node: GraphNode,
  rect: Rect,
  held: readonly Held[],
  depth: number,
  frames: ReadonlyMap<string, { look: FrameLook }>,
): FrameLook {
  const stuck = held.some((one) => one.node.locked === true || frames.get(one.node.id)?.look.stuck === true)
  if (isGroup(node)) return { walls: [], parts: [], inner: [], depth, stuck }
  const ports = bodyOf(definitionOf(node, catalogue))?.ports ?? []
  const inside = new Map(held.map((one) => [one.node.id, one]))
  const within = graph.edges.filter((edge) => inside.has(edge.to) && (inside.has(edge.from) || edge.from === node.id))
  const tools = new Set(within.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from))
  const flow = within.filter((edge) => edge.toPort !== 'tools')
  const ledTo = new Set(flow.map((edge) => edge.to))
  const leading = new Set(flow.map((edge) => edge.from))
  const inSection = sectionsOf(node.id, ports, flow)
  const steps = held.filter((one) => !tools.has(one.node.id) && definitionOf(one.node, catalogue)?.kind !== 'note')
  const middle = (one: Held) => one.rect.y - rect.y + headMiddle(one.node, frames)
  const walls = steps.flatMap((one): FrameLook['walls'][number][] => [
    ...(ledTo.has(one.node.id) ? [] : [{ side: 'in' as const, y: middle(one), to: one.rect.x - rect.x }]),
    ...(leading.has(one.node.id) || inSection.has(one.node.id)
      ? []
      : [{ side: 'out' as const, y: middle(one), to: one.rect.x + one.rect.width - rect.x }]),
  ])
  const parts = ports.flatMap((port) => {
    const own = steps.filter((one) => inSection.get(one.node.id) === port).map((one) => one.rect)
    return own.length > 0 ? [{ port, ...partAround(own, rect) }] : []
  })
  const inner: { port: string; y: number; connected: boolean }[] = []
  const open = openPortsOf(graph, node)
  for (const port of ports) {
    const target = flow.find((edge) => edge.from === node.id && edge.fromPort === port)
    const to = target && inside.get(target.to)
    let y = to ? middle(to) : rect.height - openPort.bottom - Math.max(0, open.length - 1 - open.indexOf(port)) * openPort.between
    // Two that lead to one row would lie on each other.
    while (inner.some((one) => Math.abs(one.y - y) < 20)) y += 24
    inner.push({ port, y, connected: to !== undefined })
  }
  return { walls, parts, inner, depth, stuck }
}

function headMiddle(node: GraphNode, frames: ReadonlyMap<string, unknown>): number {
  return frames.has(node.id) ? frameHead / 2 : 28
}

/** By node what port of the container it hangs from, directly or through others. */
function sectionsOf(containerId: string, ports: readonly string[], flow: readonly GraphEdge[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const port of ports) {
    const todo = flow.filter((edge) => edge.from === containerId && edge.fromPort === port).map((edge) => edge.to)
    while (todo.length > 0) {
      const id = todo.pop() as string
      if (found.has(id)) continue
      found.set(id, port)
      for (const edge of flow) if (edge.from === id) todo.push(edge.to)
    }
  }
  return found
}

function partAround(rects: readonly Rect[], frame: Rect): Rect {
  const left = Math.min(...rects.map((one) => one.x)) - partRoom
  const top = Math.min(...rects.map((one) => one.y)) - partRoom - 16
  const right = Math.max(...rects.map((one) => one.x + one.width)) + partRoom
  const bottom = Math.max(...rects.map((one) => one.y + one.height)) + partRoom
  return { x: left - frame.x, y: top - frame.y, width: right - left, height: bottom - top }
}

/** The innermost open frame at a point of the canvas; null on the open canvas. */
export function frameAt(
  graph: Graph,
  views: ReadonlyMap<string, NodeView>,
  at: { x: number; y: number },
  except: ReadonlySet<string> = new Set(),
): string | null {
  const hidden = hiddenIn(graph)
  let found: { id: string; depth: number } | null = null
  for (const node of graph.nodes) {
    const view = views.get(node.id)
    if (!view?.frame || except.has(node.id) || hidden.has(node.id)) continue
    const { x, y } = shownAt(node, view)
    if (at.x < x || at.y < y || at.x > x + view.width || at.y > y + view.height) continue
    if (!found || view.frame.depth >= found.depth) found = { id: node.id, depth: view.frame.depth }
  }
  return found?.id ?? null
}

/** Where a node is drawn: a frame grows beyond its own place when what it holds does. */
export function shownAt(node: Pick<GraphNode, 'position'>, view: Pick<NodeView, 'shift'> | undefined): { x: number; y: number } {
  return view?.shift ? { x: node.position.x + view.shift.x, y: node.position.y + view.shift.y } : node.position
}

/** What a box chose, without frames that it only touched: who draws a box inside a frame means the steps in it. */
export function withoutTouched(
  graph: Graph,
  views: ReadonlyMap<string, NodeView>,
  chosen: ReadonlySet<string>,
  from: { x: number; y: number },
  to: { x: number; y: number },
): string[] {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)]
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)]
  return graph.nodes.flatMap((node) => {
    if (!chosen.has(node.id)) return []
    const view = views.get(node.id)
    if (!view?.frame) return [node.id]
    const { x, y } = shownAt(node, view)
    return x >= left && y >= top && x + view.width <= right && y + view.height <= bottom ? [node.id] : []
  })
}
