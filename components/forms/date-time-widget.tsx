'use client'

import { DateTime } from 'luxon'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { formatClock, formatDay, formatRelative } from '@/components/ui/format'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

/** A moment by calendar and clock in a zone; stored with the zone's offset, so that it means the same everywhere. */
export function DateTimeWidget({ id, hint, value, onChange, problem }: WidgetProps) {
  const t = useTranslations('forms.date')
  const { readOnly } = useNodeForm()
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const home = useTimeZone() ?? own
  const now = useNow(60_000)
  const [zone, setZone] = useState(home)
  const zones = [...new Set([home, own, 'UTC'])]
  const stored = typeof value === 'string' && value !== '' ? DateTime.fromISO(value, { setZone: true }) : null
  const at = stored?.isValid ? stored.setZone(zone) : null
  const set = (local: string, inZone: string) => {
    const next = DateTime.fromISO(local, { zone: inZone })
    onChange(next.isValid ? (next.toISO({ suppressMilliseconds: true }) ?? undefined) : undefined)
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <Input
          id={id}
          size="lg"
          type="datetime-local"
          aria-label={hint.label}
          aria-invalid={problem ? true : undefined}
          className="num w-56"
          readOnly={readOnly}
          value={at?.toFormat("yyyy-MM-dd'T'HH:mm") ?? ''}
          onChange={(event) => (event.target.value === '' ? onChange(undefined) : set(event.target.value, zone))}
        />
        <Select
          size="lg"
          className="w-52"
          aria-label={t('zone', { field: hint.label })}
          disabled={readOnly}
          value={zone}
          options={[
            ...zones.map((one) => ({ value: one, label: one.replaceAll('_', ' ') })),
            ...Intl.supportedValuesOf('timeZone')
              .filter((one) => !zones.includes(one))
              .map((one) => ({ value: one, label: one.replaceAll('_', ' ') })),
          ]}
          onValueChange={(next) => {
            setZone(next)
            // The clock on the wall stays what was typed; the moment moves.
            if (at) set(at.toFormat("yyyy-MM-dd'T'HH:mm"), next)
          }}
        />
      </div>
      {at && <p className="text-12 text-text-2">{`${inWords(at.toJSDate(), zone)} · ${formatRelative(at.toJSDate(), now)}`}</p>}
      {stored && !stored.isValid && <p className="text-12 text-failed">{t('notADate', { text: String(value) })}</p>}
    </div>
  )
}

function inWords(at: Date, timeZone: string): string {
  return `${formatDay(at, { timeZone, weekday: 'long', year: true })}, ${formatClock(at, { timeZone })}`
}
