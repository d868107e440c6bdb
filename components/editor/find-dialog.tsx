'use client'

import { Command } from 'cmdk'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { NodeIcon } from '@/components/canvas/node-icon'
import { CategoryTile } from '@/components/ui/category-tile'
import { Dialog } from '@/components/ui/dialog'
import { definitionOf } from '@/workflows/graph/catalogue'
import { toShown } from '@/workflows/graph/expressions'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useEditor, useUi } from './editor-context'
import { ReplaceAll } from './replace-all'
import { useReveal } from './use-reveal'

/** Finds a node by its name, its kind or what stands in its fields. */
export function FindDialog() {
  const open = useUi((state) => state.dialog === 'find')
  return open ? <FindBox /> : null
}

function FindBox() {
  const t = useTranslations('editor.find')
  const { ui } = useEditor()
  const graph = useDraft((state) => state.graph)
  const reveal = useReveal()
  const [query, setQuery] = useState('')
  const hits = useMemo(() => findIn(graph, query), [graph, query])
  const shown = hits.slice(0, most)
  const go = (id: string) => {
    ui.setState({ dialog: null })
    reveal(id)
  }
  return (
    <Dialog open onOpenChange={(open) => !open && ui.setState({ dialog: null })} title={t('title')} width="md">
      <Command shouldFilter={false} loop label={t('title')}>
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={t('placeholder')}
          className="h-9 w-full rounded-md border border-border-strong bg-raised px-3 outline-none focus:border-accent"
        />
        <Command.List label={t('title')} className="mt-2 max-h-80 overflow-y-auto">
          <Command.Empty className="py-3 text-12 text-text-2">{t('nothing', { query })}</Command.Empty>
          {shown.map((hit) => {
            const definition = catalogue.get(hit.type)
            return (
              <Command.Item
                key={`${hit.id}/${hit.where}`}
                value={`${hit.id}/${hit.where}`}
                onSelect={() => go(hit.id)}
                className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1 data-[selected=true]:bg-hover"
              >
                <CategoryTile category={definition?.category ?? 'flow'} size="sm">
                  <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} />
                </CategoryTile>
                <span className="max-w-1/2 shrink-0 truncate font-medium">{hit.title}</span>
                <span className="max-w-1/4 shrink-0 truncate text-12 text-text-3">{hit.where}</span>
                <span className="mono min-w-0 flex-1 truncate text-right text-text-2">{hit.text}</span>
              </Command.Item>
            )
          })}
        </Command.List>
        {hits.length > most && <p className="pt-2 text-12 text-text-2">{t('more', { shown: most, count: hits.length })}</p>}
      </Command>
      <ReplaceAll query={query} />
    </Dialog>
  )
}

interface Hit {
  id: string
  type: string
  title: string
  /** The field it stands in; empty for the node itself. */
  where: string
  text: string
}

/** So many are listed; whoever looks for one of more goes on typing. */
const most = 100

/** Characters that are shown before what was found, and from there on. */
const before = 24
const behind = 60

function around(text: string, at: number): string {
  const from = at <= before ? 0 : at - before + 1
  const to = at + behind
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`
}

export function findIn(graph: Graph, query: string): Hit[] {
  const wanted = query.trim().toLowerCase()
  const hits: Hit[] = []
  for (const node of graph.nodes) {
    const definition = definitionOf(node, catalogue)
    const hit = { id: node.id, type: node.type, title: node.title }
    if (`${node.title} ${node.key} ${definition?.title ?? ''}`.toLowerCase().includes(wanted))
      hits.push({ ...hit, where: '', text: `steps.${node.key}` })
    if (wanted === '') continue
    for (const [param, value] of Object.entries(node.params)) {
      const text = textsOf(value)
        .map((one) => toShown(one, graph))
        .find((one) => one.toLowerCase().includes(wanted))
      if (text === undefined) continue
      const at = text.toLowerCase().indexOf(wanted)
      const label = (definition?.form as Record<string, { label: string }> | undefined)?.[param]?.label ?? param
      hits.push({ ...hit, where: label, text: around(text, at) })
    }
  }
  return hits
}

/** The texts that a person wrote in a field: of rows what stands in their columns, of named values each with its name. */
function textsOf(value: Json): string[] {
  if (value === null || typeof value !== 'object') return [String(value)]
  if (Array.isArray(value))
    return value.flatMap((row) => (row !== null && typeof row === 'object' ? Object.values(row).flatMap(textsOf) : textsOf(row)))
  return Object.entries(value).map(([name, one]) => `${name}: ${typeof one === 'string' ? one : JSON.stringify(one)}`)
}
