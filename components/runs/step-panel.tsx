'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { Suspense, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { NodeIcon } from '@/components/canvas/node-icon'
import { CategoryTile } from '@/components/ui/category-tile'
import { loadLater } from '@/components/ui/later'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusBadge } from '@/components/ui/status-badge'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs'
import { WaitLine } from '@/components/ui/wait-line'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { AgentFigures } from './agent-figures'
import { Attempts } from './attempts'
import { ChildRuns } from './child-runs'
import { IterationGrid } from './iteration-grid'
import { isLive, type RunDetail, type StepRow, spanInWords, spanOf, spentBy } from './run-model'
import { aroundOf, type LoopSummary, partsOf } from './run-parts'
import { StepActions } from './step-actions'
import { StepErrorCard } from './step-error-card'
import { StepPayload } from './step-payload'
import { Within } from './step-within'
import { Transcript } from './transcript'

const StepLogs = loadLater(() => import('@/components/step-logs/step-logs').then((module) => module.StepLogs))

interface PartsProps {
  rows: readonly StepRow[]
  loops: ReadonlyMap<string, LoopSummary>
  picked: ReadonlyMap<string, string>
  onPick: (loop: string, iteration: string) => void
  onChoose: (path: string) => void
  onOpenRun: (runId: string) => void
}

/** One step in full: 408 wide. */
export function StepPanel({
  run,
  row,
  nodeId,
  ...parts
}: PartsProps & {
  run: RunDetail
  row: StepRow | null
  nodeId: string | null
}) {
  const t = useTranslations('run.step')
  if (!row) return <NotReached run={run} nodeId={nodeId} />
  return (
    <aside
      aria-label={t('label', { name: row.title })}
      className="flex min-h-0 w-102 shrink-0 flex-col border-l bg-surface phone:w-full phone:border-t phone:border-l-0"
      data-testid="step-panel"
    >
      <Head row={row} />
      {row.look === 'waiting' && row.last.waited && (
        <p
          data-testid="step-waits"
          className="mx-5 mt-3 rounded-md border border-waiting-border bg-waiting-subtle px-3 py-2 text-12 text-text-2"
        >
          <WaitLine wait={row.last.waited} />
        </p>
      )}
      <Within run={run} row={row} {...parts} />
      <Body key={row.path} run={run} row={row} {...parts} />
    </aside>
  )
}

function NotReached({ run, nodeId }: { run: RunDetail; nodeId: string | null }) {
  const t = useTranslations('run.step')
  const node = run.graph.nodes.find((one) => one.id === nodeId)
  return (
    <aside
      aria-label={t('none')}
      className="flex w-102 shrink-0 flex-col gap-2 border-l bg-surface p-5 phone:w-full phone:border-t phone:border-l-0"
    >
      {node && <h2 className="text-14 font-medium">{node.title}</h2>}
      <p className="text-text-2">{node ? (isLive(run) ? t('notYet') : t('notReached')) : t('choose')}</p>
    </aside>
  )
}

function Head({ row }: { row: StepRow }) {
  const t = useTranslations('run.step')
  const definition = row.node && definitionOf(row.node, catalogue)
  const category = definition?.category ?? 'flow'
  return (
    <div className="flex items-center gap-3 px-5 pt-4">
      <CategoryTile category={category}>
        <NodeIcon icon={definition?.icon ?? ''} category={category} />
      </CategoryTile>
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-14 font-medium">{row.title}</h2>
        <p className="truncate text-12 text-text-3">
          {definition?.title ?? row.last.nodeType}
          {row.last.reused && ` · ${t('reused')}`}
        </p>
      </div>
      <StatusBadge filled status={row.look === 'unknown' ? 'failed' : row.look}>
        {row.look === 'succeeded' ? spanInWords(spanOf(row)) : row.look === 'unknown' ? t('unknown') : undefined}
      </StatusBadge>
    </div>
  )
}

function Body({ run, row, rows, loops, picked, onPick, onOpenRun }: PartsProps & { run: RunDetail; row: StepRow }) {
  const t = useTranslations('run.step')
  const trpc = useTRPC()
  const isAgent = row.inner.length > 0
  const loop = loops.get(row.path)
  const isLoop = partsOf(row.node) === 'loop' && aroundOf(row.path)?.container.split('/').at(-1) !== row.last.nodeId
  const [tab, setTab] = useState(
    isLoop ? 'iterations' : isAgent ? 'transcript' : row.attempts.length > 1 || row.last.error ? 'attempts' : 'output',
  )
  const synthetic = isAgent && !row.attempts.some((step) => step.path === row.path && step.hasOutput) && row.last.status === 'started'
  const detail = useQuery(trpc.runs.step.queryOptions({ runId: run.id, path: row.path }, { enabled: !synthetic, staleTime: 0 }))
  const spent = spentBy(row)
  return (
    <>
      {row.last.error && (row.look === 'failed' || row.look === 'retrying' || row.look === 'unknown') && <StepErrorCard row={row} />}
      {detail.data?.given && (
        <p className="px-5 pt-3 text-12 text-text-2">
          {t(detail.data.given.reason ? 'givenWhy' : 'given', {
            name: detail.data.given.by?.name ?? t('somebody'),
            reason: detail.data.given.reason ?? '',
          })}
        </p>
      )}
      {(isAgent || spent.tokens > 0) && <AgentFigures row={row} />}
      <ChildRuns runs={detail.data?.children ?? []} onOpen={onOpenRun} />
      <Tabs value={tab} onValueChange={setTab} className="mt-2 flex min-h-0 flex-1 flex-col">
        <TabsList className="shrink-0 px-4">
          {isLoop && <Tab value="iterations">{t('iterations')}</Tab>}
          {isAgent && <Tab value="transcript">{t('transcript')}</Tab>}
          <Tab value="attempts" count={row.attempts.length > 1 ? row.attempts.length : undefined}>
            {t('attempts')}
          </Tab>
          <Tab value="input">{t('input')}</Tab>
          <Tab value="output">{t('output')}</Tab>
          <Tab value="logs">{t('logs')}</Tab>
        </TabsList>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {isLoop && (
            <TabPanel value="iterations">
              {loop ? (
                <IterationGrid
                  run={run}
                  path={row.path}
                  loop={loop}
                  live={isLive(run)}
                  picked={picked.get(row.path) ?? loop.first}
                  onPick={(iteration) => onPick(row.path, iteration)}
                />
              ) : (
                <Skeleton className="m-5 h-24" />
              )}
            </TabPanel>
          )}
          {isAgent && (
            <TabPanel value="transcript" className="px-5 pt-4 pb-4">
              <Transcript run={run} row={row} />
            </TabPanel>
          )}
          <TabPanel value="attempts" className="px-5 pt-4">
            <Attempts row={row} run={run} />
          </TabPanel>
          <TabPanel value="input">
            <StepPayload detail={detail} pick={(step) => step.input} empty={t('noInput')} name="input" />
          </TabPanel>
          <TabPanel value="output">
            <StepPayload
              detail={detail}
              pick={(step) => step.output}
              empty={row.last.error ? t('noOutput') : t('noOutputYet')}
              name="output"
            />
          </TabPanel>
          <TabPanel value="logs" className="px-5 py-4">
            {detail.data && detail.data.logs.length > 0 ? (
              <Suspense fallback={<Skeleton className="h-24" />}>
                <StepLogs lines={detail.data.logs} startedAt={detail.data.startedAt} />
              </Suspense>
            ) : (
              <p className="text-text-2">{t(detail.data?.payloadsHidden ? 'hidden' : 'noLogs')}</p>
            )}
          </TabPanel>
        </div>
      </Tabs>
      <StepActions run={run} row={row} rows={rows} output={detail.data && !detail.data.payloadsHidden ? detail.data.output : undefined} />
    </>
  )
}
