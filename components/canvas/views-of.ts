import { bodyOf } from '@/workflows/graph/body-edges'
import { definitionOf } from '@/workflows/graph/catalogue'
import { portsOf } from '@/workflows/graph/ports-of'
import { sameJson } from '@/workflows/graph/same-json'
import type { Graph, GraphEdge, GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { childrenOf, contentsOf, framesOf, isGroup } from './frames'
import type { NodeShape, NodeView } from './node-view'
import { sizeOfNode } from './size-of-node'

interface Wiring {
  ins: Set<string>
  outs: Set<string>
  tools: Set<string>
  agents: Set<string>
}

/** Views by node id; a view keeps its identity while nothing it shows has changed, so that its card does not draw again. */
export function viewsOf(graph: Graph, previous?: ReadonlyMap<string, NodeView>): Map<string, NodeView> {
  const wiring = wiringOf(graph.edges)
  const views = new Map<string, NodeView>()
  const containers: GraphNode[] = []
  for (const node of graph.nodes) {
    if (ownView(node).holds) {
      containers.push(node)
      views.set(node.id, viewOf(node, wiring))
      continue
    }
    const known = seen.get(node)
    if (known?.wiring === wiring) {
      views.set(node.id, known.view)
      continue
    }
    const view = viewOf(node, wiring)
    const before = known?.view ?? previous?.get(node.id)
    const kept = before && sameView(before, view) ? before : view
    seen.set(node, { wiring, view: kept })
    views.set(node.id, kept)
  }
  if (containers.length > 0) addFrames(graph, views, containers, previous)
  return views
}

/** What a container shows follows from what stands in it. */
function addFrames(
  graph: Graph,
  views: Map<string, NodeView>,
  containers: readonly GraphNode[],
  previous: ReadonlyMap<string, NodeView> | undefined,
) {
  const children = childrenOf(graph)
  for (const node of containers) {
    const view = views.get(node.id)
    if (view && node.collapsed) {
      // Edges of what it hides are drawn at the card.
      const ends = view.colour === null ? {} : { hasIn: true, inConnected: true, outs: [{ port: 'main', connected: true }] }
      const inside = { ...view, ...ends, shape: 'card' as const, inside: contentsOf(graph, [node.id]).size - 1 }
      views.set(node.id, { ...inside, ...sizeOfNode(inside) })
    } else if (view) views.set(node.id, { ...view, shape: 'frame' })
  }
  const frames = children.size > 0 || containers.some((node) => !node.collapsed) ? framesOf(graph, views) : new Map()
  for (const node of containers) {
    const view = views.get(node.id) as NodeView
    const drawn = frames.get(node.id)
    const shift = drawn && { x: drawn.rect.x - node.position.x, y: drawn.rect.y - node.position.y }
    const next = drawn
      ? { ...view, width: drawn.rect.width, height: drawn.rect.height, frame: drawn.look, shift: shift.x || shift.y ? shift : null }
      : view
    const before = previous?.get(node.id)
    views.set(node.id, before && sameView(before, next) ? before : next)
  }
}

/** Nodes and lists of edges are never changed in place, so what was worked out for one holds as long as it lives. */
const seen = new WeakMap<GraphNode, { wiring: Wiring; view: NodeView }>()
const own = new WeakMap<GraphNode, OwnView>()
const wirings = new WeakMap<readonly GraphEdge[], Wiring>()

function wiringOf(edges: readonly GraphEdge[]): Wiring {
  const known = wirings.get(edges)
  if (known) return known
  const wiring: Wiring = { ins: new Set(), outs: new Set(), tools: new Set(), agents: new Set() }
  for (const edge of edges) {
    if (edge.toPort === 'tools') {
      wiring.tools.add(edge.from)
      wiring.agents.add(edge.to)
    } else {
      wiring.ins.add(edge.to)
      wiring.outs.add(`${edge.from}/${edge.fromPort}`)
    }
  }
  wirings.set(edges, wiring)
  return wiring
}

interface OwnView {
  definition: NodeDefinition | null
  ins: readonly string[]
  outs: readonly string[]
  subtitle: string
  /** Other nodes can stand in it. */
  holds: boolean
}

/** What follows from the node alone. */
function ownView(node: GraphNode): OwnView {
  const known = own.get(node)
  if (known) return known
  const definition = definitionOf(node, catalogue)
  const ports = definition ? portsOf(node, definition) : { in: ['main'], out: ['main'] }
  const made = {
    definition,
    ins: ports.in,
    outs: ports.out.filter((port) => port !== 'tool'),
    subtitle: subtitleOf(node, definition),
    holds: bodyOf(definition) !== undefined || isGroup(node),
  }
  own.set(node, made)
  return made
}

function viewOf(node: GraphNode, wiring: Wiring): NodeView {
  const { definition, ins, outs: ways, subtitle } = ownView(node)
  const shape = shapeOf(node, definition, wiring)
  const hasTools = ins.includes('tools')
  const outs = shape === 'tool' ? [] : ways
  const view = {
    id: node.id,
    type: node.type,
    shape,
    category: definition?.category ?? ('flow' as const),
    icon: definition?.icon ?? '',
    title: node.title,
    typeTitle: definition?.title ?? node.type,
    subtitle: hasTools ? (definition?.title ?? '') : subtitle,
    meta: hasTools ? subtitle : null,
    disabled: node.settings.disabled,
    locked: node.locked ?? false,
    hasIn: shape !== 'tool' && ins.includes('main'),
    // What nothing leads into is started by its frame.
    inConnected: wiring.ins.has(node.id) || node.parent !== undefined,
    outs: outs.map((port) => ({ port, connected: wiring.outs.has(`${node.id}/${port}`) })),
    hasTools,
    toolsConnected: wiring.agents.has(node.id),
    canBeTool:
      definition?.tool === true &&
      shape !== 'tool' &&
      !wiring.ins.has(node.id) &&
      !outs.some((port) => wiring.outs.has(`${node.id}/${port}`)),
    note: shape === 'note' ? { text: String(node.params.text ?? ''), colour: String(node.params.colour ?? 'sand') } : null,
    inside: null,
    colour: isGroup(node) ? String(node.params.colour ?? 'sand') : null,
    frame: null,
    shift: null,
  }
  return { ...view, ...sizeOfNode(view, node.size) }
}

function shapeOf(node: GraphNode, definition: NodeDefinition | null, wiring: Wiring): NodeShape {
  if (definition?.kind === 'note') return definition.gathers ? 'frame' : 'note'
  if (definition?.kind === 'trigger') return 'trigger'
  return wiring.tools.has(node.id) ? 'tool' : 'card'
}

function subtitleOf(node: GraphNode, definition: NodeDefinition | null) {
  if (!definition) return node.type
  try {
    return definition.subtitle?.(node.params, definition.form) || definition.title
  } catch {
    return definition.title
  }
}

function sameView(a: NodeView, b: NodeView) {
  return (Object.keys(b) as (keyof NodeView)[]).every((key) => {
    if (key === 'outs')
      return (
        a.outs.length === b.outs.length &&
        b.outs.every((out, index) => out.port === a.outs[index]?.port && out.connected === a.outs[index]?.connected)
      )
    if (key === 'frame' || key === 'shift') return sameJson(a[key] as never, b[key] as never)
    if (key === 'note') return a.note?.text === b.note?.text && a.note?.colour === b.note?.colour
    return a[key] === b[key]
  })
}
