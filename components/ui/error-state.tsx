'use client'

import { CircleX, RotateCw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { problemOf } from '@/components/api/problem'
import { sentences } from '@/components/api/show-problem'
import { Button } from './button'
import { cn } from './cn'

interface ErrorStateProps {
  error: unknown
  onRetry?: () => void
  /** Nothing else is on the page. */
  alone?: boolean
  className?: string
}

/** What went wrong while loading, what to do, and a way to try again. */
export function ErrorState({ error, onRetry, alone, className }: ErrorStateProps) {
  const t = useTranslations('ui')
  const { title, hint, requestId } = sentences(error, t)
  // What is not there is not there at the next try.
  const missing = problemOf(error)?.code === 'NOT_FOUND'
  const Heading = alone ? 'h1' : 'h2'
  const state = (
    <div role="alert" className={cn('mx-auto flex max-w-120 flex-col items-center px-4 py-16 text-center', className)}>
      <CircleX aria-hidden className="mb-3 size-5 text-failed" />
      <Heading className="text-14 font-semibold">{title}</Heading>
      {hint && <p className="mt-1 text-text-2">{hint}</p>}
      {onRetry && !missing && (
        <Button className="mt-4" onClick={onRetry}>
          <RotateCw />
          {t('tryAgain')}
        </Button>
      )}
      {requestId && !missing && <p className="mono mt-4 text-text-3">{t('requestId', { id: requestId })}</p>}
    </div>
  )
  return alone ? <main>{state}</main> : state
}
