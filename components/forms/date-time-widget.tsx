'use client'

import { DateTime, IANAZone } from 'luxon'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { formatClock, formatDay, formatRelative } from '@/components/ui/format'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

const localForm = "yyyy-MM-dd'T'HH:mm"
/** Further away its distance is told by its date, which stands there already. */
const nearMs = 6 * 86_400_000

/** A moment by calendar and clock in a zone; stored with the zone's offset, so that it means the same everywhere, and with its name. */
export function DateTimeWidget({ id, hint, value, onChange, problem }: WidgetProps) {
  const t = useTranslations('forms.date')
  const { readOnly } = useNodeForm()
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const home = useTimeZone() ?? own
  const now = useNow(60_000)
  const [chosen, setChosen] = useState<string | null>(null)
  // While the year is typed it is 0002 first: what stands in the field is kept apart from what is stored.
  const [typed, setTyped] = useState<string | null>(null)
  // Without a zone it is read as a step reads it.
  const stored = typeof value === 'string' && value !== '' ? DateTime.fromISO(value, { setZone: true, zone: 'utc' }) : null
  const zone = chosen ?? (stored?.isValid ? zoneOf(stored, home) : home)
  const zones = [...new Set([zone, home, own, 'UTC'])]
  const at = stored?.isValid ? stored.setZone(zone) : null
  const set = (local: string, inZone: string) => {
    const next = DateTime.fromISO(local, { zone: inZone })
    if (!next.isValid) onChange(undefined)
    else if (next.year >= 1000) onChange(next.toISO({ suppressMilliseconds: true, extendedZone: hasName(inZone) }) ?? undefined)
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
          value={typed ?? at?.toFormat(localForm) ?? ''}
          onChange={(event) => {
            setTyped(event.target.value)
            set(event.target.value, zone)
          }}
          onBlur={() => setTyped(null)}
        />
        <Select
          size="lg"
          className="w-52"
          aria-label={t('zone', { field: hint.label })}
          disabled={readOnly}
          value={zone}
          options={[...zones, ...Intl.supportedValuesOf('timeZone').filter((one) => !zones.includes(one))].map((one) => ({
            value: one,
            label: nameOf(one),
          }))}
          onValueChange={(next) => {
            setChosen(next)
            // The clock on the wall stays what was typed; the moment moves.
            if (at) set(at.toFormat(localForm), next)
          }}
        />
      </div>
      {at && (
        <p className="text-12 text-text-2" data-date-words>
          {[
            inWords(at),
            ...(at.offset === at.setZone(home).offset ? [] : [t('there', { when: inWords(at.setZone(home)), zone: nameOf(home) })]),
            ...(Math.abs(at.toMillis() - now) < nearMs ? [formatRelative(at.toJSDate(), now)] : []),
          ].join(' · ')}
        </p>
      )}
      {stored && !stored.isValid && <p className="text-12 text-failed">{t('notADate', { text: String(value) })}</p>}
    </div>
  )
}

/** One that is told by more than its offset. */
const hasName = (zone: string) => zone !== 'UTC' && IANAZone.isValidZone(zone)

/** The zone that was stored; where that is an offset alone, the viewer's if its clocks show the same. */
function zoneOf(stored: DateTime, home: string): string {
  if (stored.zoneName !== null && hasName(stored.zoneName)) return stored.zoneName
  return stored.setZone(home).offset === stored.offset ? home : (stored.zoneName ?? 'UTC')
}

const nameOf = (zone: string) => zone.replaceAll('_', ' ').replace('UTC-', 'UTC−')

/** As the clock on the wall shows it there. Browsers do not know zones that are an offset, so they get it as if it were UTC. */
function inWords(at: DateTime): string {
  const wall = at.setZone('utc', { keepLocalTime: true }).toJSDate()
  return `${formatDay(wall, { timeZone: 'UTC', weekday: 'long', year: true })}, ${formatClock(wall, { timeZone: 'UTC' })}`
}
