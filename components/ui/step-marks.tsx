'use client'

import { useTranslations } from 'next-intl'
import { cn } from './cn'

/** s succeeded, f failed, r running, t retrying, w waiting, c cancelled, x reused, k skipped, u unknown; anything else has not been reached. */
const looks: Record<string, string> = {
  s: 'h-2 w-2.5 bg-succeeded-mark',
  x: 'h-2 w-2.5 border border-succeeded-mark bg-succeeded-subtle',
  f: 'h-3.5 w-2.5 bg-failed-mark',
  r: 'h-2 w-[5px] bg-running-mark',
  t: 'h-2 w-2.5 border-2 border-failed-mark',
  w: 'h-1 w-2.5 bg-waiting-mark',
  c: 'h-1 w-2.5 bg-cancelled-mark',
  k: 'h-1 w-2.5 bg-border-strong',
  u: 'h-3.5 w-2.5 border-2 border-waiting-mark',
}

/** A run's steps as small marks: shape says as much as colour. */
export function StepMarks({ marks, className }: { marks: string; className?: string }) {
  const t = useTranslations('ui')
  const letters = [...marks]
  const count = (letter: string) => letters.filter((one) => one === letter).length
  const label = t('stepMarks', {
    total: letters.length,
    succeeded: count('s') + count('x'),
    failed: count('f') + count('t'),
    waiting: count('w'),
  })
  return (
    <span role="img" aria-label={label} title={label} className={cn('inline-flex h-4 items-center gap-0.5', className)}>
      {letters.map((letter, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mark's place is its identity
        <i key={index} className={cn('block rounded-[2px]', looks[letter] ?? 'h-2 w-2.5 bg-border-strong')} />
      ))}
    </span>
  )
}
