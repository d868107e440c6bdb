'use client'

import { type Connection, useReactFlow } from '@xyflow/react'
import { AlignStartVertical, StickyNote } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Canvas } from '@/components/canvas/canvas'
import { CanvasBar } from '@/components/canvas/canvas-bar'
import type { CanvasActions } from '@/components/canvas/canvas-context'
import { edgeLabels } from '@/components/canvas/edge-labels'
import { wayOut } from '@/components/canvas/way-out'
import { IconButton } from '@/components/ui/icon-button'
import { Later, loadLater } from '@/components/ui/later'
import { applyOperation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { buildPaint, standsNowhere } from './build-paint'
import { useEditor, useFacts, useProblemsBelow, useUi } from './editor-context'
import { dragType } from './palette'
import { SpokenChoice } from './spoken-choice'
import type { StoppedTest } from './stopped-test'
import { connect, placeNode, rename, setParam, tidy } from './store/commands'
import type { Placement } from './store/ui'
import { useAddFromText } from './use-add-from-text'
import { useCardInSight } from './use-card-in-sight'
import { useConnectEnd } from './use-connect-end'
import { useCoveredCanvas } from './use-covered-canvas'
import { useDropTarget } from './use-drop-target'
import { usePacedDraft } from './use-paced-draft'
import { loadPlanning } from './use-test'
import { pointer, useTrace } from './use-trace'
import { wentThrough } from './went-through'

const CanvasMinimap = loadLater(() => import('@/components/canvas/canvas-minimap').then((module) => module.CanvasMinimap))
const EmptyDraft = loadLater(() => import('./empty-draft').then((module) => module.EmptyDraft))
const NodeToolbar = loadLater(() => import('./node-toolbar').then((module) => module.NodeToolbar))
const SelectionToolbar = loadLater(() => import('./selection-toolbar').then((module) => module.SelectionToolbar))
/** The canvas can be used before its map is drawn. */
const minimapMs = 300

/** The draft on the canvas, with everything that can be done to it by mouse. */
export function EditorCanvas() {
  const t = useTranslations('editor.canvas')
  const node = useTranslations('editor.node')
  const { editor, ui, workflow } = useEditor()
  const { results, waiting, cancelled } = useFacts()
  const problems = useProblemsBelow()
  const graph = usePacedDraft((state) => state.graph, 'below')
  const selection = useUi((state) => state.selection)
  const selectedEdges = useUi((state) => state.selectedEdges)
  const renaming = useUi((state) => state.renaming)
  const testing = useUi((state) => state.testing)
  const showResults = useUi((state) => state.showResults)
  const { screenToFlowPosition } = useReactFlow()
  const place = useRef<HTMLDivElement>(null)
  useCoveredCanvas(place)
  useCardInSight()
  const trace = useTrace()
  const breakpoints = useUi((state) => state.breakpoints)
  const stopped = useUi((state) => state.stopped)
  const stands = useStandsStill(graph, stopped)
  const cut = useMemo(() => (stopped?.left ? { at: stopped.at, ran: [...stopped.taken.keys()] } : cancelled), [stopped, cancelled])
  const paint = useMemo(
    () =>
      buildPaint(
        graph,
        problems,
        { results, waiting, cancelled: cut },
        testing,
        showResults,
        { breakpoints, at: stopped && !stopped.left ? stopped.at : [], ...stands },
        { item: (number, total) => t('itemOf', { number, total }), stopped: t('stoppedHere') },
      ),
    [graph, problems, results, waiting, cut, testing, showResults, breakpoints, stopped, stands, t],
  )

  const labels = useMemo(
    () =>
      edgeLabels(graph, wentThrough(results, new Set([...stands.notReached, ...stands.around])), {
        items: (count) => t('items', { count }),
        case: (port) => wayOut(port, node),
      }),
    [graph, results, stands, t, node],
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

  const onConnectEnd = useConnectEnd()
  const { dropTarget, agentAt, onDragOverNode, onMove } = useDropTarget(editor)
  const addText = useAddFromText()
  const onDrop = (event: React.DragEvent) => {
    const [file] = event.dataTransfer.files
    if (file) {
      event.preventDefault()
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY })
      // What is larger is no workflow and no description of an API; its beginning and its size say what it is.
      const part = file.size > limits.apiDocumentBytes ? file.slice(0, 64 * 1024) : file
      void part.text().then((text) => addText(text, at, { file: { name: file.name, bytes: file.size } }))
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
      ref={place}
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
        {graph.nodes.length > 0 && (
          <Later wanted={false} afterMs={minimapMs}>
            <CanvasMinimap graph={graph} paint={paint} />
          </Later>
        )}
      </Canvas>
    </div>
  )
}

/** What a test that stands still has not come to; the code that says so comes with that of tests. */
function useStandsStill(graph: Graph, stopped: StoppedTest | null) {
  const [planning, setPlanning] = useState<Awaited<ReturnType<typeof loadPlanning>> | null>(null)
  useEffect(() => {
    if (stopped) void loadPlanning().then(setPlanning, () => {})
  }, [stopped])
  return useMemo(
    () => (planning && stopped && !stopped.left ? planning.aheadOf(graph, stopped) : standsNowhere),
    [planning, graph, stopped],
  )
}
