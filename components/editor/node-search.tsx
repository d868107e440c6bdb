'use client'

import { Command } from 'cmdk'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'
import { NodeIcon } from '@/components/canvas/node-icon'
import { CategoryTile } from '@/components/ui/category-tile'
import { cn } from '@/components/ui/cn'
import { floatStyle } from '@/components/ui/popover'
import type { Graph } from '@/workflows/graph/schema'
import { useEditor, useUi } from './editor-context'
import { findNodeTypes } from './find-node-types'
import { habitsFor, rememberChoice } from './node-habits'
import { focusOutline } from './outline-focus'
import { fits } from './store/commands'
import type { SearchRequest } from './store/ui'

const width = 352
const height = 440

/** The search box at the pointer; offers only what fits where it was asked for. */
export function NodeSearch({ onChoose }: { onChoose: (type: string, request: SearchRequest) => void }) {
  const request = useUi((state) => state.search)
  return request ? <Box key={`${request.screen.x}/${request.screen.y}`} request={request} onChoose={onChoose} /> : null
}

function Box({ request, onChoose }: { request: SearchRequest; onChoose: (type: string, request: SearchRequest) => void }) {
  const t = useTranslations('editor.search')
  const { editor, ui, workflow } = useEditor()
  const [own, setQuery] = useState<string | null>(null)
  // The box may be drawn and not yet be there: what is typed meanwhile still comes.
  const query = own ?? request.typed ?? ''
  const box = useRef<HTMLDivElement>(null)
  const { placement } = request
  const groups = useMemo(() => {
    const { graph } = editor.getState()
    const before = placement.kind === 'after' ? placement.nodeId : placement.kind === 'edge' ? edgeStart(graph, placement.edgeId) : null
    return findNodeTypes({
      query,
      fits: (definition) => fits(definition, placement) && !workflow.unavailable.some(({ type }) => type === definition.type),
      after: graph.nodes.find((node) => node.id === before)?.type ?? null,
      habits: habitsFor(graph),
    })
  }, [editor, query, placement, workflow.unavailable])
  useEffect(() => {
    const close = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) ui.setState({ search: null })
    }
    window.addEventListener('pointerdown', close, true)
    return () => window.removeEventListener('pointerdown', close, true)
  }, [ui])
  const left = Math.max(8, Math.min(request.screen.x, window.innerWidth - width - 8))
  const top = Math.max(8, Math.min(request.screen.y, window.innerHeight - height - 8))
  return (
    <div
      ref={box}
      role="dialog"
      aria-label={t(request.placement.kind)}
      className={cn(floatStyle, 'fixed w-88 max-w-[calc(100vw-16px)]')}
      style={{ left, top }}
    >
      <Command
        shouldFilter={false}
        loop
        label={t(request.placement.kind)}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') {
            ui.setState({ search: null })
            if (request.from === 'outline') focusOutline()
          }
        }}
      >
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={t(request.placement.kind)}
          className="h-9 w-full border-b bg-transparent px-3 outline-none placeholder:text-text-3"
        />
        <Command.List label={t(request.placement.kind)} className="max-h-100 overflow-y-auto p-1">
          <Command.Empty className="px-2 py-3 text-12 text-text-2">{t('nothing')}</Command.Empty>
          {groups.map((group) => (
            <Command.Group
              key={group.category}
              heading={group.title}
              className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-text-3"
            >
              {group.items.map((definition) => (
                <Command.Item
                  key={definition.type}
                  value={definition.type}
                  onSelect={() => {
                    ui.setState({ search: null })
                    rememberChoice(definition.type)
                    onChoose(definition.type, request)
                  }}
                  className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1 data-[selected=true]:bg-hover"
                >
                  <CategoryTile category={definition.category} size="sm">
                    <NodeIcon icon={definition.icon} category={definition.category} />
                  </CategoryTile>
                  <span className="min-w-0">
                    <span className="block truncate">{definition.title}</span>
                    <span className="line-clamp-2 text-12 text-text-3">{definition.summary}</span>
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </div>
  )
}

function edgeStart(graph: Graph, edgeId: string) {
  return graph.edges.find((edge) => edge.id === edgeId)?.from ?? null
}
