'use client'

import { ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { formatNumber } from '@/components/ui/format'
import type { Json } from '@/workflows/graph/schema'

/** One fact of a task: a plain value at the right, or a list that opens. */
export function Fact({ label, value }: { label: string; value: Json }) {
  const t = useTranslations('tasks')
  if (value !== null && typeof value === 'object') {
    const count = Array.isArray(value) ? value.length : Object.keys(value).length
    return (
      <div className="group">
        <dt className="sr-only">{label}</dt>
        <dd>
          <details className="group/details">
            <summary className="flex min-h-11 list-none items-center gap-3 text-14 [&::-webkit-details-marker]:hidden">
              <span className="flex-1 text-text-2">{label}</span>
              <span className="num text-12 text-text-3">{t(Array.isArray(value) ? 'items' : 'fields', { count })}</span>
              <ChevronRight aria-hidden className="size-4 text-text-3 transition-transform group-open/details:rotate-90" />
            </summary>
            <pre className="mono mb-3 max-h-80 overflow-auto rounded-md bg-sunken p-3 whitespace-pre-wrap text-text-2">
              {JSON.stringify(value, null, 2)}
            </pre>
          </details>
        </dd>
      </div>
    )
  }
  return (
    <div className="flex min-h-11 items-center gap-4 py-2 text-14">
      <dt className="text-text-2">{label}</dt>
      <dd className="num min-w-0 flex-1 text-right font-medium break-words">{words(value, t)}</dd>
    </div>
  )
}

function words(value: string | number | boolean | null, t: (key: 'yes' | 'no') => string) {
  if (value === null || value === '') return '–'
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') return formatNumber(value)
  return value
}
