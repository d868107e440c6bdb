'use client'

import { GripVertical, PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { NodeIcon } from '@/components/canvas/node-icon'
import { CategoryTile } from '@/components/ui/category-tile'
import { IconButton } from '@/components/ui/icon-button'
import { Kbd } from '@/components/ui/kbd'
import { usePhone } from '@/components/ui/use-phone'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { useEditor, useUi } from './editor-context'
import { findNodeTypes } from './find-node-types'

export const dragType = 'application/x-millrace-node'

/** Every node type by category: drag one onto the canvas, or choose it to put it in the middle. */
export function Palette({ onAdd }: { onAdd: (type: string) => void }) {
  const t = useTranslations('editor.palette')
  const { ui, workflow } = useEditor()
  const phone = usePhone()
  const open = useUi((state) => state.palette) ?? !phone
  const choose = (type: string) => {
    if (phone) ui.setState({ palette: false })
    onAdd(type)
  }
  const [query, setQuery] = useState('')
  const groups = useMemo(() => findNodeTypes({ query }), [query])
  const isHere = (type: string) => !workflow.unavailable.some((one) => one.type === type)
  const types = groups.flatMap((group) => group.items.map((item) => item.type)).filter(isHere)
  const [reached, setReached] = useState('')
  const current = types.includes(reached) ? reached : types[0]
  if (!open)
    return (
      <aside
        className="flex w-12 shrink-0 flex-col items-center border-r bg-surface p-2 phone:absolute phone:top-2 phone:left-2 phone:z-5 phone:w-auto phone:rounded-md phone:border phone:p-1 phone:shadow-1"
        aria-label={t('title')}
      >
        <IconButton label={t('open')} side="right" onClick={() => ui.setState({ palette: true })}>
          <PanelLeftOpen className="size-4" />
        </IconButton>
      </aside>
    )
  return (
    <aside
      className="flex min-h-0 w-58 shrink-0 flex-col border-r bg-surface phone:absolute phone:inset-y-0 phone:left-0 phone:z-10 phone:w-72 phone:shadow-3"
      aria-label={t('title')}
    >
      <div className="flex gap-1 p-2">
        <label className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-border-strong bg-raised px-2 focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-subtle)]">
          <Search aria-hidden className="size-3.5 shrink-0 text-text-3" />
          <input
            aria-label={t('search')}
            placeholder={t('add')}
            className="w-full min-w-0 bg-transparent outline-none placeholder:text-text-3"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              const [first] = groups[0]?.items ?? []
              if (event.key === 'Enter' && first && isHere(first.type)) choose(first.type)
              if (event.key === 'Escape') setQuery('')
              if (event.key === 'ArrowDown') {
                event.preventDefault()
                event.currentTarget.closest('aside')?.querySelector<HTMLElement>('[data-node-type]:enabled')?.focus()
              }
            }}
          />
          <Kbd>Tab</Kbd>
        </label>
        <IconButton label={t('close')} onClick={() => ui.setState({ palette: false })}>
          <PanelLeftClose className="size-4" />
        </IconButton>
      </div>
      {/* One stop on the way of Tab; the arrow keys walk through it. */}
      <div
        role="toolbar"
        aria-orientation="vertical"
        aria-label={t('title')}
        className="min-h-0 flex-1 overflow-y-auto pb-3"
        onKeyDown={(event) => {
          const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-node-type]:enabled')]
          const next = walked(event.key, buttons.indexOf(event.target as HTMLElement), buttons.length)
          if (next === null) return
          event.preventDefault()
          event.stopPropagation()
          buttons[next]?.focus()
        }}
      >
        {groups.length === 0 && <p className="px-3 py-2 text-12 text-text-2">{t('nothing', { query })}</p>}
        {groups.map((group) => (
          <section key={group.category} aria-label={group.title}>
            <h2 className="flex items-center px-3 pt-3 pb-1 text-12 font-medium text-text-3">
              {group.title}
              <span className="num ms-auto">{group.items.length}</span>
            </h2>
            {group.items.map((definition) => (
              <PaletteItem
                key={definition.type}
                definition={definition}
                reason={workflow.unavailable.find((one) => one.type === definition.type)?.reason}
                stop={definition.type === current}
                onReach={setReached}
                onAdd={choose}
              />
            ))}
          </section>
        ))}
      </div>
    </aside>
  )
}

interface PaletteItemProps {
  definition: NodeDefinition
  /** Why it cannot be used here. */
  reason: string | undefined
  /** Tab stops here. */
  stop: boolean
  onReach(type: string): void
  onAdd(type: string): void
}

/** Where a key leads from one of so many; null where it leads nowhere. */
function walked(key: string, from: number, count: number): number | null {
  if (from === -1) return null
  if (key === 'ArrowDown') return Math.min(from + 1, count - 1)
  if (key === 'ArrowUp') return Math.max(from - 1, 0)
  return key === 'Home' ? 0 : key === 'End' ? count - 1 : null
}

function PaletteItem({ definition, reason, stop, onReach, onAdd }: PaletteItemProps) {
  return (
    <button
      type="button"
      draggable={!reason}
      disabled={reason !== undefined}
      data-node-type={definition.type}
      title={reason ?? definition.summary}
      tabIndex={stop ? 0 : -1}
      onFocus={() => onReach(definition.type)}
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, definition.type)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onClick={() => onAdd(definition.type)}
      className="group focus-inset mx-1 flex h-8 w-[calc(100%-8px)] cursor-grab items-center gap-2 rounded-md px-2 text-left hover:bg-hover active:cursor-grabbing disabled:cursor-not-allowed disabled:opacity-50"
    >
      <CategoryTile category={definition.category} size="sm">
        <NodeIcon icon={definition.icon} category={definition.category} />
      </CategoryTile>
      <span className="min-w-0 flex-1 truncate">{definition.title}</span>
      <GripVertical aria-hidden className="size-3.5 shrink-0 text-text-3 invisible group-hover:visible" />
    </button>
  )
}
