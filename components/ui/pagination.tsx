'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from './button'

/** Pages by cursor: newer and older, without counting what is not known. */
export function Pagination({
  children,
  onNewer,
  onOlder,
  pending,
}: {
  children?: ReactNode
  onNewer?: (() => void) | null
  onOlder?: (() => void) | null
  pending?: boolean
}) {
  const t = useTranslations('ui')
  return (
    <nav aria-label={t('pages')} className="flex min-h-12 items-center gap-2 text-12 text-text-2">
      {children}
      <span className="flex-1" />
      {(onNewer || onOlder) && (
        <>
          <Button size="sm" variant={onNewer ? 'secondary' : 'ghost'} disabled={!onNewer || pending} onClick={onNewer ?? undefined}>
            <ChevronLeft />
            {t('newer')}
          </Button>
          <Button size="sm" variant={onOlder ? 'secondary' : 'ghost'} disabled={!onOlder || pending} onClick={onOlder ?? undefined}>
            {t('older')}
            <ChevronRight />
          </Button>
        </>
      )}
    </nav>
  )
}
