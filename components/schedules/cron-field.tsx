'use client'

import { useTranslations } from 'next-intl'
import type { Ref } from 'react'
import type { Control, FieldValues, Path } from 'react-hook-form'
import { useController } from 'react-hook-form'
import { CronMeaning, useCronMeaning } from '@/components/forms/cron-meaning'
import { cn } from '@/components/ui/cn'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { atTimeOfDay, presets, timeOfDay } from './cron-text'

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
  const meaning = useCronMeaning(cron.trim(), timeZone)
  const time = timeOfDay(cron)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-start gap-2">
        <Field label={t('cron')} error={error ?? meaning.refused} className="flex-1">
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
        {time && (
          <Field label={t('timeOfDay')} className="w-32">
            <Input
              type="time"
              value={time}
              // Emptied by hand, it is no time; the rule keeps the last one.
              onChange={(event) => event.target.value && onChange(atTimeOfDay(cron, event.target.value))}
              className="num"
            />
          </Field>
        )}
      </div>
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
      <CronMeaning meaning={meaning} timeZone={timeZone} />
    </div>
  )
}
