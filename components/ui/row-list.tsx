'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Checkbox } from './checkbox'
import { cn } from './cn'
import { Skeleton } from './skeleton'

/** The rows of a table on a phone: each a few lines under one another, the whole a target for the thumb. */
export function RowList<Row>({
  rows,
  getId,
  label,
  children,
  selection,
  onSelectionChange,
  onOpen,
  rowState,
  loading,
  skeletonRows = 8,
  className,
}: {
  rows: readonly Row[]
  getId: (row: Row) => string
  label: string
  children: (row: Row) => ReactNode
  selection?: Record<string, boolean>
  onSelectionChange?: (selection: Record<string, boolean>) => void
  onOpen?: (row: Row, event: React.MouseEvent) => void
  rowState?: (row: Row) => 'live' | 'selected' | undefined
  loading?: boolean
  skeletonRows?: number
  className?: string
}) {
  const t = useTranslations('ui')
  return (
    <ul aria-label={label} aria-busy={loading || undefined} className={cn('-mx-4 border-t', className)}>
      {loading
        ? Array.from({ length: skeletonRows }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
            <li key={index} className="space-y-2 border-b px-4 py-3">
              <Skeleton className="w-40" />
              <Skeleton className="w-24" />
            </li>
          ))
        : rows.map((row) => {
            const id = getId(row)
            const selected = selection?.[id] ?? false
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the row holds the real link; this widens it for the thumb
              <li
                key={id}
                data-state={selected ? 'selected' : rowState?.(row)}
                onClick={(event) => {
                  if (!onOpen || (event.target as HTMLElement).closest('a,button,input,label,[role=menuitem]')) return
                  if (window.getSelection()?.toString()) return
                  onOpen(row, event)
                }}
                className="flex items-start gap-3 border-b px-4 py-3 text-13 data-[state=live]:bg-running-subtle data-[state=selected]:bg-accent-subtle"
              >
                {onSelectionChange && (
                  <Checkbox
                    aria-label={t('selectRow')}
                    checked={selected}
                    onCheckedChange={(on) => {
                      const { [id]: _, ...others } = selection ?? {}
                      onSelectionChange(on === true ? { ...others, [id]: true } : others)
                    }}
                    className="mt-0.5"
                  />
                )}
                <div className="num min-w-0 flex-1">{children(row)}</div>
              </li>
            )
          })}
    </ul>
  )
}
