'use client'

import { useTranslations } from 'next-intl'
import { useMemo, useRef, useState } from 'react'
import { childrenOf, holderOf } from '@/components/canvas/frames'
import { NodeIcon } from '@/components/canvas/node-icon'
import { viewsOf } from '@/components/canvas/views-of'
import { wayOut } from '@/components/canvas/way-out'
import { CategoryTile } from '@/components/ui/category-tile'
import { cn } from '@/components/ui/cn'
import { keepToName } from '@/components/ui/keep-to-name'
import { Sentence } from '@/components/ui/sentence'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { useDraft, useEditor, useFoundProblems, useUi } from './editor-context'
import { OutlineMenu } from './outline-menu'
import { freePlace } from './places'
import { rename, toggleDisabled, toggleLocked } from './store/commands'
import { shownNodes, toggleCollapsed } from './store/containers'
import { placeInside } from './store/place-inside'
import { removeOrAsk } from './store/remove-or-ask'
import { withoutTitle } from './without-title'

interface OutlineRow {
  id: string
  depth: number
  leadsTo: string
}

/** The graph as a tree that a keyboard walks and edits and a screen reader reads: what the canvas shows, in words. */
export function Outline() {
  const t = useTranslations('editor.outline')
  const node = useTranslations('editor.node')
  const { editor, ui } = useEditor()
  const graph = useDraft((state) => state.graph)
  const breakpoints = useUi((state) => state.breakpoints)
  const selection = useUi((state) => state.selection)
  const problems = useFoundProblems()
  const rows = useMemo(() => outlineOf(graph, (port) => wayOut(port, node)), [graph, node])
  const views = useMemo(() => viewsOf(graph), [graph])
  const nodes = useMemo(() => new Map(graph.nodes.map((one) => [one.id, one])), [graph])
  const list = useRef<HTMLDivElement>(null)
  const [renaming, setRenaming] = useState<string | null>(null)
  const [menu, setMenu] = useState<string | null>(null)
  const current = rows.find((row) => selection.has(row.id))?.id ?? rows[0]?.id

  const focusRow = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!row) return
    ui.select([row.id])
    list.current?.querySelector<HTMLElement>(`[data-outline="${row.id}"]`)?.focus()
  }
  const onKeyDown = (event: React.KeyboardEvent, index: number, id: string) => {
    const act: Record<string, () => void> = {
      ArrowDown: () => focusRow(index + 1),
      ArrowUp: () => focusRow(index - 1),
      Home: () => focusRow(0),
      End: () => focusRow(rows.length - 1),
      Enter: () => ui.open(id),
      F2: () => !editor.readOnly && !views.get(id)?.locked && setRenaming(id),
      Delete: () => {
        removeOrAsk(editor, ui, new Set([id]), new Set())
        focusRow(index)
      },
      d: () => toggleDisabled(editor, new Set([id])),
      l: () => toggleLocked(editor, new Set([id])),
      c: () => toggleCollapsed(editor, new Set([id])),
      a: () => {
        const box = event.currentTarget.getBoundingClientRect()
        const node = graph.nodes.find((one) => one.id === id)
        const port = views.get(id)?.outs[0]?.port
        if (!node || !port) return
        ui.setState({
          search: {
            screen: { x: box.left + 40, y: box.top - 240 },
            position: { x: node.position.x + (views.get(id)?.width ?? 208) + 52, y: node.position.y },
            placement: { kind: 'after', nodeId: id, port },
            from: 'outline',
          },
        })
      },
      i: () => {
        const box = event.currentTarget.getBoundingClientRect()
        const inside = editor.readOnly ? null : placeInside(graph, id)
        if (!inside) return
        ui.setState({
          search: { screen: { x: box.left + 40, y: box.top - 240 }, position: inside.at, placement: inside.placement, from: 'outline' },
        })
      },
    }
    const run =
      event.key === 'ContextMenu' || event.key === '.' || (event.key === 'F10' && event.shiftKey) ? () => setMenu(id) : act[event.key]
    if (event.target !== event.currentTarget || !run || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }

  if (rows.length === 0)
    return (
      <p className="p-4 text-text-2">
        {t('empty')} {!editor.readOnly && <AddNode />}
      </p>
    )
  return (
    <>
      <div className="flex items-center gap-4 px-4 pt-2 text-12 text-text-3">
        <p className="flex-1">{t('help')}</p>
        {!editor.readOnly && <AddNode />}
      </div>
      <div ref={list} role="tree" aria-label={t('label')} className="p-2">
        {rows.map((row, index) => {
          const view = views.get(row.id)
          if (!view) return null
          const own = problems.filter((problem) => problem.nodeId === row.id)
          return (
            <div
              key={row.id}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-selected={selection.has(row.id)}
              aria-expanded={view.frame ? true : view.inside === null ? undefined : false}
              data-outline={row.id}
              tabIndex={row.id === current ? 0 : -1}
              onKeyDown={(event) => onKeyDown(event, index, row.id)}
              onClick={() => ui.select([row.id])}
              onDoubleClick={() => ui.open(row.id)}
              className={cn(
                'focus-inset flex h-8 items-center gap-2 rounded-md pr-2 hover:bg-hover',
                selection.has(row.id) && 'bg-accent-subtle hover:bg-accent-subtle',
              )}
              style={{ paddingLeft: 8 + row.depth * 20 }}
            >
              <CategoryTile category={view.category} size="xs">
                <NodeIcon icon={view.icon} category={view.category} />
              </CategoryTile>
              {renaming === row.id ? (
                <RowName
                  title={view.title}
                  onDone={(title) => {
                    setRenaming(null)
                    if (title) rename(editor, row.id, title)
                    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-outline="${row.id}"]`)?.focus())
                  }}
                />
              ) : (
                <span
                  className={cn('max-w-2/5 shrink-0 truncate font-medium', view.disabled && 'text-text-3 line-through')}
                  title={view.title}
                >
                  {view.title}
                </span>
              )}
              <span className="truncate text-12 text-text-3">
                {view.typeTitle}
                {view.subtitle && view.subtitle !== view.typeTitle ? `, ${view.subtitle}` : ''}
              </span>
              <span className="flex-1" />
              {view.inside !== null && <span className="text-12 text-text-3">{node('inside', { count: view.inside })}</span>}
              {breakpoints.has(row.id) && <span className="text-12 text-text-3">{t('breakpoint')}</span>}
              {view.locked && <span className="text-12 text-text-3">{t('locked')}</span>}
              {view.disabled && <span className="text-12 text-text-3">{t('off')}</span>}
              {own.length > 0 && (
                <span className="truncate text-12 text-failed">
                  <Sentence text={withoutTitle(own[0]?.message ?? '', view.title)} />
                </span>
              )}
              {row.leadsTo && <span className="truncate text-12 text-text-3">{row.leadsTo}</span>}
              {(row.id === current || row.id === menu) && nodes.has(row.id) && (
                <OutlineMenu
                  node={nodes.get(row.id) as GraphNode}
                  view={view}
                  graph={graph}
                  open={menu === row.id}
                  onOpenChange={(open) => setMenu(open ? row.id : null)}
                  onRename={() => setRenaming(row.id)}
                />
              )}
            </div>
          )
        })}
      </div>
    </>
  )
}

/** Any node, not yet connected: a start, or what is connected by the menu of another line. */
function AddNode() {
  const t = useTranslations('editor.outline')
  const { editor, ui } = useEditor()
  return (
    <button
      type="button"
      data-outline-add
      className="shrink-0 rounded-sm font-medium text-accent-text hover:underline"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        const position = freePlace(editor.getState().graph.nodes, { x: 0, y: 0 })
        ui.setState({ search: { screen: { x: box.left, y: box.top - 370 }, position, placement: { kind: 'free' }, from: 'outline' } })
      }}
    >
      {t('add')}
    </button>
  )
}

function RowName({ title, onDone }: { title: string; onDone: (title: string | null) => void }) {
  const t = useTranslations('editor.outline')
  const ended = useRef(false)
  const end = (next: string | null) => {
    if (ended.current) return
    ended.current = true
    onDone(next && next !== title ? next : null)
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: renaming was asked for
      autoFocus
      aria-label={t('rename')}
      defaultValue={title}
      onInput={keepToName}
      className="h-6 w-60 rounded-sm border border-accent bg-raised px-1 font-medium outline-none"
      onFocus={(event) => event.target.select()}
      onBlur={(event) => end(event.target.value.trim())}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') end(event.currentTarget.value.trim())
        if (event.key === 'Escape') end(null)
      }}
    />
  )
}

/** Every node once, below the first node that leads to it; tools below their agent, what stands in a container below it. */
export function outlineOf(graph: Graph, nameOf: (port: string) => string = (port) => port): OutlineRow[] {
  const title = new Map(graph.nodes.map((node) => [node.id, node.title]))
  const children = childrenOf(graph)
  const holders = new Map(graph.nodes.map((node) => [node.id, holderOf(graph, node)]))
  const incoming = new Set(graph.edges.filter((edge) => edge.toPort !== 'tools').map((edge) => edge.to))
  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from))
  const shown = shownNodes(graph)
  const drawn = new Set(shown.map((node) => node.id))
  const seen = new Set<string>()
  const rows: OutlineRow[] = []
  const start = (nodes: readonly GraphNode[], depth: number) => {
    const starts = nodes.filter((node) => !incoming.has(node.id) && !tools.has(node.id))
    for (const node of [...starts].sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y)) visit(node.id, depth)
    // What only the container's own ports lead to, and what stands loose.
    for (const node of nodes) visit(node.id, depth)
  }
  const visit = (id: string, depth: number) => {
    if (seen.has(id) || !drawn.has(id)) return
    seen.add(id)
    const out = graph.edges.filter((edge) => edge.from === id && edge.toPort !== 'tools')
    const leadsTo = out
      .map((edge) => `${edge.fromPort === 'main' ? '' : `${nameOf(edge.fromPort)} `}→ ${title.get(edge.to) ?? ''}`)
      .join(', ')
    rows.push({ id, depth, leadsTo })
    for (const edge of graph.edges) if (edge.to === id && edge.toPort === 'tools') visit(edge.from, depth + 1)
    const inside = children.get(id)
    if (inside) start(inside, depth + 1)
    // What is drawn in another frame has its place there.
    const held = holders.get(id)
    const on = out.filter((edge) => holders.get(edge.to) === held)
    for (const edge of on) visit(edge.to, on.length > 1 ? depth + 1 : depth)
  }
  start(
    shown.filter((node) => !drawn.has(holderOf(graph, node) ?? '')),
    0,
  )
  for (const node of shown) visit(node.id, 0)
  return rows
}
