'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Badge } from './badge'
import { cn } from './cn'
import { type Status, statusLooks, toneText, toStatus } from './status'
import { StatusIcon } from './status-icon'

/** Status as colour, shape and word. `filled` is the chip; otherwise it stands as text in a row. `children` replaces the word. */
export function StatusBadge({
  status,
  filled,
  children,
  className,
}: {
  status: Status | (string & {})
  filled?: boolean
  children?: ReactNode
  className?: string
}) {
  const t = useTranslations('ui')
  const known = toStatus(status)
  const { tone } = statusLooks[known]
  const word = children ?? t(`status.${known}`)
  if (filled) {
    return (
      <Badge tone={tone} className={className} data-status={known}>
        <StatusIcon status={known} className="size-3" />
        {word}
      </Badge>
    )
  }
  return (
    <span
      data-status={known}
      className={cn('inline-flex items-center gap-1.5 align-middle font-medium whitespace-nowrap', toneText[tone], className)}
    >
      <StatusIcon status={known} />
      {word}
    </span>
  )
}
