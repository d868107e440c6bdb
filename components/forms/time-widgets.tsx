'use client'

import { useQuery } from '@tanstack/react-query'
import { Braces } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { formatDay } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Json } from '@/workflows/graph/schema'
import { ExpressionField } from './expression-field'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

const units = [
  { unit: 'days', ms: 86_400_000 },
  { unit: 'hours', ms: 3_600_000 },
  { unit: 'minutes', ms: 60_000 },
  { unit: 'seconds', ms: 1_000 },
] as const

type Unit = (typeof units)[number]['unit']

/** Milliseconds as a number of days, hours, minutes or seconds; or an expression that gives them. */
export function DurationWidget(props: WidgetProps) {
  const { id, hint, value, fallback, onChange, problem } = props
  const t = useTranslations('forms.duration')
  const { readOnly } = useNodeForm()
  const isExpression = typeof value === 'string'
  if (isExpression)
    return (
      <ExpressionField
        id={id}
        label={hint.label}
        value={value}
        onChange={(next) => onChange(numberOr(next))}
        placeholder={hint.example}
        problem={problem}
      />
    )
  return (
    <div className="flex items-center gap-2">
      <DurationInput
        id={id}
        label={hint.label}
        ms={typeof value === 'number' ? value : undefined}
        fallback={typeof fallback === 'number' ? fallback : undefined}
        readOnly={readOnly}
        onChange={onChange}
      />
      {!readOnly && !hint.literal && (
        <IconButton size="sm" label={t('expression')} onClick={() => onChange('{{  }}')}>
          <Braces className="size-3.5" />
        </IconButton>
      )}
    </div>
  )
}

export function DurationInput({
  id,
  label,
  ms,
  fallback,
  onChange,
  readOnly,
}: {
  id?: string
  label: string
  ms: number | undefined
  fallback?: number
  onChange: (ms: number | undefined) => void
  readOnly?: boolean
}) {
  const t = useTranslations('forms.duration')
  const shown = ms ?? fallback
  const [unit, setUnit] = useState<Unit>(() => bestUnit(shown))
  const size = units.find((one) => one.unit === unit)?.ms ?? 1_000
  const options = units.map((one) => ({ value: one.unit, label: t(one.unit) }))
  return (
    <div className="flex items-center gap-2">
      <Input
        id={id}
        size="lg"
        type="number"
        min={0}
        step="any"
        aria-label={label}
        className="num w-24"
        readOnly={readOnly}
        placeholder={fallback === undefined ? '' : String(fallback / size)}
        value={ms === undefined ? '' : String(ms / size)}
        onChange={(event) => {
          const number = Number(event.target.value)
          onChange(event.target.value === '' || Number.isNaN(number) ? undefined : Math.round(number * size))
        }}
      />
      <Select
        size="lg"
        className="w-32"
        aria-label={t('unit', { field: label })}
        disabled={readOnly}
        value={unit}
        options={options}
        onValueChange={(next) => {
          const to = units.find((one) => one.unit === next)
          if (!to) return
          setUnit(to.unit)
          if (ms !== undefined) onChange(Math.round((ms / size) * to.ms))
        }}
      />
    </div>
  )
}

function bestUnit(ms: number | undefined): Unit {
  if (!ms) return 'minutes'
  return units.find((one) => ms % one.ms === 0)?.unit ?? 'seconds'
}

function numberOr(value: Json | undefined): Json | undefined {
  const text = String(value ?? '').trim()
  if (text === '') return undefined
  return /^\d+$/.test(text) ? Number(text) : text
}

/** A date from the calendar or an expression that gives one. */
export function DateTimeWidget({ id, hint, value, onChange, problem, perItem }: WidgetProps) {
  const t = useTranslations('forms.date')
  const { readOnly } = useNodeForm()
  const text = typeof value === 'string' ? value : ''
  const local = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.exec(text)?.[0] ?? ''
  return (
    <div className="flex items-start gap-2">
      <ExpressionField
        id={id}
        label={hint.label}
        value={value}
        onChange={(next) => onChange(next === '' ? undefined : next)}
        placeholder={hint.example}
        problem={problem}
        perItem={perItem}
      />
      <Input
        size="lg"
        type="datetime-local"
        aria-label={t('pick', { field: hint.label })}
        className="w-52 shrink-0"
        readOnly={readOnly}
        value={local}
        onChange={(event) => event.target.value && onChange(new Date(event.target.value).toISOString())}
      />
    </div>
  )
}

export function TimeZoneWidget({ id, hint, value, fallback, onChange }: WidgetProps) {
  const t = useTranslations('forms')
  const { readOnly } = useNodeForm()
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <>
      <Input
        id={id}
        size="lg"
        list={`${id}-zones`}
        aria-label={hint.label}
        placeholder={String(fallback ?? t('zone'))}
        readOnly={readOnly}
        value={String(value ?? '')}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
      <datalist id={`${id}-zones`}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  )
}

/** Five fields; says in words what they mean and when it runs next. */
export function CronWidget({ id, hint, value, fallback, params, onChange }: WidgetProps) {
  const t = useTranslations('forms.cron')
  const trpc = useTRPC()
  const { readOnly } = useNodeForm()
  const cron = String(value ?? fallback ?? '')
  const timeZone =
    typeof params.timeZone === 'string' && params.timeZone !== '' ? params.timeZone : Intl.DateTimeFormat().resolvedOptions().timeZone
  const preview = useQuery(
    trpc.schedules.preview.queryOptions({ cron, timeZone }, { enabled: cron.trim().split(/\s+/).length === 5, retry: false }),
  )
  return (
    <div className="flex flex-col gap-1">
      <Input
        id={id}
        size="lg"
        className="mono"
        aria-label={hint.label}
        placeholder={hint.example ?? '0 8 * * 1-5'}
        spellCheck={false}
        readOnly={readOnly}
        value={String(value ?? '')}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
      {preview.data && (
        <p className="text-12 text-text-2">
          {preview.data.words}
          {preview.data.next[0] && ` · ${t('next', { day: formatDay(new Date(preview.data.next[0]), { timeZone, weekday: 'short' }) })}`}
        </p>
      )}
      {preview.isError && <p className="text-12 text-failed">{preview.error.message}</p>}
    </div>
  )
}
