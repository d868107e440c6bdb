'use client'

import { useTranslations } from 'next-intl'
import { useOrganization } from '@/components/frame/organization'
import { CronInput } from '@/components/schedules/cron-field'
import { hasBothDayFields } from '@/components/schedules/cron-text'
import { TimeZoneInput } from '@/components/schedules/time-zone-input'
import { Field } from '@/components/ui/field'
import { RadioList } from '@/components/ui/radio-list'
import { Select } from '@/components/ui/select'
import type { Blank, BlankValues } from './blank'

type Times = Extract<BlankValues[string], { cron: string }>

/** When the workflow starts by itself, or that this is decided later. */
export function ScheduleBlank({
  blank,
  value,
  onChange,
}: {
  blank: Blank
  value: Times | null
  onChange: (value: Times | undefined) => void
}) {
  const t = useTranslations('marketplace.schedule')
  const words = useTranslations('schedules.form')
  const { can, timeZone } = useOrganization()
  return (
    <div className="flex flex-col gap-3">
      <Field label={t('label', { step: blank.label })} help={blank.help}>
        <Select
          value={value ? 'now' : 'later'}
          disabled={!can('schedule.edit')}
          onValueChange={(next) => onChange(next === 'now' ? { cron: '0 9 * * 1-5', timeZone } : undefined)}
          options={[
            { value: 'later', label: t('later') },
            { value: 'now', label: t('now') },
          ]}
        />
      </Field>
      {value && (
        <>
          <CronInput value={value.cron} timeZone={value.timeZone} onChange={(cron) => onChange({ cron, timeZone: value.timeZone })} />
          {hasBothDayFields(value.cron) && (
            <Field label={words('bothDays')}>
              <RadioList
                value={value.bothDayFields}
                onValueChange={() => onChange({ ...value, bothDayFields: 'either' })}
                options={[{ value: 'either', label: words('either'), description: words('eitherHelp') }]}
              />
            </Field>
          )}
          <Field label={words('timeZone')}>
            <TimeZoneInput value={value.timeZone} onChange={(event) => onChange({ ...value, timeZone: event.target.value })} />
          </Field>
        </>
      )}
    </div>
  )
}
