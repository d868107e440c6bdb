'use client'

import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn'
import type { Json } from '@/workflows/graph/schema'
import { useDraft } from './editor-context'
import { itemOf } from './held-item'
import type { Held } from './stopped-test'

/** In which item of which loop a test is held, and what that item is. */
export function HeldWhere({ held, className }: { held: Held; className?: string }) {
  const t = useTranslations('editor.stopped')
  const graph = useDraft((state) => state.graph)
  const places = held.around.flatMap(({ nodeId, index, total }) => {
    const loop = graph.nodes.find((node) => node.id === nodeId)?.title ?? ''
    if (index === null) return []
    return total === null ? t('round', { number: index + 1, loop }) : t('item', { number: index + 1, of: total, loop })
  })
  const item = itemOf(held)
  if (places.length === 0) return null
  return (
    <div className={cn('flex min-w-0 items-center gap-2', className)}>
      <span className="flex min-w-0 flex-wrap gap-1" data-testid="held-where">
        {places.map((place) => (
          <span key={place} className="num rounded-sm border border-waiting-border bg-surface px-1.5 text-12">
            {place}
          </span>
        ))}
      </span>
      {item !== undefined && (
        <code className="mono min-w-0 max-w-120 flex-1 truncate text-12 text-text-2" title={JSON.stringify(item, null, 2).slice(0, 2_000)}>
          {brief(item)}
        </code>
      )}
    </div>
  )
}

function brief(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
