'use client'

import { ChevronDown, ChevronRight, GripVertical } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { cn } from '@/components/ui/cn'
import type { Json } from '@/workflows/graph/schema'
import { asExpression, joinPath, pathDragType } from './expression-path'
import { KindIcon, kindOfValue } from './value-kind'

const childrenAtOnce = 100

/** Data as a tree: a row can be dragged into a field or chosen to put it there. */
export function DataTree({
  name,
  path,
  value,
  openTo = 2,
  onPick,
  lit,
}: {
  name: string
  /** The expression that gives this value; absent where the tree is only to look at. */
  path?: string
  value: Json
  openTo?: number
  onPick?: (path: string) => void
  /** The path of the value in hand. */
  lit?: string | null
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a list that is walked as a tree
    <ul role="tree" aria-label={name} className="mono px-2 leading-6">
      <Branch name={name} path={path} value={value} depth={0} openTo={openTo} onPick={onPick} lit={lit} />
    </ul>
  )
}

interface BranchProps {
  name: string
  path?: string
  value: Json
  depth: number
  openTo: number
  onPick?: (path: string) => void
  lit?: string | null
}

function Branch({ name, path, value, depth, openTo, onPick, lit }: BranchProps) {
  const t = useTranslations('forms.data')
  const [open, setOpen] = useState(depth < openTo)
  const [most, setMost] = useState(childrenAtOnce)
  const kind = kindOfValue(value)
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((item, index): [number, Json] => [index, item])
    : value !== null && typeof value === 'object'
      ? Object.entries(value)
      : []
  const branches = kind === 'list' || kind === 'object'
  const pick = path && onPick ? () => onPick(path) : undefined
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its row takes the focus
    <li role="treeitem" aria-level={depth + 1} aria-expanded={branches ? open : undefined} aria-selected={lit === path && !!path}>
      {/* biome-ignore lint/a11y/useSemanticElements: a tree's row, not a button, so that its tree keys work */}
      <div
        role="button"
        tabIndex={0}
        draggable={!!pick}
        title={pick && path ? t('use', { path }) : undefined}
        onDragStart={(event) => {
          if (!path) return
          event.stopPropagation()
          event.dataTransfer.setData(pathDragType, path)
          event.dataTransfer.setData('text/plain', asExpression(path))
          event.dataTransfer.effectAllowed = 'copy'
        }}
        // The field keeps its caret while a value is chosen for it.
        onMouseDown={(event) => pick && !(event.target as Element).closest('[data-toggle]') && event.detail === 0 && event.preventDefault()}
        onClick={(event) => {
          const folds = branches && (!pick || (event.target as Element).closest('[data-toggle]'))
          if (folds) setOpen(!open)
          else pick?.()
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight' && branches) setOpen(true)
          else if (event.key === 'ArrowLeft' && branches) setOpen(false)
          else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') step(event.currentTarget, event.key === 'ArrowDown' ? 1 : -1)
          else if (event.key === 'Enter' || event.key === ' ') (pick ?? (() => setOpen(!open)))()
          else return
          event.preventDefault()
        }}
        data-path={path}
        className={cn(
          'group focus-inset flex h-6.5 items-center gap-1.5 rounded-sm pr-2 whitespace-nowrap hover:bg-hover',
          lit && lit === path && 'bg-accent-subtle ring-1 ring-accent-border ring-inset hover:bg-accent-subtle',
        )}
        style={{ paddingLeft: 8 + depth * 16 }}
      >
        <span className="grid size-4 shrink-0 place-items-center text-text-3">
          {branches && (
            <span data-toggle aria-hidden className="grid size-4 place-items-center">
              {open ? <ChevronDown className="size-3.5" /> : <ChevronRight className="size-3.5" />}
            </span>
          )}
        </span>
        <span className="grid size-4 shrink-0 place-items-center text-text-3">
          <KindIcon kind={kind} />
        </span>
        <span>{name}</span>
        {branches ? (
          <span className="text-text-3">{t(kind === 'list' ? 'items' : 'fields', { count: entries.length })}</span>
        ) : (
          <span className="truncate text-text-2">{shortValue(value)}</span>
        )}
        {pick && <GripVertical aria-hidden className="ml-auto size-3.5 shrink-0 text-text-3 opacity-0 group-hover:opacity-100" />}
      </div>
      {open && branches && (
        // biome-ignore lint/a11y/useSemanticElements: the ARIA tree's group
        <ul role="group">
          {entries.slice(0, most).map(([key, child]) => (
            <Branch
              key={key}
              name={String(key)}
              path={path === undefined ? undefined : joinPath(path, key)}
              value={child}
              depth={depth + 1}
              openTo={openTo}
              onPick={onPick}
              lit={lit}
            />
          ))}
          {entries.length > most && (
            <li>
              <button type="button" className="ml-10 h-6.5 font-medium text-accent-text" onClick={() => setMost(most + 500)}>
                {t('more', { count: entries.length - most })}
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  )
}

function step(row: HTMLElement, by: 1 | -1) {
  const rows = [
    ...(row.closest('[data-trees]') ?? row.closest('[role="tree"]') ?? document).querySelectorAll<HTMLElement>(
      '[role="treeitem"] > [role="button"]',
    ),
  ]
  rows[rows.indexOf(row) + by]?.focus()
}

export function shortValue(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return value === '' ? '""' : value.length > 120 ? `${value.slice(0, 119)}…` : value
  return typeof value === 'object' ? JSON.stringify(value).slice(0, 120) : String(value)
}
