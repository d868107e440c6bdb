'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useMemo, useRef } from 'react'
import { cn } from '@/components/ui/cn'
import type { Json } from '@/workflows/graph/schema'
import { asExpression, pathDragType } from './expression-path'
import { Marked } from './marked'
import { shortValue } from './short-value'
import { cellOf, findTableRows, pathOfCell, tableOf } from './table-of'
import { useFound } from './use-found'
import { useVirtualRows } from './use-virtual-rows'

/** As `h-8` says; borders stand inside it only where they are not collapsed. */
const rowHeight = 32

/** A list as a table. Cells can be dragged into a field or chosen, as in the tree; only rows that are seen are drawn. */
export function DataTable({
  value,
  path,
  onPick,
  query = '',
}: {
  value: Json | undefined
  path?: string
  onPick?: (path: string) => void
  query?: string
}) {
  const t = useTranslations('forms.data')
  const table = useMemo(() => tableOf(value, path), [value, path])
  const body = useRef<HTMLTableSectionElement>(null)
  const walk = useCallback((wanted: string) => (table ? findTableRows(table, wanted) : none()), [table])
  const search = useFound(query, walk)
  const count = search ? search.found.length : (table?.rows.length ?? 0)
  const { from, to } = useVirtualRows(body, { count, rowHeight })
  const [above, below] = [from * rowHeight, (count - to) * rowHeight]
  if (!table) return <p className="px-4 py-2 text-12 text-text-2">{t('noTable')}</p>
  const indexes = Array.from({ length: Math.max(0, to - from) }, (_, offset) => search?.found[from + offset] ?? from + offset)
  return (
    <div className="min-w-full">
      <p role="status" className="px-4 py-1 text-12 text-text-3">
        {search ? (search.done ? t('found', { count }) : t('searching')) : t('rows', { count })}
        {table.moreColumns > 0 && ` · ${t('moreColumns', { count: table.moreColumns })}`}
      </p>
      <table className="w-full border-separate border-spacing-0 text-12" aria-rowcount={count + 1}>
        <thead>
          <tr>
            <th scope="col" className="sticky top-0 z-1 h-8 border-b bg-surface px-3 text-right font-medium text-text-3">
              #
            </th>
            {table.columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="sticky top-0 z-1 h-8 border-b bg-surface px-3 text-left font-medium whitespace-nowrap text-text-3"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {above > 0 && (
            <tr aria-hidden style={{ height: above }}>
              <td />
            </tr>
          )}
          {indexes.map((index) => (
            <tr key={index} aria-rowindex={index + 2} className="hover:bg-hover">
              <td className="num h-8 border-b px-3 text-right text-text-3">{index}</td>
              {table.columns.map((column) => (
                <Cell
                  key={column}
                  value={cellOf(table.rows[index] ?? null, column)}
                  path={pathOfCell(table, index, column)}
                  onPick={onPick}
                  query={search ? query : ''}
                />
              ))}
            </tr>
          ))}
          {below > 0 && (
            <tr aria-hidden style={{ height: below }}>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}

function Cell({
  value,
  path,
  onPick,
  query,
}: {
  value: Json | undefined
  path: string | undefined
  onPick?: (path: string) => void
  query: string
}) {
  const t = useTranslations('forms.data')
  const text = value === undefined ? '' : shortValue(value)
  const pick = path && onPick ? () => onPick(path) : undefined
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree does the same for the keyboard
    <td
      className={cn('mono h-8 max-w-60 truncate border-b px-3 whitespace-nowrap', pick && 'cursor-default')}
      draggable={!!pick}
      title={pick && path ? t('use', { path }) : text}
      onClick={pick}
      onDragStart={(event) => {
        if (!path) return
        event.dataTransfer.setData(pathDragType, path)
        event.dataTransfer.setData('text/plain', asExpression(path))
        event.dataTransfer.effectAllowed = 'copy'
      }}
    >
      <Marked text={text} query={query} />
    </td>
  )
}

function* none(): Generator<number | undefined> {}
