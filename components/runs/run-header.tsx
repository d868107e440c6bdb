'use client'

import { useMutation } from '@tanstack/react-query'
import { ChevronRight, CircleMinus, Pause, Play, RotateCcw, RotateCw } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { nameOfRun, statusOfRun } from '@/components/run-list/run-words'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Duration } from '@/components/ui/duration'
import { Money } from '@/components/ui/money'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge } from '@/components/ui/status-badge'
import { ActDialog, type RunAct } from './act-dialog'
import { ReplayDialog } from './replay-dialog'
import { isLive, type RunDetail, type StepRow } from './run-model'

/** What this is, how it stands and what can be done: 56 high. */
export function RunHeader({ run, rows, reload }: { run: RunDetail; rows: readonly StepRow[]; reload: () => void }) {
  const t = useTranslations('run')
  const { path } = useOrganization()
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b bg-surface py-2 pr-4 pl-5">
      <div className="flex min-w-0 items-center gap-1.5 whitespace-nowrap">
        <Link
          href={path(`/workflows/${run.workflow.id}`)}
          title={run.workflow.name}
          className="max-w-80 truncate rounded-sm text-text-2 hover:text-text"
        >
          {run.workflow.name}
        </Link>
        <ChevronRight aria-hidden className="size-3.5 shrink-0 text-text-3" />
        <h1 className="num font-semibold">{t('name', { name: nameOfRun(run) })}</h1>
        <Badge className="ml-1">{run.version === null ? t('draft') : `v${run.version}`}</Badge>
      </div>
      <StatusBadge filled status={statusOfRun(run)}>
        {run.cancelling ? t('cancelling') : run.status === 'accepted' ? t('accepted') : undefined}
      </StatusBadge>
      <p className="num text-12 text-text-2">
        {t('started')} <RelativeTime at={run.createdAt} /> {t(`by.${run.trigger as 'manual'}`)}
        {run.startedBy?.name && ` (${run.startedBy.name})`}
        <Dot />
        {isLive(run) ? <Duration since={run.startedAt ?? run.createdAt} /> : <Duration ms={run.durationMs} />}
        {run.costMicros > 0 && (
          <>
            <Dot />
            <Money micros={run.costMicros} currency={run.currency} />
          </>
        )}
      </p>
      <span className="flex-1" />
      <Actions run={run} rows={rows} reload={reload} />
    </header>
  )
}

function Dot() {
  return <span className="text-text-3"> · </span>
}

function Actions({ run, rows, reload }: { run: RunDetail; rows: readonly StepRow[]; reload: () => void }) {
  const t = useTranslations('run')
  const trpc = useTRPC()
  const router = useRouter()
  const { path } = useOrganization()
  const [act, setAct] = useState<RunAct | null>(null)
  const [replaying, setReplaying] = useState(false)
  const again = useMutation(trpc.runs.replay.mutationOptions({ onSuccess: ({ runId }) => router.push(path(`/runs/${runId}`)) }))
  return (
    <div className="flex flex-wrap items-center gap-3">
      {run.can.pause && !run.paused && isLive(run) && (
        <Button onClick={() => setAct('pause')}>
          <Pause />
          {t('pause')}
        </Button>
      )}
      {run.can.resume && run.paused && (
        <Button variant="primary" onClick={() => setAct('resume')}>
          <Play />
          {t('resume')}
        </Button>
      )}
      {run.can.replay && !isLive(run) && (
        <Button variant="ghost" pending={again.isPending} onClick={() => again.mutate({ runId: run.id })}>
          <RotateCw />
          {t('again')}
        </Button>
      )}
      {run.can.replay && rows.length > 0 && (
        <Button onClick={() => setReplaying(true)}>
          <RotateCcw />
          {t('replayFrom')}
        </Button>
      )}
      {run.can.cancel && isLive(run) && (
        <Button variant="danger" disabled={run.cancelling} onClick={() => setAct('cancel')}>
          <CircleMinus />
          {t('cancel')}
        </Button>
      )}
      {act && <ActDialog run={run} act={act} onClose={() => setAct(null)} onDone={reload} />}
      {replaying && <ReplayDialog run={run} rows={rows} onClose={() => setReplaying(false)} />}
    </div>
  )
}
