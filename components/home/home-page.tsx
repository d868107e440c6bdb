'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus, Store } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useOpenParam } from '@/components/frame/use-open-param'
import { useProject } from '@/components/frame/use-project'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { formatDay } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { ImportWorkflowDialog } from '@/components/workflows/import-workflow-dialog'
import { NewWorkflowDialog } from '@/components/workflows/new-workflow-dialog'
import { TeachingStart } from '@/components/workflows/teaching-start'
import { AttentionCard } from './attention-card'
import { CostCard } from './cost-card'
import { NextCard } from './next-card'
import { RunningCard } from './running-card'
import { WorkflowsCard } from './workflows-card'

/** What is wrong, what is going on, what it cost, what comes next: in this order. */
export function HomePage() {
  const t = useTranslations('home')
  const trpc = useTRPC()
  const { path, can } = useOrganization()
  const { projectId } = useProject()
  const timeZone = useTimeZone()
  const now = useNow(60_000)
  const [making, setMaking] = useOpenParam('new')
  const query = useQuery(trpc.home.overview.queryOptions({ projectId }, { placeholderData: keepPreviousData, refetchInterval: 30_000 }))
  const overview = query.data
  const isNew = overview && overview.counts.workflows === 0
  return (
    <Page
      title={t('title')}
      note={formatDay(new Date(now), { timeZone, weekday: 'long' })}
      actions={
        !isNew && (
          <>
            {can('template.read') && (
              <Button asChild>
                <Link href={path('/marketplace')}>
                  <Store />
                  {t('useTemplate')}
                </Link>
              </Button>
            )}
            {can('workflow.edit') && (
              <Button onClick={() => setMaking('blank')}>
                <Plus />
                {t('newWorkflow')}
              </Button>
            )}
          </>
        )
      }
    >
      {query.isError && !overview && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <HomeSkeleton />}
      {isNew && <TeachingStart onBlank={() => setMaking('blank')} onImport={() => setMaking('import')} />}
      {overview && !isNew && (
        <div className="grid grid-cols-[minmax(0,1fr)_320px] items-start gap-6 max-xl:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-6">
            <AttentionCard items={overview.attention} openDeadLetters={overview.counts.openDeadLetters} />
            <RunningCard
              runs={overview.runningNow}
              latest={overview.latestRuns}
              total={overview.counts.runningRuns + overview.counts.waitingRuns}
            />
            <WorkflowsCard workflows={overview.workflows} />
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            {can('cost.read') && <CostCard cost={overview.cost} />}
            <NextCard next={overview.next} />
          </div>
        </div>
      )}
      <NewWorkflowDialog open={making === 'blank'} onOpenChange={(open) => setMaking(open ? 'blank' : null)} />
      <ImportWorkflowDialog open={making === 'import'} onOpenChange={(open) => setMaking(open ? 'import' : null)} />
    </Page>
  )
}

function HomeSkeleton() {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_320px] gap-6 max-xl:grid-cols-1" aria-busy="true">
      <div className="flex flex-col gap-6">
        <Skeleton className="h-80 rounded-lg" />
        <Skeleton className="h-44 rounded-lg" />
      </div>
      <div className="flex flex-col gap-6">
        <Skeleton className="h-60 rounded-lg" />
        <Skeleton className="h-52 rounded-lg" />
      </div>
    </div>
  )
}
