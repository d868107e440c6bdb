'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { durationInWords } from '@/workflows/nodes/flow-wait/duration-in-words'
import { useNodeForm } from './form-context'
import { typedDuration } from './typed-duration'
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
  const noteId = useId()
  const [text, setText] = useState<string | null>(null)
  const [unit, setUnit] = useState<Unit>(() => bestUnit(shown))
  const size = units.find((one) => one.unit === unit)?.ms ?? 1_000
  const broken = text !== null && text.trim() !== '' && typedDuration(text, size) === null
  const options = units.map((one) => ({ value: one.unit, label: t(one.unit) }))
  return (
    <div className="flex items-center gap-2">
      <Input
        id={id}
        size="lg"
        inputMode="text"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        aria-invalid={broken || undefined}
        aria-describedby={broken ? noteId : undefined}
        title={t('help')}
        className="num w-28"
        readOnly={readOnly}
        placeholder={fallback === undefined ? '' : String(fallback / size)}
        value={text ?? (ms === undefined ? '' : String(ms / size))}
        onChange={(event) => {
          const typed = event.target.value
          setText(typed)
          const read = typedDuration(typed, size)
          if (typed.trim() === '') onChange(undefined)
          else if (read !== null) onChange(read)
        }}
        onBlur={() => {
          const read = text === null ? null : typedDuration(text, size)
          // What was typed with units is shown as a number of the one that fits.
          if (read !== null && !isPlain(text ?? '')) setUnit(bestUnit(read))
          setText(null)
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
      {broken && (
        <span id={noteId} className="text-12 text-failed">
          {t('notADuration')}
        </span>
      )}
      {!broken && ms !== undefined && ((text !== null && !isPlain(text)) || units.some((larger) => larger.ms > size && ms > larger.ms)) && (
        <span className="num text-12 whitespace-nowrap text-text-3" data-duration-words>
          {durationInWords(ms)}
        </span>
      )}
    </div>
  )
}

const isPlain = (text: string) => /^\s*[\d.,]*\s*$/.test(text)

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
