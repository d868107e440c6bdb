import { hiddenIn, shownAt } from '@/components/canvas/frames'
import { type Move, withAlong } from '@/components/canvas/moves-of'
import { placeForTool } from '@/components/canvas/place-for-tool'
import { viewsOf } from '@/components/canvas/views-of'
import { definitionOf } from '@/workflows/graph/catalogue'
import { makeKey } from '@/workflows/graph/make-key'
import type { Operation } from '@/workflows/graph/operations'
import { portsOf } from '@/workflows/graph/ports-of'
import type { Graph, GraphEdge, GraphNode, Json } from '@/workflows/graph/schema'
import { toClipboard } from '@/workflows/graph/to-clipboard'
import type { WorkflowSettingName } from '@/workflows/graph/workflow-settings'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { phrase } from '@/workflows/words/spoken'
import { placeIn, wayFromWalls } from './containers'
import type { Editor } from './create-editor'
import { newNode } from './new-node'
import { roomBesideFrames } from './room-beside-frames'
import type { Placement } from './ui'

type Point = { x: number; y: number }

/** Puts a node where it was asked for, connected to what it was asked from, as one step of undo. Returns its id. */
export function placeNode(editor: Editor, type: string, position: Point, placement: Placement = { kind: 'free' }): string | null {
  const definition = catalogue.get(type)
  if (!definition) return null
  const { graph } = editor.getState()
  const at = placement.kind === 'tool' ? placeForTool(graph, placement.agentId) : position
  const node = newNode(editor, definition, at)
  return putNode(editor, node, placement) ? node.id : null
}

/** The same with a node that is made already and stands where it is to stand. */
export function putNode(editor: Editor, node: GraphNode, placement: Placement): boolean {
  const definition = definitionOf(node, catalogue)
  if (!definition) return false
  const { graph } = editor.getState()
  const membership = placeIn(graph, definition, node.position, placement)
  const frame = placement.kind === 'free' ? (membership.group ?? membership.parent) : undefined
  const by = frame === undefined ? { x: 0, y: 0 } : wayFromWalls(graph, frame, node.position)
  const placed = { ...node, ...membership, position: { x: node.position.x + by.x, y: node.position.y + by.y } }
  const add = operationFor(editor, placed, definition, placement)
  const moves = ['after', 'inside', 'free'].includes(placement.kind) ? roomBesideFrames(graph, add, placed) : []
  if (moves.length === 0) return editor.perform(add)
  const operations = add.kind === 'batch' ? add.operations : [add]
  return editor.perform({
    kind: 'batch',
    label: phrase`Added “${placed.title}”`,
    operations: [...operations, { kind: 'moveNodes', moves }],
  })
}

function operationFor(editor: Editor, node: GraphNode, definition: NodeDefinition, placement: Placement): Operation {
  const add: Operation = { kind: 'addNode', node }
  const edge = (from: string, fromPort: string, to: string, toPort: string): GraphEdge => ({
    id: editor.newId(),
    from,
    fromPort,
    to,
    toPort,
  })
  const ports = portsOf(node, definition)
  const out = ports.out.find((port) => port !== 'tool')
  const joined = (made: GraphEdge): Operation => ({
    kind: 'batch',
    label: phrase`Added “${node.title}”`,
    operations: [add, { kind: 'connect', edge: made }],
  })
  if (placement.kind === 'after' && ports.in.includes('main')) return joined(edge(placement.nodeId, placement.port, node.id, 'main'))
  if (placement.kind === 'before' && out) return joined(edge(node.id, out, placement.nodeId, placement.port))
  if (placement.kind === 'tool' && definition.tool) return joined(edge(node.id, 'tool', placement.agentId, 'tools'))
  if (placement.kind === 'edge') {
    const old = editor.getState().graph.edges.find((one) => one.id === placement.edgeId)
    if (old && out && ports.in.includes('main')) {
      return insertBetween(editor, old, node, out)
    }
  }
  return add
}

function insertBetween(editor: Editor, old: GraphEdge, node: GraphNode, out: string): Operation {
  const insert: Operation = {
    kind: 'insertOnEdge',
    edgeId: old.id,
    node,
    into: { id: editor.newId(), from: old.from, fromPort: old.fromPort, to: node.id, toPort: 'main' },
    out: { id: editor.newId(), from: node.id, fromPort: out, to: old.to, toPort: old.toPort },
  }
  const moves = makeRoom(editor.getState().graph, old, node)
  return moves.length > 0
    ? { kind: 'batch', label: phrase`Added “${node.title}”`, operations: [insert, { kind: 'moveNodes', moves }] }
    : insert
}

/** What stands in the way of a node put on an edge moves right by one column, in its frame and, as the frame grows, beside it. */
function makeRoom(graph: Graph, edge: GraphEdge, node: GraphNode): Move[] {
  const target = graph.nodes.find((one) => one.id === edge.to)
  const needed = node.position.x + (node.size?.width ?? 208) + 52
  if (!target || target.position.x >= needed - 28) return []
  const by = needed - target.position.x
  const views = viewsOf(graph)
  const moves: Move[] = []
  let from = target.position.x
  let level: string | undefined = target.parent
  for (;;) {
    for (const one of graph.nodes) {
      if (one.parent !== level || one.id === edge.from || one.locked || shownAt(one, views.get(one.id)).x < from) continue
      moves.push({ nodeId: one.id, before: one.position, after: { x: one.position.x + by, y: one.position.y } })
    }
    const frame = graph.nodes.find((one) => one.id === level)
    if (!frame) return withAlong(moves, graph)
    from = shownAt(frame, views.get(frame.id)).x + (views.get(frame.id)?.width ?? 0)
    level = frame.parent
  }
}

export function connect(editor: Editor, from: string, fromPort: string, to: string, toPort: string): boolean {
  return editor.perform({ kind: 'connect', edge: { id: editor.newId(), from, fromPort, to, toPort } })
}

/** Makes a node that is not in the flow a tool of an agent and hangs it below. */
export function giveToAgent(editor: Editor, nodeId: string, agentId: string): boolean {
  const { graph } = editor.getState()
  const node = graph.nodes.find((one) => one.id === nodeId)
  if (!node) return false
  return editor.perform({
    kind: 'batch',
    label: phrase`Gave “${node.title}” to the agent`,
    operations: [
      { kind: 'connect', edge: { id: editor.newId(), from: nodeId, fromPort: 'tool', to: agentId, toPort: 'tools' } },
      { kind: 'moveNodes', moves: [{ nodeId, before: node.position, after: placeForTool(graph, agentId) }] },
    ],
  })
}

export function removeSelection(editor: Editor, nodes: ReadonlySet<string>, edges: ReadonlySet<string>): boolean {
  const { graph } = editor.getState()
  const nodeIds = graph.nodes.filter((node) => nodes.has(node.id)).map((node) => node.id)
  const edgeIds = graph.edges.filter((edge) => edges.has(edge.id) && !nodes.has(edge.from) && !nodes.has(edge.to)).map((edge) => edge.id)
  const operations: Operation[] = []
  if (nodeIds.length > 0) operations.push({ kind: 'removeNodes', nodeIds })
  if (edgeIds.length > 0) operations.push({ kind: 'disconnect', edgeIds })
  const [only] = operations
  if (!only) return false
  return editor.perform(operations.length === 1 ? only : { kind: 'batch', operations })
}

export function toggleDisabled(editor: Editor, ids: ReadonlySet<string>): boolean {
  const nodes = editor.getState().graph.nodes.filter((node) => ids.has(node.id) && definitionOf(node, catalogue)?.kind !== 'note')
  if (nodes.length === 0) return false
  return editor.perform({
    kind: 'setDisabled',
    nodeIds: nodes.map((node) => node.id),
    disabled: nodes.some((node) => !node.settings.disabled),
  })
}

/** Locks the chosen nodes, or frees them where all of them are locked. */
export function toggleLocked(editor: Editor, ids: ReadonlySet<string>): boolean {
  const nodes = editor.getState().graph.nodes.filter((node) => ids.has(node.id))
  if (nodes.length === 0) return false
  return editor.perform({ kind: 'setLocked', nodeIds: nodes.map((node) => node.id), locked: nodes.some((node) => !node.locked) })
}

/** Renames on the canvas; the key follows while it is still the one the old title made. */
export function rename(editor: Editor, nodeId: string, title: string): boolean {
  const { nodes } = editor.getState().graph
  const node = nodes.find((one) => one.id === nodeId)
  if (!node || title === node.title) return false
  const others = nodes.filter((one) => one.id !== nodeId).map((one) => one.key)
  const follows = new Set([makeKey(node.title, others), makeKey(node.title)]).has(node.key)
  const key = makeKey(title, others)
  return editor.perform({
    kind: 'renameNode',
    nodeId,
    title: { before: node.title, after: title },
    ...(follows && key !== node.key ? { key: { before: node.key, after: key } } : {}),
  })
}

export function setParam(
  editor: Editor,
  nodeId: string,
  path: (string | number)[],
  after: Json | undefined,
  how: { melt?: boolean } = { melt: true },
) {
  const node = editor.getState().graph.nodes.find((one) => one.id === nodeId)
  const before =
    node &&
    path.reduce<Json | undefined>((value, part) => (value as Record<string | number, Json> | undefined)?.[part], node.params as Json)
  return editor.perform(
    { kind: 'setParam', nodeId, path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    how,
  )
}

export function setSetting(editor: Editor, nodeId: string, path: (string | number)[], after: Json | undefined) {
  const node = editor.getState().graph.nodes.find((one) => one.id === nodeId)
  const before =
    node &&
    path.reduce<Json | undefined>((value, part) => (value as Record<string | number, Json> | undefined)?.[part], node.settings as Json)
  return editor.perform(
    { kind: 'setSetting', nodeId, path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    { melt: true },
  )
}

/** One setting of the workflow as a whole; without a value it goes back to its default. */
export function setWorkflowSetting(editor: Editor, name: WorkflowSettingName, after: Json | undefined) {
  const before = editor.getState().graph.settings?.[name] as Json | undefined
  return editor.perform(
    { kind: 'setWorkflowSetting', name, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    { melt: true },
  )
}

/** Puts what is connected into columns, or only what is chosen where that is several; each card takes the room it really needs. */
export async function tidy(editor: Editor, chosen: ReadonlySet<string> = new Set()): Promise<boolean> {
  const { graph } = editor.getState()
  const views = viewsOf(graph)
  const hidden = hiddenIn(graph)
  const sized = {
    ...graph,
    nodes: graph.nodes.flatMap((node) => {
      const view = views.get(node.id)
      // An open frame takes its size from what stands in it, a collapsed one carries it unseen.
      if (hidden.has(node.id)) return []
      if (!view || view.frame) return [node]
      const tools = graph.edges.filter((edge) => edge.to === node.id && edge.toPort === 'tools').length
      return [{ ...node, size: { width: Math.max(view.width, tools * 180 - 20), height: view.height } }]
    }),
  }
  const { tidyLayout } = await import('@/workflows/graph/layout')
  const operation = await tidyLayout(sized, chosen.size > 1 ? chosen : undefined)
  return operation !== null && editor.perform(withHidden(operation, graph, hidden))
}

function withHidden(operation: Operation, graph: Graph, hidden: ReadonlyMap<string, string>): Operation {
  if (hidden.size === 0) return operation
  if (operation.kind === 'moveNodes') {
    const all = withAlong(operation.moves, graph)
    const own = new Set(operation.moves.map((move) => move.nodeId))
    return { ...operation, moves: all.filter((move) => own.has(move.nodeId) || hidden.has(move.nodeId)) }
  }
  return operation.kind === 'batch'
    ? { ...operation, operations: operation.operations.map((one) => withHidden(one, graph, hidden)) }
    : operation
}

export function copyOf(graph: Graph, ids: ReadonlySet<string>): string | null {
  return ids.size > 0 ? toClipboard(graph, [...ids]) : null
}

/** Copies beside what is chosen; null where nothing is. */
export async function duplicate(editor: Editor, ids: ReadonlySet<string>): Promise<string[] | null> {
  const { pasteBeside } = await import('./paste')
  return pasteBeside(editor, ids)
}

/** Which node types may be put there. */
export function fits(definition: NodeDefinition, placement: Placement): boolean {
  if (placement.kind === 'free') return true
  if (definition.kind === 'note') return false
  if (placement.kind === 'tool') return definition.tool === true
  if (placement.kind === 'inside') return definition.kind !== 'trigger'
  if (definition.kind === 'trigger') return placement.kind === 'before'
  if (placement.kind === 'before' || placement.kind === 'edge') {
    const { out } = definition.ports
    const hasOut = typeof out === 'function' || out.length > 0
    return hasOut && (placement.kind === 'before' || definition.ports.in.includes('main'))
  }
  return definition.ports.in.includes('main')
}
