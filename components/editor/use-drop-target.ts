import { useCallback, useRef, useState } from 'react'
import { contentsOf, frameAt, holderOf, isGroup } from '@/components/canvas/frames'
import type { Move } from '@/components/canvas/moves-of'
import { nodeAt } from '@/components/canvas/node-at'
import { viewsOf } from '@/components/canvas/views-of'
import { applyOperation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'
import { giveToAgent } from './store/commands'
import { moveInto } from './store/containers'
import type { Editor } from './store/create-editor'

/** What a drag over the canvas would come to: an agent takes a tool, a frame takes steps; else they only move. */
export function useDropTarget(editor: Editor) {
  const [dropTarget, setDropTarget] = useState<string | null>(null)
  const target = useRef<string | null>(null)
  /** The container that what is dragged would go into, null for the open canvas; undefined where it stays in its own. */
  const goesInto = useRef<{ ids: string[]; parent: string | null } | undefined>(undefined)
  const agentAt = useCallback(
    (at: { x: number; y: number }, except: readonly string[]) =>
      nodeAt(editor.getState().graph, at, (view) => view.hasTools && !except.includes(view.id)),
    [editor],
  )

  const onDragOverNode = useCallback(
    (ids: string[], at: { x: number; y: number } | null) => {
      const { graph: now } = editor.getState()
      const [only] = ids
      const agent = at && ids.length === 1 && only ? agentAt(at, ids) : null
      const possible =
        agent &&
        only &&
        applyOperation(now, { kind: 'connect', edge: { id: 'dropped0', from: only, fromPort: 'tool', to: agent, toPort: 'tools' } }).ok
      target.current = possible ? agent : null
      goesInto.current = at && !possible ? containerAt(now, ids, at) : undefined
      setDropTarget(target.current ?? goesInto.current?.parent ?? null)
    },
    [editor, agentAt],
  )

  const onMove = useCallback(
    (moves: Move[]) => {
      const agent = target.current
      const into = goesInto.current
      target.current = null
      goesInto.current = undefined
      setDropTarget(null)
      const [only] = moves
      if (agent && only) return void giveToAgent(editor, only.nodeId, agent)
      if (into) return void moveInto(editor, moves, into.ids, into.parent)
      if (moves.length > 0) editor.perform({ kind: 'moveNodes', moves })
    },
    [editor],
  )
  return { dropTarget, agentAt, onDragOverNode, onMove }
}

/** Where what is dragged would go: into a frame, out of its own with null; undefined where it stays, or may not go there. */
function containerAt(graph: Graph, dragged: readonly string[], at: { x: number; y: number }) {
  const moving = contentsOf(graph, dragged)
  const top = graph.nodes.filter((node) => dragged.includes(node.id) && !moving.has(holderOf(graph, node) ?? ''))
  const [first] = top
  const own = first && holderOf(graph, first)
  if (!first || top.some((node) => holderOf(graph, node) !== own)) return undefined
  const parent = frameAt(graph, viewsOf(graph), at, moving)
  if (parent === (own ?? null)) return undefined
  const holder = graph.nodes.find((node) => node.id === parent)
  const after = holder && isGroup(holder) ? (holder.parent ?? null) : parent
  const may = top.every((node) => {
    const before = node.parent ?? null
    return after === null || applyOperation(graph, { kind: 'setParent', nodeId: node.id, before, after }).ok
  })
  return may ? { ids: top.map((node) => node.id), parent } : undefined
}
