'use client'

import { type Connection, type FinalConnectionState, useReactFlow } from '@xyflow/react'
import { AlignStartVertical, StickyNote } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Canvas } from '@/components/canvas/canvas'
import { CanvasBar } from '@/components/canvas/canvas-bar'
import type { CanvasActions } from '@/components/canvas/canvas-context'
import { CanvasMinimap } from '@/components/canvas/canvas-minimap'
import { edgeLabels } from '@/components/canvas/edge-labels'
import { contentsOf, frameAt, holderOf, isGroup } from '@/components/canvas/frames'
import type { Move } from '@/components/canvas/moves-of'
import { nodeAt } from '@/components/canvas/node-at'
import { viewsOf } from '@/components/canvas/views-of'
import { wayOut } from '@/components/canvas/way-out'
import { IconButton } from '@/components/ui/icon-button'
import { Later, loadLater } from '@/components/ui/later'
import { applyOperation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { buildPaint } from './build-paint'
import { useEditor, useFacts, useFoundProblems, useUi } from './editor-context'
import { dragType } from './palette'
import { SpokenChoice } from './spoken-choice'
import { connect, giveToAgent, placeNode, rename, setParam, tidy } from './store/commands'
import { betweenBack, moveInto } from './store/containers'
import type { Placement } from './store/ui'
import { traceOf } from './trace-of'
import { useAddFromText } from './use-add-from-text'
import { usePacedDraft } from './use-paced-draft'
import { wentThrough } from './went-through'

const EmptyDraft = loadLater(() => import('./empty-draft').then((module) => module.EmptyDraft))
const NodeToolbar = loadLater(() => import('./node-toolbar').then((module) => module.NodeToolbar))
const SelectionToolbar = loadLater(() => import('./selection-toolbar').then((module) => module.SelectionToolbar))

/** The draft on the canvas, with everything that can be done to it by mouse. */
export function EditorCanvas() {
  const t = useTranslations('editor.canvas')
  const node = useTranslations('editor.node')
  const { editor, ui, workflow } = useEditor()
  const { results } = useFacts()
  const problems = useFoundProblems()
  const graph = usePacedDraft((state) => state.graph, 'below')
  const selection = useUi((state) => state.selection)
  const selectedEdges = useUi((state) => state.selectedEdges)
  const renaming = useUi((state) => state.renaming)
  const testing = useUi((state) => state.testing)
  const showResults = useUi((state) => state.showResults)
  const [dropTarget, setDropTarget] = useState<string | null>(null)
  const target = useRef<string | null>(null)
  /** The container that what is dragged would go into, null for the open canvas; undefined where it stays in its own. */
  const goesInto = useRef<{ ids: string[]; parent: string | null } | undefined>(undefined)
  const { screenToFlowPosition } = useReactFlow()
  const trace = useTrace()
  const breakpoints = useUi((state) => state.breakpoints)
  const stoppedAt = useUi((state) => state.stopped?.at ?? nowhere)
  const paint = useMemo(
    () => buildPaint(graph, problems, results, testing, showResults, { breakpoints, at: stoppedAt }),
    [graph, problems, results, testing, showResults, breakpoints, stoppedAt],
  )

  const labels = useMemo(
    () => edgeLabels(graph, wentThrough(results), { items: (count) => t('items', { count }), case: (port) => wayOut(port, node) }),
    [graph, results, t, node],
  )

  const actions = useMemo<Omit<CanvasActions, 'mode'>>(
    () => ({
      insertOnEdge: editor.readOnly
        ? undefined
        : (edgeId, screen) => {
            const at = screenToFlowPosition(screen)
            ui.setState({ search: { screen, position: { x: at.x - 104, y: at.y - 28 }, placement: { kind: 'edge', edgeId } } })
          },
      rename: (nodeId, title) => rename(editor, nodeId, title),
      stopRenaming: () => ui.setState({ renaming: null }),
      setNoteText: (nodeId, text) => setParam(editor, nodeId, ['text'], text, {}),
      resizeNote: (nodeId, before, after) => editor.perform({ kind: 'resizeNode', nodeId, before, after }),
    }),
    [editor, ui, screenToFlowPosition],
  )

  /** Draws an edge; one that leads back offers to repeat what lies between. */
  const draw = useCallback(
    (from: string, fromPort: string, to: string, toPort: string) => {
      const { graph: now } = editor.getState()
      const tried = applyOperation(now, { kind: 'connect', edge: { id: 'checked0', from, fromPort, to, toPort } })
      const between = !tried.ok && tried.problem.code === 'edge.cycle' ? betweenBack(now, from, to) : null
      if (between) ui.setState({ dialog: 'repeatBack', between })
      else connect(editor, from, fromPort, to, toPort)
    },
    [editor, ui],
  )

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (!state.fromHandle || editor.readOnly) return
      if (state.toHandle) {
        // Made already where it was allowed; else this says why not.
        if (state.isValid !== false || state.fromHandle.type === state.toHandle.type) return
        const [from, to] = state.fromHandle.type === 'source' ? [state.fromHandle, state.toHandle] : [state.toHandle, state.fromHandle]
        return draw(from.nodeId, from.id ?? 'main', to.nodeId, to.id ?? 'main')
      }
      const point = 'changedTouches' in event ? event.changedTouches[0] : event
      if (!point) return
      const { nodeId, id, type } = state.fromHandle
      const port = id ?? 'main'
      const over = document.elementFromPoint(point.clientX, point.clientY)?.closest<HTMLElement>('[data-node-id]')?.dataset.nodeId
      if (over && over !== nodeId) {
        if (type === 'source') draw(nodeId, port, over, port === 'tool' ? 'tools' : 'main')
        else if (port === 'tools') giveToAgent(editor, over, nodeId)
        else draw(over, 'main', nodeId, port)
        return
      }
      // Let go over the card it came from: a click on the port.
      const clicked = over === nodeId
      const from = editor.getState().graph.nodes.find((node) => node.id === nodeId)
      const at = screenToFlowPosition({ x: point.clientX, y: point.clientY })
      const beside = from && { x: from.position.x + (type === 'source' ? 260 : -260), y: from.position.y }
      const dropped = { x: type === 'source' ? at.x : at.x - 208, y: at.y - 28 }
      const placement: Placement =
        port === 'tools'
          ? { kind: 'tool', agentId: nodeId }
          : type === 'source'
            ? { kind: 'after', nodeId, port }
            : { kind: 'before', nodeId, port }
      ui.setState({
        search: { screen: { x: point.clientX + 8, y: point.clientY }, position: clicked && beside ? beside : dropped, placement },
      })
    },
    [editor, ui, screenToFlowPosition, draw],
  )

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

  const addText = useAddFromText()
  const onDrop = (event: React.DragEvent) => {
    const [file] = event.dataTransfer.files
    if (file) {
      event.preventDefault()
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY })
      // What is larger is no workflow and no description of an API; its beginning and its size say what it is.
      const part = file.size > limits.apiDocumentBytes ? file.slice(0, 64 * 1024) : file
      void part.text().then((text) => addText(text, at, { name: file.name, bytes: file.size }))
      return
    }
    const type = event.dataTransfer.getData(dragType)
    if (!type) return
    event.preventDefault()
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY })
    const agent = agentAt(at, [])
    const edgeId = document
      .elementsFromPoint(event.clientX, event.clientY)
      .map((one) => one.closest<HTMLElement>('.react-flow__edge')?.dataset.id)
      .find(Boolean)
    const placement: Placement = agent ? { kind: 'tool', agentId: agent } : edgeId ? { kind: 'edge', edgeId } : { kind: 'free' }
    const made = placeNode(editor, type, { x: at.x - 104, y: at.y - 28 }, placement)
    if (made) ui.select([made])
    // Keys meant for what was dropped would otherwise go to the palette.
    event.currentTarget.querySelector<HTMLElement>('.react-flow')?.focus({ preventScroll: true })
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: where palette items are dropped; the palette's buttons do the same
    <div
      className="relative flex min-h-0 min-w-0 flex-1"
      onDragOver={(event) => {
        const { types } = event.dataTransfer
        if (editor.readOnly || (!types.includes(dragType) && !types.includes('Files'))) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={onDrop}
    >
      <SpokenChoice />
      <Canvas
        label={t('label', { name: workflow.name })}
        mode={editor.readOnly ? 'run' : 'build'}
        graph={graph}
        paint={paint}
        edgeLabels={labels}
        selection={selection}
        selectedEdges={selectedEdges}
        onSelect={ui.select}
        onOpen={ui.open}
        onMove={onMove}
        onConnect={(made: Connection) =>
          connect(editor, made.source, made.sourceHandle ?? 'main', made.target, made.targetHandle ?? 'main')
        }
        onConnectEnd={onConnectEnd}
        isValidConnection={(made) =>
          applyOperation(editor.getState().graph, {
            kind: 'connect',
            edge: {
              id: 'checked0',
              from: made.source,
              fromPort: made.sourceHandle ?? 'main',
              to: made.target,
              toPort: made.targetHandle ?? 'main',
            },
          }).ok
        }
        onPaneDoubleClick={(at) => {
          if (editor.readOnly) return
          const { x, y } = pointer.current
          ui.setState({ search: { screen: { x, y }, position: { x: at.x - 104, y: at.y - 28 }, placement: { kind: 'free' } } })
        }}
        onDragOverNode={onDragOverNode}
        onHover={trace.onHover}
        traced={trace.traced}
        renaming={renaming}
        dropTarget={dropTarget}
        actions={actions}
      >
        {graph.nodes.length === 0 && (
          <Suspense fallback={null}>
            <EmptyDraft />
          </Suspense>
        )}
        <Later wanted={selection.size > 0}>
          <NodeToolbar />
          <SelectionToolbar />
        </Later>
        <CanvasBar>
          {!editor.readOnly && (
            <>
              <IconButton size="sm" label={t('tidy')} shortcut="Shift T" onClick={() => void tidy(editor, ui.getState().selection)}>
                <AlignStartVertical />
              </IconButton>
              <IconButton
                size="sm"
                label={t('addNote')}
                onClick={() => {
                  const canvas = document.querySelector('[data-testid="canvas"]')?.getBoundingClientRect()
                  const middle = canvas ? { x: canvas.left + canvas.width / 2, y: canvas.top + canvas.height / 2 } : { x: 0, y: 0 }
                  const at = screenToFlowPosition(middle)
                  const made = placeNode(editor, 'note.sticky', { x: at.x - 104, y: at.y - 42 })
                  if (made) ui.select([made])
                }}
              >
                <StickyNote />
              </IconButton>
            </>
          )}
        </CanvasBar>
        {graph.nodes.length > 0 && <CanvasMinimap graph={graph} paint={paint} />}
      </Canvas>
    </div>
  )
}

const nowhere: readonly string[] = []
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

/** Where the mouse is, for what opens at the pointer. */
export const pointer = { current: { x: 400, y: 300 } }

/** Shift over a node lights up where its data comes from and goes to. */
function useTrace() {
  const { editor } = useEditor()
  const [traced, setTraced] = useState<ReturnType<typeof traceOf> | null>(null)
  const over = useRef<string | null>(null)
  const shift = useRef(false)
  const look = useCallback(() => {
    const id = shift.current ? over.current : null
    const { graph } = editor.getState()
    setTraced(id && graph.nodes.some((node) => node.id === id) ? traceOf(graph, id) : null)
  }, [editor])
  useEffect(() => {
    const press = (pressed: boolean) => {
      if (shift.current === pressed) return
      shift.current = pressed
      look()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Shift') press(event.type === 'keydown')
    }
    const onPointer = (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY }
      if (!event.shiftKey) press(false)
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('keyup', onKey)
    window.addEventListener('pointermove', onPointer)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('keyup', onKey)
      window.removeEventListener('pointermove', onPointer)
    }
  }, [look])
  const onHover = useCallback(
    (nodeId: string | null) => {
      over.current = nodeId
      if (shift.current) look()
    },
    [look],
  )
  return { onHover, traced }
}
