'use client'

import { CircleX } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { roundSeconds } from '@/components/ui/format'
import { Sentence } from '@/components/ui/sentence'
import { useNow } from '@/components/ui/time-zone'
import { spoken } from '@/workflows/words/spoken'
import type { StepRow } from './run-model'

/** What went wrong at a step, when it is tried again, and what else is known. */
export function StepErrorCard({ row }: { row: StepRow }) {
  const t = useTranslations('run.step')
  const { error, retryAt } = row.last
  const now = useNow(1000)
  const [open, setOpen] = useState(false)
  if (!error) return null
  return (
    <div className="px-5 pt-3 pb-2">
      <div role="alert" className="flex flex-col gap-2 rounded-lg border border-failed-border bg-failed-subtle p-3">
        <div className="flex items-start gap-2">
          <CircleX aria-hidden className="mt-px size-4 shrink-0 text-failed" />
          <div className="min-w-0 flex-1">
            <p className="leading-[18px] font-medium break-words text-failed">
              <Sentence text={spoken(error.message)} />
            </p>
            {error.hint && (
              <p className="mt-1 text-12 text-text-2">
                <Sentence text={spoken(error.hint)} />
              </p>
            )}
          </div>
        </div>
        {row.look === 'retrying' && retryAt && (
          <p className="num pl-6 text-12 font-medium">
            {t('tryIn', { attempt: row.last.attempt + 1, of: row.triesAtMost, in: roundSeconds(Math.max(0, retryAt.getTime() - now)) })}
          </p>
        )}
        {error.details !== undefined && error.details !== null && (
          <div className="pl-6">
            <button
              type="button"
              aria-expanded={open}
              className="text-12 font-medium text-text-2 hover:text-text"
              onClick={() => setOpen(!open)}
            >
              {open ? t('hideDetails') : t('showDetails')}
            </button>
            {open && (
              <pre className="mono mt-1 max-h-48 overflow-auto rounded-md border bg-surface p-2 break-words whitespace-pre-wrap text-text-2">
                {asText(error.details)}
              </pre>
            )}
          </div>
        )}
      </div>
    </div>
  )
}

function asText(value: unknown) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
