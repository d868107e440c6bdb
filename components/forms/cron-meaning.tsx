'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CornerDownRight, TriangleAlert } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { problemOf } from '@/components/api/problem'
import { useTRPC } from '@/components/api/trpc'
import { cn } from '@/components/ui/cn'
import { formatClock, formatDay } from '@/components/ui/format'
import { isTimeZone } from '@/components/ui/is-time-zone'
import { spoken } from '@/workflows/words/spoken'

/** What the server says about a rule as it is typed: its words, its next five fires, or why it is none. Nothing while the zone is half typed. */
export function useCronMeaning(cron: string, timeZone: string) {
  const t = useTranslations('schedules.form')
  const trpc = useTRPC()
  const settled = useSettledText(cron.trim())
  const asked = settled !== '' && isTimeZone(timeZone)
  const preview = useQuery(
    trpc.schedules.preview.queryOptions(
      { cron: settled, timeZone, language: useLocale() },
      { enabled: asked, placeholderData: keepPreviousData, retry: false, staleTime: 60_000 },
    ),
  )
  const refused =
    asked && preview.isError ? (problemOf(preview.error)?.detail ?? problemOf(preview.error)?.title ?? t('previewFailed')) : null
  return { refused, answer: preview.isError || !asked ? null : preview.data, late: preview.isPlaceholderData }
}

export function CronMeaning({ meaning, timeZone }: { meaning: ReturnType<typeof useCronMeaning>; timeZone: string }) {
  const { answer, late } = meaning
  return (
    <div aria-live="polite" className={cn('min-h-5', late && 'opacity-70')}>
      {answer && (
        <>
          <p className="flex items-start gap-1.5 font-medium">
            <CornerDownRight aria-hidden className="mt-1 size-3 shrink-0 text-succeeded-mark" />
            {answer.words}
          </p>
          <NextFires at={answer.next} timeZone={timeZone} className="mt-1.5 ml-4.5" />
          {answer.warnings.map((warning) => (
            <p key={warning} className="mt-1.5 flex items-start gap-1.5 text-12 text-waiting">
              <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
              {spoken(warning)}
            </p>
          ))}
        </>
      )}
    </div>
  )
}

export function NextFires({ at, timeZone, className }: { at: readonly Date[]; timeZone: string; className?: string }) {
  const t = useTranslations('schedules.form')
  return (
    <ol aria-label={t('nextFive')} className={cn('num flex flex-wrap gap-x-4 gap-y-0.5 text-12 text-text-2', className)}>
      {at.map((one) => (
        <li key={one.toISOString()}>
          {formatDay(one, { timeZone, weekday: 'short' })} {formatClock(one, { timeZone })}
        </li>
      ))}
    </ol>
  )
}

/** The text once it has stood for a quarter of a second; the first one at once. */
function useSettledText(text: string) {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
