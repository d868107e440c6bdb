'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CornerDownRight, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type Ref, useEffect, useState } from 'react'
import type { Control, FieldValues, Path } from 'react-hook-form'
import { useController } from 'react-hook-form'
import { problemOf } from '@/components/api/problem'
import { useTRPC } from '@/components/api/trpc'
import { cn } from '@/components/ui/cn'
import { Field } from '@/components/ui/field'
import { formatClock, formatDay } from '@/components/ui/format'
import { Input } from '@/components/ui/input'
import { presets } from './cron-text'

/** The rule as a field of a form. */
export function CronField<Values extends FieldValues & { cron: string }>({
  control,
  cron,
  timeZone,
}: {
  control: Control<Values>
  cron: string
  timeZone: string
}) {
  const { field, fieldState } = useController({ control, name: 'cron' as Path<Values> })
  return <CronInput {...field} value={cron} timeZone={timeZone} error={fieldState.error?.message} />
}

/** A cron rule with its meaning in words, the next five fires and what to look out for, as one types. */
export function CronInput({
  value: cron,
  onChange,
  timeZone,
  error,
  ...field
}: {
  value: string
  onChange: (cron: string) => void
  timeZone: string
  error?: string
  name?: string
  onBlur?: () => void
  ref?: Ref<HTMLInputElement>
}) {
  const t = useTranslations('schedules.form')
  const trpc = useTRPC()
  const settled = useSettledText(cron.trim())
  const preview = useQuery(
    trpc.schedules.preview.queryOptions(
      { cron: settled, timeZone },
      { enabled: settled !== '' && timeZone !== '', placeholderData: keepPreviousData, retry: false, staleTime: 60_000 },
    ),
  )
  const refused = preview.isError ? (problemOf(preview.error)?.detail ?? problemOf(preview.error)?.title ?? t('previewFailed')) : null
  const answer = preview.isError || settled === '' ? null : preview.data
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('cron')} error={error ?? refused}>
        <Input
          {...field}
          value={cron}
          onChange={(event) => onChange(event.target.value)}
          className="mono"
          autoComplete="off"
          spellCheck={false}
          placeholder="0 9 * * 1-5"
        />
      </Field>
      <div className="flex flex-wrap gap-1">
        {presets.map((preset) => (
          <button
            key={preset.key}
            type="button"
            aria-pressed={cron.trim() === preset.cron}
            onClick={() => onChange(preset.cron)}
            className={cn(
              'h-6 rounded-sm border px-1.5 text-12 text-text-2 transition-colors hover:bg-hover phone:h-9',
              cron.trim() === preset.cron && 'border-accent-border bg-accent-subtle text-accent-text',
            )}
          >
            {t(`preset.${preset.key}`)}
          </button>
        ))}
      </div>
      <div aria-live="polite" className={cn('min-h-5', preview.isPlaceholderData && 'opacity-70')}>
        {answer && (
          <>
            <p className="flex items-start gap-1.5 font-medium">
              <CornerDownRight aria-hidden className="mt-1 size-3 shrink-0 text-succeeded-mark" />
              {answer.words}
            </p>
            <ol aria-label={t('nextFive')} className="num mt-1.5 ml-4.5 flex flex-wrap gap-x-4 gap-y-0.5 text-12 text-text-2">
              {answer.next.map((at) => (
                <li key={at.toISOString()}>
                  {formatDay(at, { timeZone, weekday: 'short' })} {formatClock(at, { timeZone })}
                </li>
              ))}
            </ol>
            {answer.warnings.map((warning) => (
              <p key={warning} className="mt-1.5 flex items-start gap-1.5 text-12 text-waiting">
                <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
                {warning}
              </p>
            ))}
          </>
        )}
      </div>
    </div>
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
