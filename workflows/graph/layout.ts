import type { Operation, OperationOf } from './operations'
import type { Graph, GraphNode } from './schema'

/** Sizes of the canvas: a node's card, the gap to the next column, the grid that tidy places stand on. */
const card = { width: 208, height: 80 }
const columnGap = 52
const rowGap = 40
const grid = 20
/** What a container's frame leaves free around the nodes inside it; its head stands above them. */
const frame = { left: 40, top: 80, right: 40, bottom: 40 }

interface Point {
  x: number
  y: number
}
interface Size {
  width: number
  height: number
}
type Places = Map<string, Point>

/**
 * What tidies a graph, or some of its nodes, from left to right; null when nothing has to change. Containers are drawn around what
 * stands in them, the innermost first. The same graph always gives the same places. The layout library is loaded on first use.
 */
export async function tidyLayout(graph: Graph, nodeIds?: ReadonlySet<string>): Promise<Operation | null> {
  const dagre = await loadDagre()
  const linked = new Set(graph.edges.flatMap((edge) => [edge.from, edge.to]))
  const children = childrenOf(graph)
  const isWanted = (node: GraphNode) =>
    nodeIds ? nodeIds.has(node.id) : linked.has(node.id) || node.parent !== undefined || children.has(node.id)
  const tools = new Map(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => [edge.from, edge.to]))
  const sizes = new Map<string, Size>()
  const places: Places = new Map()

  const tidy = (nodes: readonly GraphNode[], corner: Point | null): void => {
    for (const node of nodes) {
      const inside = children.get(node.id)
      if (!inside) continue
      tidy(inside, { x: 0, y: 0 })
      sizes.set(node.id, around(inside, places, sizes))
    }
    if (nodes.length === 0) return
    const start = corner ?? { x: Math.min(...nodes.map((node) => node.position.x)), y: Math.min(...nodes.map((node) => node.position.y)) }
    for (const [id, place] of placesOf(nodes, { graph, tools, sizes, dagre })) {
      places.set(id, { x: snap(start.x + place.x), y: snap(start.y + place.y) })
    }
  }
  const top = graph.nodes.filter(
    (node) => isWanted(node) && (node.parent === undefined || !graph.nodes.some((one) => one.id === node.parent)),
  )
  const some = nodeIds ? graph.nodes.filter((node) => nodeIds.has(node.id) && !(node.parent && nodeIds.has(node.parent))) : top
  if (some.length < 2 && !some.some((node) => children.has(node.id))) return null
  tidy(some, null)
  for (const node of some) follow(node, children, places)
  return operationFor(graph, places, sizes)
}

function childrenOf(graph: Graph): ReadonlyMap<string, GraphNode[]> {
  const ids = new Set(graph.nodes.map((node) => node.id))
  const found = new Map<string, GraphNode[]>()
  for (const node of graph.nodes) {
    if (node.parent === undefined || !ids.has(node.parent)) continue
    const list = found.get(node.parent)
    if (list) list.push(node)
    else found.set(node.parent, [node])
  }
  return found
}

/** The size of a frame around nodes whose places are told from its inner corner. */
function around(nodes: readonly GraphNode[], places: Places, sizes: ReadonlyMap<string, Size>): Size {
  const ends = nodes.map((node) => {
    const place = places.get(node.id) ?? { x: 0, y: 0 }
    const size = sizes.get(node.id) ?? node.size ?? card
    return { x: place.x + size.width, y: place.y + size.height }
  })
  return {
    width: snap(frame.left + Math.max(...ends.map(({ x }) => x)) + frame.right),
    height: snap(frame.top + Math.max(...ends.map(({ y }) => y)) + frame.bottom),
  }
}

/** Places inside a container were told from its corner; on the canvas they stand where it stands. */
function follow(container: GraphNode, children: ReadonlyMap<string, GraphNode[]>, places: Places): void {
  const origin = places.get(container.id)
  if (!origin) return
  for (const child of children.get(container.id) ?? []) {
    const place = places.get(child.id)
    if (!place) continue
    places.set(child.id, { x: origin.x + frame.left + place.x, y: origin.y + frame.top + place.y })
    follow(child, children, places)
  }
}

function operationFor(graph: Graph, places: Places, sizes: ReadonlyMap<string, Size>): Operation | null {
  const moves: OperationOf<'moveNodes'>['moves'] = []
  const resizes: OperationOf<'resizeNode'>[] = []
  for (const node of graph.nodes) {
    const after = places.get(node.id)
    if (!after) continue
    const size = sizes.get(node.id)
    const moved = after.x !== node.position.x || after.y !== node.position.y
    if (size && (size.width !== node.size?.width || size.height !== node.size?.height)) {
      const before = { position: node.position, ...(node.size ? { size: node.size } : {}) }
      resizes.push({ kind: 'resizeNode', nodeId: node.id, before, after: { position: after, size } })
    } else if (moved) moves.push({ nodeId: node.id, before: node.position, after })
  }
  const move: Operation[] = moves.length > 0 ? [{ kind: 'moveNodes', moves }] : []
  if (resizes.length === 0) return move[0] ?? null
  return { kind: 'batch', label: 'Tidied up', operations: [...move, ...resizes] }
}

interface Drawing {
  graph: Graph
  tools: ReadonlyMap<string, string>
  sizes: ReadonlyMap<string, Size>
  dagre: Awaited<ReturnType<typeof loadDagre>>
}

/** Places of nodes that stand side by side, from the upper left corner of them all. */
function placesOf(nodes: readonly GraphNode[], { graph, tools, sizes, dagre }: Drawing): Places {
  const flow = nodes.filter((node) => !tools.has(node.id))
  const within = new Set(flow.map((node) => node.id))
  const drawing = new dagre.Graph()
  drawing.setGraph({ rankdir: 'LR', nodesep: rowGap, ranksep: columnGap, align: 'UL' })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const node of flow) {
    const hung = [...tools].filter(([, agent]) => agent === node.id).length
    const { width, height } = sizes.get(node.id) ?? node.size ?? card
    drawing.setNode(node.id, { width, height: height + (hung > 0 ? 100 : 0) })
  }
  for (const edge of graph.edges) if (within.has(edge.from) && within.has(edge.to)) drawing.setEdge(edge.from, edge.to)
  dagre.layout(drawing)
  const drawn = flow.map((node) => {
    const { x, y, width, height } = drawing.node(node.id)
    return { id: node.id, x: x - width / 2, y: y - height / 2 }
  })
  const origin = { x: Math.min(...drawn.map(({ x }) => x)), y: Math.min(...drawn.map(({ y }) => y)) }
  const places: Places = new Map(drawn.map(({ id, x, y }) => [id, { x: x - origin.x, y: y - origin.y }]))
  hangTools(nodes, tools, places)
  return places
}

/** Tools hang below their agent, side by side. */
function hangTools(nodes: readonly GraphNode[], tools: ReadonlyMap<string, string>, places: Places): void {
  const hung = new Map<string, number>()
  for (const node of nodes) {
    const agent = tools.get(node.id)
    const above = agent === undefined ? undefined : places.get(agent)
    if (agent === undefined || !above) continue
    const count = hung.get(agent) ?? 0
    hung.set(agent, count + 1)
    places.set(node.id, { x: above.x + count * 180, y: above.y + 160 })
  }
}

function snap(value: number): number {
  return Math.round(value / grid) * grid
}

async function loadDagre() {
  const module = await import('@dagrejs/dagre')
  return { Graph: module.Graph, layout: module.layout }
}
