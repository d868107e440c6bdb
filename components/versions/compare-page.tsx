'use client'

import { useQuery } from '@tanstack/react-query'
import { ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { ArrowRight, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { Canvas } from '@/components/canvas/canvas'
import { CanvasBar } from '@/components/canvas/canvas-bar'
import { useOrganization } from '@/components/frame/organization'
import { replaceSearch } from '@/components/frame/url-state'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { motionMs } from '@/components/ui/motion'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { DiffList } from './diff-list'
import { mergedGraph } from './merged-graph'
import { useVersions } from './version-list'

/** Two versions on one canvas and, beside it, every field that differs. */
export function ComparePage({ workflowId }: { workflowId: string }) {
  const t = useTranslations('versions.compare')
  const v = useTranslations('versions')
  const trpc = useTRPC()
  const { path } = useOrganization()
  const search = useSearchParams()
  const workflow = useQuery(trpc.workflows.get.queryOptions({ workflowId }))
  const versions = useVersions(workflowId)
  const list = versions.data?.pages.flatMap((page) => page.items) ?? []
  const from = search.get('from') ?? workflow.data?.live?.versionId ?? list[0]?.id
  const to = search.get('to') ?? 'draft'
  const options = [
    { value: 'draft', label: t('draft') },
    ...list.map((one) => ({
      value: one.id,
      label: `v${one.number}${one.tags.includes('live') ? ` · ${t('live')}` : ''}${one.note ? ` · ${one.note.slice(0, 40)}` : ''}`,
    })),
  ]
  if (workflow.isError)
    return (
      <>
        <h1 className="sr-only">{t('title')}</h1>
        <ErrorState error={workflow.error} onRetry={() => workflow.refetch()} />
      </>
    )
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-14 shrink-0 flex-wrap items-center gap-2 border-b px-5 phone:px-4 phone:py-2">
        <div className="flex min-w-48 flex-1 items-center gap-2 phone:basis-full">
          {workflow.data ? (
            <Link href={path(`/workflows/${workflowId}`)} className="truncate text-text-2 hover:text-text">
              {workflow.data.name}
            </Link>
          ) : (
            <Skeleton className="w-32" />
          )}
          <ChevronRight aria-hidden className="size-3.5 shrink-0 text-text-3" />
          <h1 className="shrink-0 font-semibold">{t('title')}</h1>
        </div>
        <Select
          className="w-80 phone:w-[calc(50%-1rem)]"
          aria-label={t('from')}
          value={from}
          options={options}
          onValueChange={(value) => replaceSearch((next) => next.set('from', value))}
        />
        <ArrowRight aria-hidden className="size-4 text-text-3" />
        <Select
          className="w-80 phone:w-[calc(50%-1rem)]"
          aria-label={t('to')}
          value={to}
          options={options}
          onValueChange={(value) => replaceSearch((next) => next.set('to', value))}
        />
      </div>
      {versions.data && list.length === 0 ? (
        <EmptyState title={v('none')} description={v('noneLine')} />
      ) : from && workflow.data ? (
        <ReactFlowProvider key={`${from}/${to}`}>
          <Comparison workflowId={workflowId} from={from} to={to} draft={workflow.data.draft.graph} />
        </ReactFlowProvider>
      ) : (
        <Skeleton className="m-6 h-96" />
      )}
    </div>
  )
}

type GraphOf = Parameters<typeof mergedGraph>[0]

function Comparison({ workflowId, from, to, draft }: { workflowId: string; from: string; to: string; draft: GraphOf }) {
  const t = useTranslations('versions.compare')
  const trpc = useTRPC()
  const diff = useQuery(trpc.workflows.compare.queryOptions({ workflowId, from: from as 'draft', to: to as 'draft' }, { staleTime: 0 }))
  const before = useQuery(trpc.workflows.version.queryOptions({ versionId: from }, { enabled: from !== 'draft' }))
  const after = useQuery(trpc.workflows.version.queryOptions({ versionId: to }, { enabled: to !== 'draft' }))
  const graphs = { before: from === 'draft' ? draft : before.data?.graph, after: to === 'draft' ? draft : after.data?.graph }
  const [chosen, setChosen] = useState<string | null>(null)
  const { setCenter } = useReactFlow()
  const merged = useMemo(
    () => (graphs.before && graphs.after && diff.data ? mergedGraph(graphs.before, graphs.after, diff.data) : null),
    [graphs.before, graphs.after, diff.data],
  )
  const selection = useMemo(() => new Set(chosen ? [chosen] : []), [chosen])
  const failed = diff.error ?? before.error ?? after.error
  if (failed) return <ErrorState error={failed} onRetry={() => void diff.refetch()} />
  if (!merged || !diff.data) return <Skeleton className="m-6 h-96" />
  return (
    <div className="flex min-h-0 flex-1 phone:flex-col">
      <Canvas
        label={t('canvas')}
        mode="compare"
        graph={merged.graph}
        paint={merged.paint}
        edgePaint={merged.edgePaint}
        selection={selection}
        onSelect={([first]) => setChosen(first ?? null)}
      >
        <CanvasBar />
      </Canvas>
      <aside
        className="w-120 shrink-0 overflow-y-auto border-l bg-surface p-5 phone:h-1/2 phone:w-full phone:border-t phone:border-l-0 phone:p-4"
        aria-label={t('list')}
      >
        <DiffList
          diff={diff.data}
          onShow={(nodeId) => {
            setChosen(nodeId)
            const node = merged.graph.nodes.find((one) => one.id === nodeId)
            if (node) void setCenter(node.position.x + 104, node.position.y + 28, { zoom: 1, duration: motionMs(200) })
          }}
        />
      </aside>
    </div>
  )
}
