'use client'

import { Pin, Play } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { NodeIcon } from '@/components/canvas/node-icon'
import { shortValue } from '@/components/data-view/short-value'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CategoryTile } from '@/components/ui/category-tile'
import { Duration } from '@/components/ui/duration'
import { RelativeTime } from '@/components/ui/relative-time'
import { Sentence } from '@/components/ui/sentence'
import { StatusBadge } from '@/components/ui/status-badge'
import { definitionOf } from '@/workflows/graph/catalogue'
import { readyOrder } from '@/workflows/graph/ready-order'
import { catalogue } from '@/workflows/nodes/catalogue'
import { spoken } from '@/workflows/words/spoken'
import { useDraft, useEditor, useFacts } from './editor-context'

/** What each step gave in the last test or run, in the order they run. */
export function TestData() {
  const t = useTranslations('editor.data')
  const { ui, workflow } = useEditor()
  const graph = useDraft((state) => state.graph)
  const { results } = useFacts()
  const order = readyOrder(graph) ?? graph.nodes.map((node) => node.id)
  const place = new Map(order.map((id, index) => [id, index]))
  const nodes = graph.nodes
    .filter((node) => definitionOf(node, catalogue)?.kind !== 'note')
    .sort((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length))
  return (
    <div>
      <div className="flex items-center gap-2 px-4 py-2">
        <p className="flex-1 text-12 text-text-2">{results.size === 0 ? t('none') : t('about')}</p>
        {workflow.permissions.includes('run.start') && (
          <Button size="sm" onClick={() => ui.setState({ dialog: 'test' })}>
            <Play />
            {t('chooseInput')}
          </Button>
        )}
      </div>
      <ul className="divide-y border-t">
        {nodes.map((node) => {
          const definition = definitionOf(node, catalogue)
          const result = results.get(node.id)
          return (
            <li key={node.id}>
              <button
                type="button"
                className="focus-inset flex h-9 w-full items-center gap-3 px-4 text-left hover:bg-hover"
                onClick={() => ui.open(node.id)}
              >
                <CategoryTile category={definition?.category ?? 'flow'} size="xs">
                  <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} />
                </CategoryTile>
                <span className="w-44 shrink-0 truncate font-medium">{node.title}</span>
                <span className="w-28 shrink-0">
                  {result ? <StatusBadge status={result.status} /> : <span className="text-12 text-text-3">{t('noData')}</span>}
                </span>
                <span className="mono min-w-0 flex-1 truncate text-text-2">
                  {result && (result.error ? <Sentence text={spoken(result.error.message)} /> : shortValue(result.output))}
                </span>
                {result?.pinned && (
                  <Badge tone="accent">
                    <Pin />
                    {t('pinned')}
                  </Badge>
                )}
                {result?.stale && <Badge tone="waiting">{t('stale')}</Badge>}
                <Duration ms={result?.durationMs} className="w-16 text-right text-12 text-text-2" />
                <RelativeTime at={result?.at} className="w-20 text-right text-12 text-text-3" />
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
