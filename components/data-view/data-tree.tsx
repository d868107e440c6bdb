'use client'

import { ChevronDown, ChevronRight, Copy, GripVertical } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { cn } from '@/components/ui/cn'
import { writeToClipboard } from '@/components/ui/copy-button'
import { toast } from '@/components/ui/toaster'
import { useStableCallback } from '@/components/ui/use-stable-callback'
import type { Json } from '@/workflows/graph/schema'
import { asExpression, pathDragType } from './expression-path'
import { Marked } from './marked'
import { shortValue } from './short-value'
import { findRows, type TreeRoot, type TreeRow, treeRows } from './tree-rows'
import { useFound } from './use-found'
import { useVirtualRows } from './use-virtual-rows'
import { KindIcon } from './value-kind'

const rowHeight = 26

interface TreeProps {
  onPick?: (path: string) => void
  /** The path of the value in hand. */
  lit?: string | null
  /** Shows only what has these letters. */
  query?: string
}

/** One value as a tree. */
export function DataTree({
  name,
  path,
  value,
  openTo,
  ...props
}: { name: string; path?: string; value: Json; openTo?: number } & TreeProps) {
  const roots = useMemo(() => [{ name, path, value, openTo }], [name, path, value, openTo])
  return <DataTrees label={name} roots={roots} {...props} />
}

/** Data as trees, one below the other: a row can be dragged into a field or chosen to put it there. Only what is seen is drawn. */
export const DataTrees = memo(function DataTrees({
  label,
  roots,
  onPick,
  lit,
  query = '',
}: { label: string; roots: readonly TreeRoot[] } & TreeProps) {
  const t = useTranslations('forms.data')
  const list = useRef<HTMLDivElement>(null)
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const [current, setCurrent] = useState<string | null>(null)
  const walk = useCallback((wanted: string) => findRows(roots, wanted), [roots])
  const search = useFound(query, walk)
  const all = useMemo(() => treeRows(roots, turned), [roots, turned])
  const rows = search?.found ?? all
  const { from, to, box, show } = useVirtualRows(list, { count: rows.length, rowHeight })
  const focusNext = useRef(false)
  // Not with each row that scrolls by: there may be 100,000 to look through.
  const found = useMemo(() => rows.findIndex((row) => row.id === current), [rows, current])
  const at = Math.max(0, found)

  useEffect(() => {
    if (!focusNext.current) return
    focusNext.current = false
    list.current?.querySelector<HTMLElement>(`[data-row-at="${at}"]`)?.focus({ preventScroll: true })
  })
  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!row) return
    focusNext.current = true
    setCurrent(row.id)
    show(rows.indexOf(row))
  }
  const turn = useCallback((row: TreeRow) => {
    setTurned((before) => {
      const next = new Set(before)
      if (!next.delete(row.id)) next.add(row.id)
      return next
    })
  }, [])
  const copy = (path: string) => void writeToClipboard(asExpression(path)).then((done) => done && toast.success(t('copied', { path })))
  const onKeyDown = useStableCallback((event: React.KeyboardEvent, row: TreeRow, index: number) => {
    const pick = row.path && onPick ? () => onPick(row.path as string) : undefined
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'ArrowDown') go(index + 1)
    else if (event.key === 'ArrowUp') go(index - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(rows.length - 1)
    else if (event.key === 'PageDown') go(index + 20)
    else if (event.key === 'PageUp') go(index - 20)
    else if (event.key === 'ArrowRight' && row.count > 0 && !search) row.open ? go(index + 1) : turn(row)
    else if (event.key === 'ArrowLeft' && !search) row.open ? turn(row) : go(parentOf(rows, index))
    else if (event.key === 'Enter' || event.key === ' ') pick ? pick() : turn(row)
    else if (event.key === 'c' && row.path) copy(row.path)
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  return (
    <>
      {search && (
        <p role="status" className="px-4 py-1 text-12 text-text-3">
          {search.done ? t('found', { count: search.found.filter((row) => !row.open).length }) : t('searching')}
        </p>
      )}
      <div ref={list} role="tree" aria-label={label} className="mono px-2 leading-6" style={box}>
        {rows.slice(from, to).map((row, offset) => (
          <Row
            key={row.id}
            row={row}
            index={from + offset}
            reachable={from + offset === at}
            lit={!!lit && lit === row.path}
            query={search ? query : ''}
            onPick={onPick}
            onTurn={turn}
            onFocus={setCurrent}
            onKeyDown={onKeyDown}
          />
        ))}
      </div>
    </>
  )
})

const Row = memo(function Row({
  row,
  index,
  reachable,
  lit,
  query,
  onPick,
  onTurn,
  onFocus,
  onKeyDown,
}: {
  row: TreeRow
  index: number
  reachable: boolean
  lit: boolean
  query: string
  onPick?: (path: string) => void
  onTurn: (row: TreeRow) => void
  onFocus: (id: string) => void
  onKeyDown: (event: React.KeyboardEvent, row: TreeRow, index: number) => void
}) {
  const t = useTranslations('forms.data')
  const { path, count } = row
  // What stands at the end of the row under the pointer or in hand is half of its elements: the others scroll by without.
  const [near, setNear] = useState(false)
  const branches = count >= 0
  const pick = path && onPick ? () => onPick(path) : undefined
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={branches ? row.open : undefined}
      aria-selected={lit}
      tabIndex={reachable ? 0 : -1}
      data-row-at={index}
      data-path={path}
      draggable={!!pick}
      title={pick && path ? t('use', { path }) : undefined}
      onDragStart={(event) => {
        if (!path) return
        event.dataTransfer.setData(pathDragType, path)
        event.dataTransfer.setData('text/plain', asExpression(path))
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={(event) => setNear(event.currentTarget.contains(document.activeElement))}
      onFocus={() => {
        setNear(true)
        onFocus(row.id)
      }}
      onBlur={(event) => setNear(event.currentTarget.contains(event.relatedTarget) || event.currentTarget.matches(':hover'))}
      onClick={(event) => {
        const target = event.target as Element
        if (target.closest('button')) return
        if (branches && (!pick || target.closest('[data-toggle]'))) onTurn(row)
        else pick?.()
      }}
      onKeyDown={(event) => event.target === event.currentTarget && onKeyDown(event, row, index)}
      className={cn(
        'focus-inset flex h-6.5 cursor-default items-center gap-1.5 rounded-sm pr-1 whitespace-nowrap hover:bg-hover',
        lit && 'bg-accent-subtle ring-1 ring-accent-border ring-inset hover:bg-accent-subtle',
      )}
      style={{ paddingLeft: 8 + row.depth * 16 }}
    >
      <span className="grid size-4 shrink-0 place-items-center text-text-3">
        {count > 0 && (
          <span data-toggle aria-hidden className="grid size-4 place-items-center">
            {row.open ? <ChevronDown className="size-3.5" /> : <ChevronRight className="size-3.5" />}
          </span>
        )}
      </span>
      <span className="grid size-4 shrink-0 place-items-center text-text-3">
        <KindIcon kind={row.kind} />
      </span>
      <span className={cn('max-w-3/4 shrink-0 truncate', row.depth === 0 && 'font-medium')}>
        <Marked text={row.name} query={row.depth > 0 ? query : ''} />
      </span>
      {branches ? (
        <span className="text-text-3">{t(row.kind === 'list' ? 'items' : 'fields', { count })}</span>
      ) : (
        <span className="min-w-0 truncate text-text-2">
          <Marked text={shortValue(row.value)} query={query} />
        </span>
      )}
      {path && (
        <span className={cn('ml-auto flex shrink-0 items-center', pick ? 'w-9.5' : 'w-6')}>
          {near && (
            <button
              type="button"
              tabIndex={-1}
              aria-label={t('copyPath', { path })}
              title={t('copyPath', { path })}
              className="grid size-6 place-items-center rounded-sm text-text-3 hover:bg-pressed hover:text-text"
              onClick={() => void writeToClipboard(asExpression(path)).then((done) => done && toast.success(t('copied', { path })))}
            >
              <Copy aria-hidden className="size-3.5" />
            </button>
          )}
          {near && pick && <GripVertical aria-hidden className="size-3.5 text-text-3" />}
        </span>
      )}
    </div>
  )
})

function parentOf(rows: readonly TreeRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0
  for (let at = index - 1; at >= 0; at--) if ((rows[at]?.depth ?? 0) < depth) return at
  return index
}
