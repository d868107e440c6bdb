'use client'

import { Input } from '@/components/ui/input'
import { useTimeZone } from '@/components/ui/time-zone'
import { CronMeaning, useCronMeaning } from './cron-meaning'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

/** Five fields; says in words what they mean and when they fire next. */
export function CronWidget({ id, hint, value, fallback, params, onChange }: WidgetProps) {
  const { readOnly } = useNodeForm()
  const home = useTimeZone()
  const cron = String(value ?? fallback ?? '')
  const timeZone =
    typeof params.timeZone === 'string' && params.timeZone !== ''
      ? params.timeZone
      : (home ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const meaning = useCronMeaning(cron, timeZone)
  return (
    <div className="flex flex-col gap-1">
      <Input
        id={id}
        size="lg"
        className="mono"
        aria-label={hint.label}
        aria-invalid={meaning.refused ? true : undefined}
        placeholder={hint.example ?? '0 8 * * 1-5'}
        spellCheck={false}
        readOnly={readOnly}
        value={String(value ?? '')}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
      {meaning.refused && <p className="text-12 text-failed">{meaning.refused}</p>}
      <CronMeaning meaning={meaning} timeZone={timeZone} />
    </div>
  )
}
