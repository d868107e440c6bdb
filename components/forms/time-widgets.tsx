'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { durationInWords } from '@/workflows/nodes/flow-wait/duration-in-words'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

const units = [
  { unit: 'days', ms: 86_400_000 },
  { unit: 'hours', ms: 3_600_000 },
  { unit: 'minutes', ms: 60_000 },
  { unit: 'seconds', ms: 1_000 },
] as const

type Unit = (typeof units)[number]['unit']

/** Milliseconds as a number of days, hours, minutes or seconds. */
export function DurationWidget({ id, hint, value, fallback, onChange }: WidgetProps) {
  const { readOnly } = useNodeForm()
  return (
    <DurationInput
      id={id}
      label={hint.label}
      ms={typeof value === 'number' ? value : undefined}
      fallback={typeof fallback === 'number' ? fallback : undefined}
      readOnly={readOnly}
      onChange={onChange}
    />
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
      {/* 90 minutes are read as what they are. */}
      {ms !== undefined && units.some((larger) => larger.ms > size && ms > larger.ms) && (
        <span className="num text-12 whitespace-nowrap text-text-3" data-duration-words>
          {durationInWords(ms)}
        </span>
      )}
    </div>
  )
}

function bestUnit(ms: number | undefined): Unit {
  if (!ms) return 'minutes'
  return units.find((one) => ms % one.ms === 0)?.unit ?? 'seconds'
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
