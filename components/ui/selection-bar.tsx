'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { IconButton } from './icon-button'

/** Floats over a list while rows are chosen. */
export function SelectionBar({ count, onClear, children }: { count: number; onClear: () => void; children: ReactNode }) {
  const t = useTranslations('ui')
  if (count === 0) return null
  return (
    <div
      role="toolbar"
      aria-label={t('selected', { count })}
      className="sticky bottom-6 z-10 mx-auto flex w-fit max-w-full flex-wrap items-center gap-1 rounded-lg border bg-raised py-1 pr-1 pl-4 shadow-3 animate-in fade-in-0 slide-in-from-bottom-1 duration-(--base)"
    >
      <span className="num mr-2 border-r pr-4 leading-6 font-medium whitespace-nowrap">{t('selected', { count })}</span>
      {children}
      <IconButton label={t('clearSelection')} size="sm" onClick={onClear}>
        <X />
      </IconButton>
    </div>
  )
}
