'use client'

import { useTranslations } from 'next-intl'
import type { Json } from '@/workflows/graph/schema'
import { useDraft } from './editor-context'
import { itemOf } from './held-item'
import type { Held } from './stopped-test'

/** In which item of which loop a test is held, and what that item is. */
export function HeldWhere({ held }: { held: Held }) {
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
    <>
      <span className="num shrink-0 rounded-sm border border-waiting-border bg-surface px-1.5 text-12" data-testid="held-where">
        {places.join(' › ')}
      </span>
      {item !== undefined && (
        <code className="mono min-w-0 max-w-80 shrink truncate text-12 text-text-2" title={JSON.stringify(item, null, 2).slice(0, 2_000)}>
          {brief(item)}
        </code>
      )}
    </>
  )
}

function brief(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
