'use client'

import {
  ArrowLeft,
  ArrowRight,
  Ellipsis,
  FastForward,
  ListFilter,
  Maximize2,
  PanelBottom,
  PenLine,
  Play,
  StepForward,
  X,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import { NodeIcon } from '@/components/canvas/node-icon'
import { Button } from '@/components/ui/button'
import { CategoryTile } from '@/components/ui/category-tile'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { keepToName } from '@/components/ui/keep-to-name'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useEditor, useUi } from './editor-context'
import { type NodeScope, withOneItem } from './scope-of'
import { rename } from './store/commands'
import type { NodeBesideParams } from './use-node-beside-params'
import { useTest } from './use-test'

/** The node's name, its neighbours, its tests, and how the panel stands. */
export function PanelHeader({ node, items, input }: { node: NodeBesideParams; items: NodeScope['items']; input: Json }) {
  const t = useTranslations('editor.panel')
  const { editor, ui, workflow } = useEditor()
  const before = useDraft((state) => neighboursOf(state.graph, node.id).before)
  const after = useDraft((state) => neighboursOf(state.graph, node.id).after)
  const agent = useDraft((state) => agentOf(state.graph, node.id))
  const docked = useUi((state) => state.panel === 'docked')
  const definition = definitionOf(node, catalogue)
  const category = definition?.category ?? 'flow'
  const canTest = workflow.permissions.includes('run.start') && definition !== null && definition.kind !== 'note'
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b bg-raised pr-3 pl-4">
      <CategoryTile category={category}>
        <NodeIcon icon={definition?.icon ?? ''} category={category} />
      </CategoryTile>
      <input
        key={node.title}
        aria-label={t('title')}
        defaultValue={node.title}
        readOnly={editor.readOnly || node.locked}
        onInput={keepToName}
        className="field-sizing-content max-w-80 min-w-16 shrink rounded-sm text-ellipsis bg-transparent px-1 text-14 font-medium outline-none hover:bg-hover focus:bg-hover"
        onBlur={(event) => {
          const next = event.target.value.trim()
          if (next && next !== node.title) rename(editor, node.id, next)
          else event.target.value = node.title
        }}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {agent && <span className="text-text-3 max-[900px]:hidden">{t('toolOf', { agent: agent.title })}</span>}
      <code className="mono truncate text-text-3 max-[1100px]:hidden" title={t('keyHelp')}>
        steps.{node.key}
      </code>
      <span className="flex-1" />
      {before && (
        <Button variant="ghost" size="sm" className="max-w-48 max-[900px]:hidden" onClick={() => ui.open(before.id)}>
          <ArrowLeft />
          <span className="truncate">{before.title}</span>
        </Button>
      )}
      {after && (
        <Button variant="ghost" size="sm" className="max-w-48 max-[900px]:hidden" onClick={() => ui.open(after.id)}>
          <span className="truncate">{after.title}</span>
          <ArrowRight />
        </Button>
      )}
      {canTest && <TestButtons node={node} isTrigger={definition.kind === 'trigger'} items={items} input={input} />}
      <IconButton
        label={docked ? t('full') : t('dock')}
        className="max-[900px]:hidden"
        onClick={() => ui.setPanel(docked ? 'full' : 'docked')}
      >
        {docked ? <Maximize2 className="size-4" /> : <PanelBottom className="size-4" />}
      </IconButton>
      <IconButton label={t('close')} onClick={() => ui.open(null)}>
        <X className="size-4" />
      </IconButton>
    </header>
  )
}

function TestButtons({
  node,
  isTrigger,
  items,
  input,
}: {
  node: Pick<GraphNode, 'id'>
  isTrigger: boolean
  items: NodeScope['items']
  input: Json
}) {
  const t = useTranslations('editor.panel')
  const { ui } = useEditor()
  const { test, pending } = useTest()
  const line = <span className="mx-1 h-5 w-px bg-border max-[900px]:hidden" />
  if (isTrigger)
    return (
      <>
        {line}
        <Button variant="primary" onClick={() => ui.setState({ dialog: 'test', openNode: null })}>
          <Play />
          {t('giveInput')}
        </Button>
      </>
    )
  const item = items?.list[items.index]
  const narrowed = items && !items.around && item !== undefined ? withOneItem(input, items.path, item) : null
  return (
    <>
      {line}
      <Button disabled={pending} className="max-[900px]:hidden" onClick={() => void test(node.id, 'upTo')}>
        <StepForward />
        {t('testUpTo')}
      </Button>
      <div className="flex gap-px">
        <Button variant="primary" className="rounded-e-none" pending={pending} onClick={() => void test(node.id, 'node')}>
          {!pending && <Play />}
          {t('testStep')}
        </Button>
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="primary" className="w-8 rounded-s-none px-0" disabled={pending} aria-label={t('moreTests')}>
              <Ellipsis />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem icon={<StepForward />} shortcut="Ctrl ⇧ ↵" onSelect={() => void test(node.id, 'upTo')}>
              {t('testUpTo')}
            </DropdownMenuItem>
            <DropdownMenuItem icon={<FastForward />} onSelect={() => void test(node.id, 'from')}>
              {t('testFrom')}
            </DropdownMenuItem>
            {items && narrowed !== null && (
              <DropdownMenuItem icon={<ListFilter />} onSelect={() => void test(node.id, 'node', narrowed)}>
                {t('testItem', { number: items.index + 1 })}
              </DropdownMenuItem>
            )}
            <DropdownMenuItem
              icon={<PenLine />}
              onSelect={() => ui.setState({ asking: { nodeId: node.id, mode: 'node', about: 'input' } })}
            >
              {t('testWith')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
    </>
  )
}

export function neighboursOf(graph: Graph, nodeId: string): { before: GraphNode | null; after: GraphNode | null } {
  const find = (id: string | undefined) => graph.nodes.find((node) => node.id === id) ?? null
  return {
    before: find(graph.edges.find((edge) => edge.to === nodeId && edge.toPort !== 'tools')?.from),
    after: find(graph.edges.find((edge) => edge.from === nodeId)?.to),
  }
}

function agentOf(graph: Graph, nodeId: string) {
  const edge = graph.edges.find((one) => one.from === nodeId && one.toPort === 'tools')
  return edge && graph.nodes.find((node) => node.id === edge.to)
}
