'use client'

import { CircleDashed, Mail } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { wayOut } from '@/components/canvas/way-out'
import { cn } from '@/components/ui/cn'
import { formatClock, formatDuration, roundSeconds } from '@/components/ui/format'
import { Sentence } from '@/components/ui/sentence'
import { StatusIcon } from '@/components/ui/status-icon'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { portsIn } from '@/workflows/graph/taken-ports'
import { spoken } from '@/workflows/words/spoken'
import { type RunDetail, type StepItem, type StepRow, spanInWords, tookMs } from './run-model'

/** Every try of a step, the next one, and what happens after the last. */
export function Attempts({ row, run }: { row: StepRow; run: RunDetail }) {
  const t = useTranslations('run.attempts')
  const ports = useTranslations('editor.node')
  const timeZone = useTimeZone()
  const now = useNow(1000)
  const retryAt = row.look === 'retrying' ? row.last.retryAt : null
  const goesOnFailing = row.node?.settings.onError === 'fail'
  return (
    <ol data-testid="attempts">
      {row.attempts.map((step, index) => (
        <Entry
          key={step.attempt}
          icon={<StatusIcon status={iconOf(step, row, index)} />}
          title={t('try', { number: step.attempt })}
          line={step.reused ? t('reused') : wordsOf(step, row, index, t, ports)}
          at={formatClock(step.startedAt, { timeZone, seconds: true })}
          span={
            step.status === 'started' || (step.status === 'waiting' && row.runEnded === null)
              ? roundSeconds(Math.max(0, now - step.startedAt.getTime()))
              : spanInWords(tookMs(row, step))
          }
          last={index === row.attempts.length - 1 && !retryAt}
        />
      ))}
      {retryAt && (
        <Entry
          icon={<CircleDashed aria-hidden className="size-4 text-text-3" />}
          title={t('try', { number: row.last.attempt + 1 })}
          line={t('waits', {
            span: formatDuration(Math.max(0, retryAt.getTime() - row.last.startedAt.getTime() - row.last.durationUs / 1000)),
            number: row.last.attempt,
          })}
          at={<span className="font-medium text-text">{t('in', { span: roundSeconds(Math.max(0, retryAt.getTime() - now)) })}</span>}
          dotted
        />
      )}
      {retryAt && (
        <Entry
          icon={<Mail aria-hidden className="size-4 text-text-3" />}
          title={
            <span className="font-normal text-text-2">
              {goesOnFailing ? t('after', { number: row.triesAtMost }) : t('afterGoesOn', { number: row.triesAtMost })}
            </span>
          }
          last
        />
      )}
      {run.status === 'failed' && row.look === 'failed' && row.triesAtMost > 1 && row.attempts.length < row.triesAtMost && (
        <li className="pb-3 pl-7 text-12 text-text-2">{t('notWorthIt')}</li>
      )}
    </ol>
  )
}

function Entry({
  icon,
  title,
  line,
  at,
  span,
  last,
  dotted,
}: {
  icon: ReactNode
  title: ReactNode
  line?: ReactNode
  at?: ReactNode
  span?: ReactNode
  last?: boolean
  dotted?: boolean
}) {
  return (
    <li className="relative grid grid-cols-[20px_1fr_auto] gap-x-2 gap-y-1 pb-3">
      {!last && (
        <span
          aria-hidden
          className={cn('absolute top-5 bottom-0 left-[7px] border-l-[1.5px] border-border-strong', dotted && 'border-dotted')}
        />
      )}
      <span className="pt-0.5">{icon}</span>
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        {line && <p className="text-12 break-words text-text-2">{line}</p>}
      </div>
      <div className="num pt-0.5 text-right text-12 text-text-3">
        {at}
        {span && <div>{span}</div>}
      </div>
    </li>
  )
}

function iconOf(step: StepItem, row: StepRow, index: number) {
  if (index === row.attempts.length - 1 && row.look !== 'retrying') return row.look === 'unknown' ? 'failed' : row.look
  return step.status === 'started' || step.status === 'unknown' ? 'cancelled' : step.status
}

function wordsOf(
  step: StepItem,
  row: StepRow,
  index: number,
  t: ReturnType<typeof useTranslations<'run.attempts'>>,
  ports: Parameters<typeof wayOut>[1],
) {
  if (step.error) return <Sentence text={spoken(step.error.message)} />
  if (step.status === 'succeeded')
    return step.port && step.port !== 'main'
      ? t('leftBy', {
          port: portsIn(step.port)
            .map((port) => wayOut(port, ports))
            .join(', '),
        })
      : t('succeeded')
  if (step.status === 'waiting') return t('waiting')
  if (step.status === 'started') return index < row.attempts.length - 1 ? t('lost') : row.look === 'running' ? t('running') : t('unknown')
  return t('unknown')
}
