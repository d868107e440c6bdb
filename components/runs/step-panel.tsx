'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleX, FlaskConical, PenLine, RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { roundSeconds } from '@/components/canvas/node-card'
import { NodeIcon } from '@/components/canvas/node-icon'
import { DataLookSwitch, ValueView } from '@/components/data-view/data-view'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { CategoryTile } from '@/components/ui/category-tile'
import { CopyButton } from '@/components/ui/copy-button'
import { ErrorState } from '@/components/ui/error-state'
import { formatBytes } from '@/components/ui/format'
import { Money } from '@/components/ui/money'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusBadge } from '@/components/ui/status-badge'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs'
import { useNow } from '@/components/ui/time-zone'
import { toast } from '@/components/ui/toaster'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { spoken } from '@/workflows/words/spoken'
import { AgentFigures } from './agent-figures'
import { Attempts } from './attempts'
import { ChildRuns } from './child-runs'
import { IterationGrid } from './iteration-grid'
import { ReplayDialog } from './replay-dialog'
import { isLive, type RunDetail, type StepRow, spanInWords, spanOf, spentBy } from './run-model'
import { aroundOf, type LoopSummary, partsOf } from './run-parts'
import { SetOutputDialog, takesResult } from './set-output-dialog'
import { Within } from './step-within'
import { Transcript } from './transcript'

export type StepDetail = Outputs['runs']['step']

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
      {row.last.error && (row.look === 'failed' || row.look === 'retrying' || row.look === 'unknown') && <ErrorCard row={row} />}
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
        <TabsList className="shrink-0 px-5">
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
            <Payload detail={detail} pick={(step) => step.input} empty={t('noInput')} name="input" />
          </TabPanel>
          <TabPanel value="output">
            <Payload detail={detail} pick={(step) => step.output} empty={row.last.error ? t('noOutput') : t('noOutputYet')} name="output" />
          </TabPanel>
          <TabPanel value="logs" className="px-5 py-4">
            {detail.data && detail.data.logs.length > 0 ? (
              <ol className="mono flex flex-col rounded-md border bg-sunken px-3 py-2 leading-5 break-words whitespace-pre-wrap text-text-2">
                {detail.data.logs.map((line, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
                  <li key={index}>{spoken(line)}</li>
                ))}
              </ol>
            ) : (
              <p className="text-text-2">{t('noLogs')}</p>
            )}
          </TabPanel>
        </div>
      </Tabs>
      <Foot run={run} row={row} rows={rows} output={detail.data && !detail.data.payloadsHidden ? detail.data.output : undefined} />
    </>
  )
}

function ErrorCard({ row }: { row: StepRow }) {
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
            <p className="leading-[18px] font-medium break-words text-failed">{spoken(error.message)}</p>
            {error.hint && <p className="mt-1 text-12 text-text-2">{spoken(error.hint)}</p>}
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

function Payload({
  detail,
  pick,
  empty,
  name,
}: {
  detail: { data?: StepDetail; isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown; fetchStatus: string }
  pick: (step: StepDetail) => Json
  empty: string
  name: string
}) {
  const t = useTranslations('run.step')
  const [look, setLook] = useState<'json' | 'tree' | 'table'>('json')
  if (detail.isError) return <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
  if (!detail.data) return detail.fetchStatus === 'idle' ? <p className="p-5 text-text-2">{empty}</p> : <Skeleton className="m-5 h-24" />
  if (detail.data.payloadsHidden) return <p className="p-5 text-text-2">{t('hidden')}</p>
  const value = pick(detail.data)
  if (value === null || value === undefined) return <p className="p-5 text-text-2">{empty}</p>
  return (
    <div className="py-3">
      <div className="mb-1 flex items-center gap-2 px-5">
        <DataLookSwitch label={t('look')} value={look} onChange={setLook} looks={['json', 'tree', 'table'] as const} />
        <span className="flex-1" />
        {name === 'output' && detail.data.outputBytes !== null && (
          <span className="num text-12 text-text-3">{t('cut', { size: formatBytes(detail.data.outputBytes) })}</span>
        )}
        <CopyButton value={JSON.stringify(value, null, 2)} />
      </div>
      <ValueView value={value} look={look} name={name} />
    </div>
  )
}

function Foot({ run, row, rows, output }: { run: RunDetail; row: StepRow; rows: readonly StepRow[]; output: Json | undefined }) {
  const t = useTranslations('run.step')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const [replaying, setReplaying] = useState(false)
  const [setting, setSetting] = useState(false)
  const pin = useMutation(trpc.drafts.pin.mutationOptions({ onSuccess: () => toast.success(t('pinned')) }))
  const canReplay = run.can.replay && !isLive(run)
  const canSet = can('run.start') && takesResult(run, row)
  const canPin = can('workflow.edit') && output !== undefined && output !== null && row.look === 'succeeded'
  if (!canReplay && !canSet && !canPin && row.last.costMicros === 0) return null
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-t px-5 py-3">
      {canReplay && (
        <Button onClick={() => setReplaying(true)}>
          <RotateCcw />
          {t('replayFrom')}
        </Button>
      )}
      {canSet && (
        <Button onClick={() => setSetting(true)}>
          <PenLine />
          {t('setOutput')}
        </Button>
      )}
      {canPin && (
        <Button
          variant="ghost"
          pending={pin.isPending}
          onClick={() => output !== undefined && pin.mutate({ workflowId: run.workflow.id, nodeId: row.last.nodeId, output })}
        >
          <FlaskConical />
          {t('useAsTest')}
        </Button>
      )}
      <span className="flex-1" />
      {row.last.costMicros > 0 && <Money micros={row.last.costMicros} currency={row.last.currency} className="text-12 text-text-2" />}
      {setting && <SetOutputDialog run={run} row={row} onClose={() => setSetting(false)} />}
      {replaying && <ReplayDialog run={run} rows={rows} fromPath={row.path} onClose={() => setReplaying(false)} />}
    </div>
  )
}
