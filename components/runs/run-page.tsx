'use client'

import { ReactFlowProvider } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { Canvas } from '@/components/canvas/canvas'
import { CanvasBar } from '@/components/canvas/canvas-bar'
import { replaceSearch } from '@/components/frame/url-state'
import { ErrorState } from '@/components/ui/error-state'
import { RunHeader } from './run-header'
import { paintRun, rowsOf } from './run-model'
import { RunNotices } from './run-notices'
import { RunSkeleton } from './run-skeleton'
import { StepPanel } from './step-panel'
import { Timeline } from './timeline'
import { useRun } from './use-run'

/** What happened in one run: the painted canvas, when each step ran, and one step in full. */
export function RunPage({ runId, openPath }: { runId: string; openPath: string | null }) {
  const { run, steps, reload } = useRun(runId)
  if (run.isError && !run.data) return <ErrorState error={run.error} onRetry={() => run.refetch()} />
  if (!run.data) return <RunSkeleton />
  return (
    <ReactFlowProvider>
      <Loaded run={run.data} steps={steps} openPath={openPath} reload={reload} />
    </ReactFlowProvider>
  )
}

function Loaded({
  run,
  steps,
  openPath,
  reload,
}: {
  run: Parameters<typeof rowsOf>[0] & Parameters<typeof RunHeader>[0]['run']
  steps: Parameters<typeof rowsOf>[1]
  openPath: string | null
  reload: () => void
}) {
  const t = useTranslations('run')
  const rows = useMemo(() => rowsOf(run, steps), [run, steps])
  const { paint, edgePaint } = useMemo(
    () =>
      paintRun(run, rows, {
        waiting: t('paint.waiting'),
        cancelled: t('paint.cancelled'),
        unknown: t('paint.unknown'),
        calls: (calls, tokens) => t('paint.calls', { calls, tokens }),
        toolCalls: (calls, span) => t('paint.toolCalls', { calls, span }),
        times: (count, failed) => t('paint.times', { count, failed }),
        rounds: (count) => t('paint.rounds', { count }),
      }),
    [run, rows, t],
  )
  const [chosen, setChosen] = useState(openPath)
  // Whoever opens a run wants what needs them first: what failed, what waits, what runs.
  const first =
    rows.find((row) => row.look === 'failed' && row.last.port === null) ??
    rows.find((row) => row.look === 'retrying') ??
    rows.find((row) => row.look === 'waiting') ??
    rows.find((row) => row.look === 'running') ??
    rows.at(-1)
  const current =
    rows.find((row) => row.path === chosen || row.last.nodeId === chosen) ??
    (chosen && run.graph.nodes.some((node) => node.id === chosen) ? null : (first ?? null))
  const currentId = current?.last.nodeId ?? chosen
  const selection = useMemo(() => new Set(currentId ? [currentId] : []), [currentId])
  const choose = (nodeId: string) => {
    setChosen(nodeId)
    replaceSearch((search) => search.set('step', nodeId))
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="run" data-status={run.status}>
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
              selection={selection}
              onSelect={(nodes) => {
                const id = nodes.find((one) => one !== currentId) ?? nodes[0]
                if (id) choose(id)
              }}
            >
              <CanvasBar />
            </Canvas>
          </div>
          <Timeline run={run} rows={rows} current={current?.path ?? null} onChoose={(path) => choose(path)} />
        </div>
        <StepPanel run={run} row={current} nodeId={currentId} rows={rows} />
      </div>
    </div>
  )
}
