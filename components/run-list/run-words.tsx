'use client'

import {
  Braces,
  CalendarClock,
  FlaskConical,
  type LucideIcon,
  MousePointerClick,
  RotateCcw,
  Siren,
  SquareTerminal,
  Webhook,
  Workflow,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { Outputs } from '@/components/api/trpc'
import { RelativeTime } from '@/components/ui/relative-time'
import { Sentence } from '@/components/ui/sentence'
import { spoken } from '@/workflows/words/spoken'

export type RunRow = Outputs['runs']['list']['items'][number]

export const triggerIcons: Record<string, LucideIcon> = {
  manual: MousePointerClick,
  webhook: Webhook,
  schedule: CalendarClock,
  api: SquareTerminal,
  replay: RotateCcw,
  example: FlaskConical,
  test: FlaskConical,
  workflow: Workflow,
  error: Siren,
}

/** What the list says of a run: its letter when it failed into the queue, its retry while it waits for one. */
export function statusOfRun(run: Pick<RunRow, 'status' | 'deadLetterId' | 'waitingFor' | 'paused'>) {
  if (run.status === 'failed' && run.deadLetterId) return 'dead_letter'
  if (run.status === 'waiting' && run.paused) return 'paused'
  if (run.status === 'waiting' && (run.waitingFor?.kind === 'retry' || run.waitingFor?.kind === 'circuit')) return 'retrying'
  return run.status
}

export function isUnfinished(run: { status: string }) {
  return run.status === 'accepted' || run.status === 'running' || run.status === 'waiting'
}

/** The end of the id is enough to tell runs apart. */
export function nameOfRun(run: { id: string }) {
  return run.id.slice(-6)
}

export function TriggerWords({ run }: { run: { trigger: string; startedBy: { name: string } | null } }) {
  const t = useTranslations('runs')
  const Icon = triggerIcons[run.trigger] ?? Braces
  const known = run.trigger in triggerIcons ? t(`trigger.${run.trigger}`) : run.trigger
  return (
    <span className="flex items-center gap-1.5 text-text-2" title={run.startedBy?.name}>
      <Icon aria-hidden className="size-4 text-text-3" />
      {run.startedBy && run.trigger === 'manual' ? run.startedBy.name : known}
    </span>
  )
}

/** One line on what goes on in a run. */
export function GoingOn({ run }: { run: RunRow }) {
  const t = useTranslations('runs')
  if (run.error) {
    const text = run.error.nodeTitle
      ? t('failedAt', { step: run.error.nodeTitle, message: spoken(run.error.message) })
      : spoken(run.error.message)
    return (
      <span className="block max-w-90 truncate" title={text}>
        <Sentence text={spoken(run.error.message)} />
      </span>
    )
  }
  const waiting = run.waitingFor
  const waits = run.cancelling
    ? t('cancelling')
    : waiting && t(`waits.${waitWord(waiting)}`, { host: waiting.circuit?.host ?? '', queue: waiting.queue ?? '' })
  const words = [waiting?.nodeTitle ?? run.currentStep, waits].filter(Boolean).join(', ')
  return (
    <span className="flex max-w-90 whitespace-pre">
      <span className="truncate">{words}</span>
      {waits && waiting && (
        <span className="shrink-0 text-text-3">
          {' · '}
          <RelativeTime at={waiting.since} bare />
        </span>
      )}
    </span>
  )
}

/** Which words say what the run waits for: a queue of its own is named. */
export function waitWord({ kind, queue = 'default' }: NonNullable<RunRow['waitingFor']>) {
  if (kind !== 'worker' || queue === 'default') return kind
  return queue === 'memory' ? 'memory' : 'queue'
}
