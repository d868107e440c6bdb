'use client'

import { useTranslations } from 'next-intl'
import { DurationInput } from '@/components/forms/time-widgets'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'
import { limits } from '@/workflows/limits'
import { WholeNumber } from './whole-number'

type Rate = WorkflowSettings['rate']
const whenFull = ['queue', 'skip', 'refuse'] as const
const fallback = { everyMs: 60_000, whenFull: 'queue', key: '' } as const

/** How often the workflow may start. */
export function RateSettings({
  rate,
  readOnly,
  problem,
  onChange,
}: {
  rate: Rate
  readOnly: boolean
  problem: string | undefined
  onChange: (rate: Rate) => void
}) {
  const t = useTranslations('editor.workflowSettings')
  return (
    <>
      <div className="flex flex-wrap gap-4">
        <Field label={t('rateRuns')} help={t('rateRunsHelp')} className="min-w-44">
          <WholeNumber
            value={rate?.runs}
            min={1}
            max={1_000}
            readOnly={readOnly}
            onChange={(runs) => onChange(runs === undefined ? undefined : { ...fallback, ...rate, runs })}
          />
        </Field>
        {rate && (
          <>
            <div className="flex flex-col gap-1">
              <span className="text-12 font-medium text-text-2">{t('rateEvery')}</span>
              <DurationInput
                label={t('rateEvery')}
                ms={rate.everyMs}
                readOnly={readOnly}
                onChange={(ms) => onChange({ ...rate, everyMs: Math.min(Math.max(ms ?? fallback.everyMs, 1_000), limits.runWaitMs) })}
              />
            </div>
            <Field label={t('rateWhenFull')} className="min-w-56 flex-1">
              <Select
                size="lg"
                disabled={readOnly}
                value={rate.whenFull}
                onValueChange={(value) => onChange({ ...rate, whenFull: value as (typeof whenFull)[number] })}
                options={whenFull.map((value) => ({ value, label: t(`rateFull.${value}`) }))}
              />
            </Field>
          </>
        )}
      </div>
      {rate && (
        <Field label={t('rateKey')} help={t('keyHelp')} error={problem ?? null}>
          <Input
            size="lg"
            className="mono"
            readOnly={readOnly}
            placeholder="{{ input.customerId }}"
            value={rate.key}
            onChange={(event) => onChange({ ...rate, key: event.target.value })}
          />
        </Field>
      )}
    </>
  )
}
