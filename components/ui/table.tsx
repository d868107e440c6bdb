'use client'

import { type ColumnDef, getCoreRowModel, type RowData, type RowSelectionState, useReactTable } from '@tanstack/react-table'
import { useTranslations } from 'next-intl'
import type { ComponentProps, ReactNode } from 'react'
import { Checkbox } from './checkbox'
import { cn } from './cn'
import { RowList } from './row-list'
import { Skeleton } from './skeleton'
import { usePhone } from './use-phone'

declare module '@tanstack/react-table' {
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Numbers, times and costs stand at the right. */
    align?: 'right'
    className?: string
    /** Left out on a phone. */
    wide?: boolean
  }
}

export type Column<Row> = ColumnDef<Row>

type TableProps<Row> = {
  rows: readonly Row[]
  columns: ColumnDef<Row>[]
  getId: (row: Row) => string
  label: string
  /** The row on a phone, instead of its cells wrapped under one another; it should hold the real link too. */
  card?: (row: Row) => ReactNode
  selection?: RowSelectionState
  onSelectionChange?: (selection: RowSelectionState) => void
  onOpen?: (row: Row, event: React.MouseEvent) => void
  rowState?: (row: Row) => 'live' | 'selected' | undefined
  loading?: boolean
  skeletonRows?: number
  className?: string
}

/** Rows of 36 with lines only between them. `onOpen` makes rows links by pointer; the first cell should hold the real link. */
export function Table<Row>({ card, ...props }: TableProps<Row>) {
  const phone = usePhone()
  if (!card || !phone) return <WideTable {...props} />
  const { columns: _, ...others } = props
  return <RowList {...others}>{card}</RowList>
}

function WideTable<Row>({
  rows,
  columns,
  getId,
  label,
  selection,
  onSelectionChange,
  onOpen,
  rowState,
  loading,
  skeletonRows = 8,
  className,
}: Omit<TableProps<Row>, 'card'>) {
  const t = useTranslations('ui')
  const table = useReactTable({
    data: rows as Row[],
    columns,
    getRowId: getId,
    getCoreRowModel: getCoreRowModel(),
    enableRowSelection: Boolean(onSelectionChange),
    state: selection ? { rowSelection: selection } : {},
    onRowSelectionChange: (update) => onSelectionChange?.(typeof update === 'function' ? update(selection ?? {}) : update),
  })
  return (
    <div className={cn('relative w-full overflow-x-auto', className)}>
      <PlainTable aria-label={label} aria-busy={loading || undefined} className="phone:block">
        <thead className="phone:sr-only">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {onSelectionChange && (
                <Th className="w-10">
                  <Checkbox
                    aria-label={t('selectAll')}
                    checked={table.getIsAllRowsSelected() ? true : table.getIsSomeRowsSelected() ? 'indeterminate' : false}
                    onCheckedChange={() => table.toggleAllRowsSelected()}
                  />
                </Th>
              )}
              {group.headers.map((header) => (
                <Th
                  key={header.id}
                  align={header.column.columnDef.meta?.align}
                  className={cn(header.column.columnDef.meta?.wide && 'phone:hidden', header.column.columnDef.meta?.className)}
                >
                  {filled(header.column.columnDef.header, header.getContext())}
                </Th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody className="phone:block">
          {loading
            ? Array.from({ length: skeletonRows }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
                <tr key={index} className={wrapped}>
                  {onSelectionChange && <Td />}
                  {columns.map((column, at) => (
                    <Td key={column.id ?? at} className={cn(wrappedCell(at, columns.length), column.meta?.wide && 'phone:hidden')}>
                      <Skeleton className={at === 0 ? 'w-24' : 'w-16'} />
                    </Td>
                  ))}
                </tr>
              ))
            : table.getRowModel().rows.map((row) => {
                const state = row.getIsSelected() ? 'selected' : rowState?.(row.original)
                return (
                  <tr
                    key={row.id}
                    data-state={state}
                    onClick={(event) => {
                      if (!onOpen || (event.target as HTMLElement).closest('a,button,input,label,[role=menuitem]')) return
                      if (window.getSelection()?.toString()) return
                      onOpen(row.original, event)
                    }}
                    className={cn(wrapped, 'hover:bg-hover data-[state=live]:bg-running-subtle data-[state=selected]:bg-accent-subtle')}
                  >
                    {onSelectionChange && (
                      <Td className="phone:h-auto phone:border-b-0 phone:px-0">
                        <Checkbox
                          aria-label={t('selectRow')}
                          checked={row.getIsSelected()}
                          onCheckedChange={(on) => row.toggleSelected(on === true)}
                          className="block"
                        />
                      </Td>
                    )}
                    {row.getVisibleCells().map((cell, at) => (
                      <Td
                        key={cell.id}
                        align={cell.column.columnDef.meta?.align}
                        className={cn(
                          wrappedCell(at, columns.length),
                          cell.column.columnDef.meta?.wide && 'phone:hidden',
                          cell.column.columnDef.meta?.className,
                        )}
                      >
                        {filled(cell.column.columnDef.cell, cell.getContext())}
                      </Td>
                    ))}
                  </tr>
                )
              })}
        </tbody>
      </PlainTable>
    </div>
  )
}

/** On a phone a row is a few lines: its first and last cell, then the others, so that no table scrolls sideways in a frame. */
const wrapped =
  "phone:flex phone:flex-wrap phone:items-center phone:gap-x-3 phone:gap-y-1 phone:border-b phone:py-2.5 phone:before:order-2 phone:before:basis-full phone:before:content-['']"

function wrappedCell(index: number, count: number) {
  return cn(
    'phone:h-auto phone:min-w-0 phone:max-w-full phone:border-b-0 phone:px-0 phone:whitespace-normal',
    index === 0 ? 'phone:basis-3/5 phone:grow' : index === count - 1 ? 'phone:order-1 phone:ml-auto' : 'phone:order-3',
  )
}

/**
 * Called instead of rendered as a component: pages make their columns anew at each render, and a component of another identity would be
 * mounted again, closing the menu that is open in its row.
 */
function filled<Context>(template: string | ((context: Context) => ReactNode) | undefined, context: Context): ReactNode {
  return typeof template === 'function' ? template(context) : template
}

/** The look of a table for small fixed content. */
export function PlainTable({ className, ...props }: ComponentProps<'table'>) {
  return <table className={cn('w-full border-collapse text-13', className)} {...props} />
}

export function Th({ align, className, children, ...props }: ComponentProps<'th'> & { align?: 'right'; children?: ReactNode }) {
  return (
    <th
      scope="col"
      className={cn(
        'h-8 border-b px-3 text-left text-12 font-medium whitespace-nowrap text-text-3',
        align === 'right' && 'text-right',
        className,
      )}
      {...props}
    >
      {children}
    </th>
  )
}

export function Td({ align, className, ...props }: ComponentProps<'td'> & { align?: 'right' }) {
  return (
    <td className={cn('num h-9 border-b px-3 whitespace-nowrap phone:h-11', align === 'right' && 'text-right', className)} {...props} />
  )
}

/**
 * Text in a cell that gives way and ends in dots before the table has to scroll. `className` says how wide it may become, the column's how
 * narrow. A button in it needs `max-w-full truncate`.
 */
export function CellText({ className, children, ...props }: ComponentProps<'span'>) {
  // A track that may shrink to nothing keeps what it holds out of the least width of its column.
  return (
    <span className={cn('grid grid-cols-[minmax(0,1fr)]', className)} {...props}>
      <span className="truncate">{children}</span>
    </span>
  )
}
