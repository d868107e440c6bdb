'use client'

import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useOrganization } from '@/components/frame/organization'
import { GoingOn, isUnfinished, type RunRow, statusOfRun } from '@/components/run-list/run-words'
import { Card, CardHead } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Duration } from '@/components/ui/duration'
import { Money } from '@/components/ui/money'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge } from '@/components/ui/status-badge'
import { StepMarks } from '@/components/ui/step-marks'
import { PlainTable, Td } from '@/components/ui/table'

/** What runs; when nothing does, what ran last. */
export function RunningCard({ runs, latest, total }: { runs: RunRow[]; latest: RunRow[]; total: number }) {
  const t = useTranslations('home')
  const { path } = useOrganization()
  const running = runs.length > 0
  const shown = (running ? runs : latest).slice(0, 6)
  return (
    <Card className="overflow-hidden">
      <CardHead title={t(running ? 'running' : 'latest')} count={running ? total : undefined}>
        <Link href={path('/runs')} className="flex items-center gap-2 text-12 text-text-3 hover:text-text">
          {t('allRuns')}
          <ChevronRight aria-hidden className="size-3.5" />
        </Link>
      </CardHead>
      {shown.length === 0 ? (
        <p className="px-4 py-5 text-text-2">{t('nothingRan')}</p>
      ) : (
        <PlainTable aria-label={t(running ? 'running' : 'latest')} className="table-fixed">
          <tbody className="[&_tr:last-child_td]:border-b-0">
            {shown.map((run) => (
              <tr key={run.id} className="hover:bg-hover">
                <Td className={cn('truncate pl-4 phone:w-auto', running ? 'w-48' : 'w-2/5')}>
                  <span className="flex items-center gap-2">
                    <StatusMark run={run} />
                    <Link href={path(`/runs/${run.id}`)} title={run.workflow.name} className="truncate font-medium hover:underline">
                      {run.workflow.name}
                    </Link>
                  </span>
                </Td>
                <Td className="truncate text-text-2 phone:hidden">
                  <GoingOn run={run} />
                </Td>
                <Td className="w-40 phone:hidden">
                  <StepMarks marks={run.steps.slice(-12)} />
                </Td>
                <Td align="right" className="w-24 text-text-2">
                  {running ? (
                    <Duration ms={run.durationMs} since={isUnfinished(run) ? (run.startedAt ?? run.createdAt) : null} />
                  ) : (
                    <RelativeTime at={run.createdAt} />
                  )}
                </Td>
                <Td align="right" className="w-20 pr-4 text-text-2 phone:hidden">
                  <Money micros={run.costMicros} currency={run.currency} />
                </Td>
              </tr>
            ))}
          </tbody>
        </PlainTable>
      )}
    </Card>
  )
}

function StatusMark({ run }: { run: RunRow }) {
  return (
    <StatusBadge status={statusOfRun(run)} className="[&>span]:sr-only">
      <StatusWord status={statusOfRun(run)} />
    </StatusBadge>
  )
}

function StatusWord({ status }: { status: string }) {
  const words = useTranslations('ui')
  return <span>{words(`status.${status === 'accepted' ? 'queued' : status}`)}</span>
}
