'use client'

import { useQueryClient } from '@tanstack/react-query'
import { ReactFlowProvider } from '@xyflow/react'
import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { Canvas } from '@/components/canvas/canvas'
import { CanvasBar } from '@/components/canvas/canvas-bar'
import { wayOut } from '@/components/canvas/way-out'
import { replaceSearch } from '@/components/frame/url-state'
import { ErrorState } from '@/components/ui/error-state'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import { RunHeader } from './run-header'
import { paintRun, type RunDetail, type StepItem, type StepRow } from './run-model'
import { RunNotices } from './run-notices'
import { pickedBy } from './run-parts'
import { RunSkeleton } from './run-skeleton'
import { RunTrail, useTrail } from './run-trail'
import { StepPanel } from './step-panel'
import { Timeline } from './timeline'
import { useParts } from './use-parts'
import { useRun } from './use-run'

/** What happened in one run: the painted canvas, when each step ran, and one step in full. Runs that it started open in the same place. */
export function RunPage({ runId }: { runId: string }) {
  const { trail, shown, open, backTo } = useTrail(runId)
  return <Place key={shown} runId={shown} trail={trail} onOpenRun={open} onBack={backTo} />
}

interface PlaceProps {
  trail: readonly string[]
  onOpenRun: (runId: string) => void
  onBack: (index: number, step: string | null) => void
}

function Place({ runId, ...place }: PlaceProps & { runId: string }) {
  const t = useTranslations('run')
  const { run, steps, reload } = useRun(runId)
  if (run.isError && !run.data)
    return (
      <>
        <h1 className="sr-only">{t('title')}</h1>
        <ErrorState error={run.error} onRetry={() => run.refetch()} />
      </>
    )
  if (!run.data) return <RunSkeleton />
  return (
    <ReactFlowProvider>
      <Loaded run={run.data} steps={steps} reload={reload} {...place} />
    </ReactFlowProvider>
  )
}

function Loaded({
  run,
  steps,
  reload,
  trail,
  onOpenRun,
  onBack,
}: PlaceProps & { run: RunDetail; steps: readonly StepItem[]; reload: () => void }) {
  const t = useTranslations('run')
  const canvas = useTranslations('editor.canvas')
  const node = useTranslations('editor.node')
  const openPath = useSearchParams().get('step')
  const [chosen, setChosen] = useState(openPath)
  const [picked, setPicked] = useState<ReadonlyMap<string, string>>(() => pickedBy(openPath))
  const { rows, loops } = useParts(run, steps, picked)
  const { paint, edgePaint, labels } = useMemo(
    () =>
      paintRun(
        run,
        rows,
        {
          cancelled: t('paint.cancelled'),
          unknown: t('paint.unknown'),
          calls: (calls, tokens) => t('paint.calls', { calls, tokens }),
          items: (count) => canvas('items', { count }),
          way: (port) => wayOut(port, node),
          toolCalls: (calls, span) => t('paint.toolCalls', { calls, span }),
          iterations: (done, total) => (total === null ? t('paint.rounds', { done }) : t('paint.iterations', { done, total })),
        },
        loops,
      ),
    [run, rows, loops, t, canvas, node],
  )
  // Whoever opens a run wants what needs them first: what failed, what waits, what runs.
  const first =
    rows.find((row) => row.look === 'failed' && row.last.port === null) ??
    rows.find((row) => row.look === 'retrying') ??
    rows.find((row) => row.look === 'waiting') ??
    rows.find((row) => row.look === 'running') ??
    rows.at(-1)
  const current =
    rows.find((row) => row.path === chosen) ??
    (chosen && run.graph.nodes.some((node) => node.id === nodeIdOf(chosen)) ? null : (first ?? null))
  const currentId = current?.last.nodeId ?? (chosen && nodeIdOf(chosen))
  const selection = useMemo(() => new Set(currentId ? [currentId] : []), [currentId])
  /** A step by its path; on the canvas a node is the step that is shown of it. */
  const choose = (step: string) => {
    const path = rows.find((row) => row.path === step)?.path ?? rows.find((row) => row.last.nodeId === step)?.path ?? step
    setChosen(path)
    replaceSearch((search) => search.set('step', path))
  }
  const pick = (loop: string, iteration: string) => setPicked((before) => new Map(before).set(loop, iteration))
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const openStarted = async (row: StepRow) => {
    const { children } = await queryClient.fetchQuery(trpc.runs.step.queryOptions({ runId: run.id, path: row.path }, { staleTime: 0 }))
    const child = children.at(-1)
    if (child) onOpenRun(child.id)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="run" data-status={run.status}>
      <RunTrail run={run} trail={trail} onBack={onBack} />
      <RunHeader run={run} rows={rows} reload={reload} />
      <RunNotices run={run} rows={rows} />
      <div className="flex min-h-0 flex-1 phone:flex-col phone:overflow-y-auto">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col phone:flex-none">
          <div className="flex min-h-0 flex-1 phone:h-64 phone:flex-none">
            <Canvas
              label={t('canvas', { name: run.workflow.name })}
              mode="run"
              graph={run.graph}
              paint={paint}
              edgePaint={edgePaint}
              edgeLabels={labels}
              selection={selection}
              onSelect={(nodes) => {
                const id = nodes.find((one) => one !== currentId) ?? nodes[0]
                if (id) choose(id)
              }}
              onOpen={(nodeId) => {
                const row = rows.find((one) => one.last.nodeId === nodeId)
                if (row) void openStarted(row)
              }}
            >
              <CanvasBar />
            </Canvas>
          </div>
          <Timeline
            run={run}
            rows={rows}
            of={stepsIn(run, rows)}
            current={current?.path ?? null}
            onChoose={choose}
            onOpen={(row) => void openStarted(row)}
          />
        </div>
        <StepPanel
          run={run}
          row={current}
          nodeId={currentId}
          rows={rows}
          loops={loops}
          picked={picked}
          onPick={pick}
          onChoose={choose}
          onOpenRun={onOpenRun}
        />
      </div>
    </div>
  )
}

/** The steps that there are: those of the run itself, and those that are shown of what stands in it. */
function stepsIn(run: RunDetail, rows: readonly StepRow[]) {
  const outside = run.graph.nodes.filter((node) => !node.parent && definitionOf(node, catalogue)?.kind !== 'note').length
  return outside + rows.filter((row) => row.depth > 0).length
}
