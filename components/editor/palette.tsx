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
              if (event.key === 'Enter' && first && !workflow.unavailable.some(({ type }) => type === first.type)) choose(first.type)
              if (event.key === 'Escape') setQuery('')
            }}
          />
          <Kbd>Tab</Kbd>
        </label>
        <IconButton label={t('close')} onClick={() => ui.setState({ palette: false })}>
          <PanelLeftClose className="size-4" />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-3">
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
  onAdd(type: string): void
}

function PaletteItem({ definition, reason, onAdd }: PaletteItemProps) {
  return (
    <button
      type="button"
      draggable={!reason}
      disabled={reason !== undefined}
      data-node-type={definition.type}
      title={reason ?? definition.summary}
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
