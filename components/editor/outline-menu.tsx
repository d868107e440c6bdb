'use client'

import { CircleDot, CircleSlash2, CornerDownRight, Ellipsis, Link2, PenLine, Play, Plus, StepForward, Trash2, Unlink } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useRef } from 'react'
import type { NodeView } from '@/components/canvas/node-view'
import { wayOut } from '@/components/canvas/way-out'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuSub,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { applyOperation } from '@/workflows/graph/operations'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { mayStopBefore, toggleBreakpoint } from './breakpoints'
import { useEditor, useUi } from './editor-context'
import { focusOutline } from './outline-focus'
import { connect, giveToAgent, removeSelection, toggleDisabled } from './store/commands'
import { placeInside } from './store/place-inside'
import type { Placement, SearchRequest } from './store/ui'
import { useTest } from './use-test'

interface Props {
  node: GraphNode
  view: NodeView
  graph: Graph
  open: boolean
  onOpenChange: (open: boolean) => void
  onRename: () => void
}

/** Everything that the canvas does with the pointer for one node, as a menu: what comes next, connections, tools, tests. */
export function OutlineMenu({ node, view, graph, open, onOpenChange, onRename }: Props) {
  const t = useTranslations('editor.outline')
  return (
    <DropdownMenu open={open} onOpenChange={onOpenChange} modal={false}>
      <DropdownMenuTrigger asChild>
        <IconButton size="xs" label={t('actions', { name: node.title })} tabIndex={-1}>
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      {open && <Items node={node} view={view} graph={graph} onRename={onRename} />}
    </DropdownMenu>
  )
}

function Items({ node, view, graph, onRename }: Pick<Props, 'node' | 'view' | 'graph' | 'onRename'>) {
  const t = useTranslations('editor.outline')
  const toolbar = useTranslations('editor.toolbar')
  const ports = useTranslations('editor.node')
  const { editor, ui, workflow } = useEditor()
  const { test } = useTest()
  const hasBreakpoint = useUi((state) => state.breakpoints.has(node.id))
  const chosen = new Set([node.id])
  const canTest = workflow.permissions.includes('run.start') && view.shape !== 'note' && view.shape !== 'tool'
  const titles = useMemo(() => new Map(graph.nodes.map((one) => [one.id, one.title])), [graph])
  const near = useMemo(() => nearest(graph, node), [graph, node])
  const leaving = graph.edges.filter((edge) => edge.from === node.id)
  // The menu may leave late; by then what it opened may be done with.
  const wentOn = useRef(false)
  const search = (placement: Placement, at?: { x: number; y: number }) => {
    wentOn.current = true
    const line = document.querySelector(`[data-outline="${CSS.escape(node.id)}"]`)?.getBoundingClientRect()
    const offset = placement.kind === 'after' && view.outs[0]?.port !== placement.port ? 140 : 0
    const request: SearchRequest = {
      screen: { x: (line?.left ?? 0) + 40, y: (line?.top ?? 400) - 240 },
      position: at ?? { x: node.position.x + 260, y: node.position.y + offset },
      placement,
      from: 'outline',
    }
    // Behind the menu, which would take the focus back.
    setTimeout(() => ui.setState({ search: request }), 0)
  }
  const named = (key: 'addAfter' | 'connect', port: string) => t(port === 'main' ? key : `${key}Port`, { port: wayOut(port, ports) })
  return (
    <DropdownMenuContent
      align="end"
      onCloseAutoFocus={(event) => {
        event.preventDefault()
        setTimeout(() => {
          const { search, openNode, asking } = ui.getState()
          const line = document.activeElement?.closest<HTMLElement>('[data-outline]')
          const isElsewhere = wentOn.current || (line !== null && line !== undefined && line.dataset.outline !== node.id)
          if (!isElsewhere && !search && !openNode && !asking) focusOutline(node.id)
        }, 0)
      }}
    >
      <DropdownMenuItem icon={<PenLine />} shortcut="Enter" onSelect={() => ui.open(node.id)}>
        {toolbar('open')}
      </DropdownMenuItem>
      {canTest && (
        <>
          {view.shape !== 'trigger' && (
            <DropdownMenuItem icon={<Play />} onSelect={() => void test(node.id, 'node')}>
              {toolbar('test')}
            </DropdownMenuItem>
          )}
          <DropdownMenuItem icon={<StepForward />} onSelect={() => void test(node.id, view.shape === 'trigger' ? 'all' : 'upTo')}>
            {view.shape === 'trigger' ? t('testAll') : toolbar('upTo')}
          </DropdownMenuItem>
        </>
      )}
      {!editor.readOnly && (
        <>
          <DropdownMenuSeparator />
          {view.outs.map(({ port }) => (
            <DropdownMenuItem key={`add ${port}`} icon={<Plus />} onSelect={() => search({ kind: 'after', nodeId: node.id, port })}>
              {named('addAfter', port)}
            </DropdownMenuItem>
          ))}
          {[undefined, ...(view.frame?.inner ?? []).map(({ port }) => port)].map((port) => {
            const inside = placeInside(graph, node.id, port)
            return (
              inside && (
                <DropdownMenuItem
                  key={`inside ${port}`}
                  icon={<Plus />}
                  {...(port === undefined ? { shortcut: 'I' } : {})}
                  onSelect={() => search(inside.placement, inside.at)}
                >
                  {port === undefined ? t('addInside') : t('addInPart', { part: ports(`part.${port as 'catch'}`) })}
                </DropdownMenuItem>
              )
            )
          })}
          {view.hasTools && (
            <DropdownMenuItem icon={<Plus />} onSelect={() => search({ kind: 'tool', agentId: node.id })}>
              {t('addTool')}
            </DropdownMenuItem>
          )}
          {view.outs.map(({ port }) => (
            <Targets
              key={`connect ${port}`}
              label={named('connect', port)}
              nodes={near.filter((to) => mayConnect(graph, node.id, port, to.id))}
              onChoose={(to) => connect(editor, node.id, port, to, 'main')}
            />
          ))}
          {view.canBeTool && (
            <Targets
              label={t('giveTo')}
              nodes={near.filter((to) => mayConnect(graph, node.id, 'tool', to.id, 'tools'))}
              onChoose={(to) => giveToAgent(editor, node.id, to)}
            />
          )}
          {leaving.map((edge) => {
            const to = titles.get(edge.to) ?? ''
            return (
              <DropdownMenuItem
                key={`cut ${edge.id}`}
                icon={<Unlink />}
                onSelect={() => editor.perform({ kind: 'disconnect', edgeIds: [edge.id] })}
              >
                {t('disconnect', { to })}
              </DropdownMenuItem>
            )
          })}
          {leaving
            .filter((edge) => edge.toPort !== 'tools')
            .map((edge) => (
              <DropdownMenuItem
                key={`into ${edge.id}`}
                icon={<CornerDownRight />}
                onSelect={() => search({ kind: 'edge', edgeId: edge.id })}
              >
                {t('insert', { to: titles.get(edge.to) ?? '' })}
              </DropdownMenuItem>
            ))}
          <DropdownMenuSeparator />
          <DropdownMenuItem icon={<PenLine />} shortcut="F2" onSelect={() => setTimeout(onRename, 0)}>
            {toolbar('rename')}
          </DropdownMenuItem>
          {view.shape !== 'note' && (
            <DropdownMenuItem icon={<CircleSlash2 />} shortcut="D" onSelect={() => toggleDisabled(editor, chosen)}>
              {toolbar(view.disabled ? 'enable' : 'disable')}
            </DropdownMenuItem>
          )}
          {canTest && mayStopBefore(node) && (
            <DropdownMenuItem icon={<CircleDot />} shortcut="B" onSelect={() => toggleBreakpoint(editor, ui, chosen)}>
              {toolbar(hasBreakpoint ? 'goOnBefore' : 'breakpoint')}
            </DropdownMenuItem>
          )}
          <DropdownMenuItem destructive icon={<Trash2 />} shortcut="Del" onSelect={() => removeSelection(editor, chosen, new Set())}>
            {toolbar('remove')}
          </DropdownMenuItem>
        </>
      )}
    </DropdownMenuContent>
  )
}

function Targets({ label, nodes, onChoose }: { label: string; nodes: readonly GraphNode[]; onChoose: (id: string) => void }) {
  if (nodes.length === 0) return null
  return (
    <DropdownMenuSub icon={<Link2 />} label={label}>
      {nodes.map((to) => (
        <DropdownMenuItem key={to.id} onSelect={() => onChoose(to.id)}>
          {to.title}
        </DropdownMenuItem>
      ))}
    </DropdownMenuSub>
  )
}

/** As many as a menu can show, those beside the node first. */
function nearest(graph: Graph, from: GraphNode): GraphNode[] {
  const distance = (node: GraphNode) => Math.hypot(node.position.x - from.position.x, node.position.y - from.position.y)
  return graph.nodes
    .filter((node) => node.id !== from.id)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 200)
}

/** Asked of the operation itself, so that the menu offers exactly what the canvas would take. */
function mayConnect(graph: Graph, from: string, fromPort: string, to: string, toPort = 'main') {
  return applyOperation(graph, { kind: 'connect', edge: { id: 'asked000', from, fromPort, to, toPort } }).ok
}
