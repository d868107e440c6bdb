'use client'

import { useQuery } from '@tanstack/react-query'
import { ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { memo, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { viewsOf } from '@/components/canvas/views-of'
import { takeAsked } from '@/components/frame/asked-ahead'
import { useOrganization } from '@/components/frame/organization'
import { ErrorState } from '@/components/ui/error-state'
import { Later, loadLater, restMs } from '@/components/ui/later'
import { whenQuiet } from '@/components/ui/when-idle'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'
import { keepBreakpoints, keptBreakpoints } from './breakpoints'
import { Dock } from './dock'
import { DraftFactsProvider } from './draft-facts'
import { EditorCanvas } from './editor-canvas'
import { EditorProvider, useEditor, useUi, type WorkflowDetails } from './editor-context'
import { EditorSkeleton } from './editor-skeleton'
import { keepStopped, keptStopped } from './kept-stop'
import { focusOutline } from './outline-focus'
import { Palette } from './palette'
import { placeBeside } from './place-beside'
import { firstPlace, freePlace, nextWayOut } from './places'
import { placeNode } from './store/commands'
import { followRemovals } from './store/follow-removals'
import { createUi, type SearchRequest } from './store/ui'
import { TopBar } from './top-bar'
import { useDraftEditor } from './use-draft-editor'
import { useFreshDetails } from './use-fresh-details'
import { useKeysOfPlace } from './use-keys-of-place'
import { useOpenNode } from './use-open-node'
import { useShortcuts } from './use-shortcuts'
import { useShowAdded } from './use-show-added'
import { loadPlanning } from './use-test'
import { pointer } from './use-trace'

/** How long an answer counts that was there before the page was. */
const aheadMs = 5_000

/** The builder of one workflow. */
export function WorkflowEditor({ workflowId, openNode }: { workflowId: string; openNode: string | null }) {
  const t = useTranslations('editor')
  const trpc = useTRPC()
  // Asked for this visit already, while the frame was: no second time.
  const [ahead] = useState(() => (takeAsked(workflowId) ? workflowId : null))
  const isAhead = ahead === workflowId
  const query = useQuery(
    trpc.workflows.get.queryOptions({ workflowId }, { staleTime: isAhead ? aheadMs : 0, meta: { followsDraft: true } }),
  )
  const [fresh, setFresh] = useState(isAhead && query.isSuccess)
  // The draft is taken from the first answer of this visit, never from what an earlier one left behind.
  useEffect(() => {
    if (query.isFetchedAfterMount && query.data) setFresh(true)
  }, [query.isFetchedAfterMount, query.data])
  if (query.isError && !query.data)
    return (
      <>
        <h1 className="sr-only">{t('title')}</h1>
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      </>
    )
  if (!query.data || !fresh) return <EditorSkeleton />
  return (
    <ReactFlowProvider>
      <Loaded key={workflowId} workflow={query.data} openNode={openNode} />
    </ReactFlowProvider>
  )
}

function Loaded({ workflow, openNode }: { workflow: WorkflowDetails; openNode: string | null }) {
  const editor = useDraftEditor(workflow)
  const { me } = useOrganization()
  const person = me.user.id ?? ''
  const [ui] = useState(() =>
    createUi({
      openNode,
      selection: new Set(openNode ? [openNode] : []),
      breakpoints: keptBreakpoints(person, workflow.id),
      stopped: keptStopped(person, workflow.id, new Set(workflow.draft.graph.nodes.map((node) => node.id))),
    }),
  )
  const value = useMemo(() => ({ editor, ui, workflow }), [editor, ui, workflow])
  useFreshDetails(editor, ui, workflow)
  useOpenNode(editor, ui)
  useEffect(() => followRemovals(editor, ui), [editor, ui])
  // A docked panel follows what is chosen on the canvas.
  useEffect(
    () =>
      ui.subscribe((now, before) => {
        const [id] = now.selection
        if (now.selection !== before.selection && now.panel === 'docked' && now.openNode && id && now.selection.size === 1) ui.open(id)
      }),
    [ui],
  )
  useEffect(
    () =>
      ui.subscribe((now, before) => {
        if (now.breakpoints !== before.breakpoints) keepBreakpoints(person, workflow.id, now.breakpoints)
        if (now.stopped !== before.stopped) keepStopped(person, workflow.id, now.stopped)
      }),
    [ui, person, workflow.id],
  )
  // Whoever chooses a step with code in it may open it next.
  useEffect(
    () =>
      ui.subscribe((now, before) => {
        const [id] = now.selection
        if (now.selection === before.selection || now.selection.size !== 1) return
        const type = editor.getState().graph.nodes.find((node) => node.id === id)?.type
        const form = (catalogue.get(type ?? '')?.form ?? {}) as Record<string, FieldHint>
        if (Object.values(form).some(({ widget }) => widget?.startsWith('code')))
          void import('@/components/forms/code-place').then(({ preloadCode }) => preloadCode())
      }),
    [ui, editor],
  )
  useEffect(() => whenQuiet(() => void loadPlanning().catch(() => {}), restMs), [])
  // Results are painted until the draft is edited again.
  useEffect(
    () =>
      editor.subscribe((now, before) => {
        if (now.undoSteps === before.undoSteps) return
        const { showResults, stopped } = ui.getState()
        if (showResults) ui.setState({ showResults: false })
        if (stopped?.left) ui.setState({ stopped: null })
      }),
    [editor, ui],
  )
  return (
    <EditorProvider value={value}>
      <DraftFactsProvider>
        <Screen />
      </DraftFactsProvider>
    </EditorProvider>
  )
}

const Screen = memo(function Screen() {
  const { editor, ui } = useEditor()
  const docked = useUi((state) => state.panel === 'docked' && state.openNode !== null)
  const tour = useUi((state) => state.tour)
  const stopped = useUi((state) => state.stopped !== null && !state.stopped.left)
  const { screenToFlowPosition, flowToScreenPosition } = useReactFlow()
  const showAdded = useShowAdded()
  const focusCanvas = () => document.querySelector<HTMLElement>('[data-testid="canvas"] .react-flow')?.focus({ preventScroll: true })

  const openSearch = useCallback(() => {
    if (editor.readOnly) return
    const canvas = document.querySelector('[data-testid="canvas"]')?.getBoundingClientRect()
    if (!canvas) return
    const { graph } = editor.getState()
    const [chosen] = ui.getState().selection
    const node = ui.getState().selection.size === 1 ? graph.nodes.find((one) => one.id === chosen) : undefined
    const handles = node
      ? [...document.querySelectorAll(`.mr-canvas [data-node-id="${CSS.escape(node.id)}"] .react-flow__handle-right:not(.mr-port-inner)`)]
      : []
    const taken = new Set(graph.edges.flatMap((edge) => (edge.from === node?.id ? [edge.fromPort] : [])))
    const port = nextWayOut(
      handles.flatMap((one) => one.getAttribute('data-handleid') ?? []),
      taken,
    )
    const handle = handles.find((one) => one.getAttribute('data-handleid') === port)
    if (node && handle && port) {
      const box = handle.getBoundingClientRect()
      ui.setState({
        search: {
          screen: { x: box.right + 8, y: box.top },
          position: placeBeside(graph, node),
          placement: { kind: 'after', nodeId: node.id, port },
        },
      })
      return
    }
    const { x, y } = pointer.current
    const inside = x > canvas.left && x < canvas.right && y > canvas.top && y < canvas.bottom
    const screen = inside ? { x, y } : { x: canvas.left + canvas.width / 2, y: canvas.top + canvas.height / 3 }
    const at = screenToFlowPosition(screen)
    const position = freePlace(graph.nodes, { x: at.x - 104, y: at.y - 28 })
    ui.setState({ search: { screen, position, placement: { kind: 'free' } } })
  }, [editor, ui, screenToFlowPosition])
  const openSearchInside = useCallback(() => {
    const [id = ''] = ui.getState().selection
    const { graph } = editor.getState()
    if (editor.readOnly || !viewsOf(graph).get(id)?.frame) return false
    void import('./store/place-inside').then(({ placeInside }) => {
      const inside = placeInside(graph, id)
      if (!inside) return
      const screen = flowToScreenPosition(inside.at)
      ui.setState({ search: { screen, position: inside.at, placement: inside.placement } })
    })
    return true
  }, [editor, ui, flowToScreenPosition])
  useShortcuts({ openSearch, openSearchInside })
  useKeysOfPlace()

  const choose = (type: string, request: SearchRequest) => {
    const made = placeNode(editor, type, request.position, request.placement)
    if (made) showAdded([made])
    if (request.from === 'outline') focusOutline(made ?? undefined)
    else focusCanvas()
  }
  /** From the palette: behind the chosen node where it fits, else in the middle of what is seen. */
  const add = (type: string) => {
    const canvas = document.querySelector('[data-testid="canvas"]')?.getBoundingClientRect()
    if (!canvas || editor.readOnly) return
    const { graph } = editor.getState()
    const middle = screenToFlowPosition({ x: canvas.left + canvas.width / 2, y: canvas.top + canvas.height / 2 })
    const position =
      graph.nodes.length === 0 ? screenToFlowPosition(firstPlace(canvas)) : freePlace(graph.nodes, { x: middle.x - 104, y: middle.y - 28 })
    const made = placeNode(editor, type, position)
    if (made) showAdded([made])
    focusCanvas()
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="editor">
      <TopBar />
      <div className="relative flex min-h-0 flex-1">
        {!editor.readOnly && <Palette onAdd={add} />}
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {stopped && (
            <Suspense fallback={null}>
              <StoppedBar />
            </Suspense>
          )}
          <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
            <EditorCanvas />
            <Later wanted={tour}>
              <Tour />
            </Later>
          </div>
          <Later wanted={docked}>
            <DockedPanel />
          </Later>
          <Dock />
        </div>
      </div>
      <OnRequest onChoose={choose} />
    </div>
  )
})

const StoppedBar = loadLater(() => import('./stopped-bar').then((module) => module.StoppedBar))
const Tour = loadLater(() => import('./tour').then((module) => module.Tour))

const DockedPanel = loadLater(() => import('./node-panel').then((module) => module.DockedPanel))
const NodePanel = loadLater(() => import('./node-panel').then((module) => module.NodePanel))
const NodeSearch = loadLater(() => import('./node-search').then((module) => module.NodeSearch))
const Dialogs = loadLater(() => import('./dialogs').then((module) => module.default))

/** The panel and the dialogs bring forms, expressions and code editors with them: they come when they are asked for, or after the canvas. */
function OnRequest({ onChoose }: { onChoose: (type: string, request: SearchRequest) => void }) {
  const search = useUi((state) => state.search !== null)
  const panel = useUi((state) => state.openNode !== null)
  const dialog = useUi((state) => state.dialog !== null || state.asking !== null)
  return (
    <>
      <Later wanted={search}>
        <NodeSearch onChoose={onChoose} />
      </Later>
      <Later wanted={panel}>
        <NodePanel />
      </Later>
      <Later wanted={dialog}>
        <Dialogs />
      </Later>
    </>
  )
}
