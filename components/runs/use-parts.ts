import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { isLive, type RunDetail, type StepItem } from './run-model'
import { type LoopSummary, showParts } from './run-parts'
import { useStepsQuery } from './use-run'

/** Counting a long loop reads all its steps; a reader of a run that lives does not need it by the second. */
const recount = (begun: number) => (begun > 2_000 ? 15_000 : 2_000)

/** The rows of a run with what stands in its containers, loaded as they are opened. */
export function useParts(run: RunDetail, steps: readonly StepItem[], picked: ReadonlyMap<string, string>) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const stepsQuery = useStepsQuery(run.id)
  const live = isLive(run)
  const loopQuery = (path: string) => trpc.runs.loop.queryOptions({ runId: run.id, path }, { staleTime: 1_000 })
  const sectionQuery = (path: string) =>
    trpc.runs.iterations.queryOptions({ runId: run.id, path, from: 0, count: 100 }, { staleTime: 1_000 })
  // What is there decides what is asked for next: a loop's count, then the steps of one iteration, then what stands in that.
  const shown = showParts(
    run,
    {
      steps: (prefix) =>
        prefix === '' ? steps : (queryClient.getQueryData<{ items: StepItem[] }>(stepsQuery(prefix).queryKey)?.items ?? null),
      first: (path) => queryClient.getQueryData(loopQuery(path).queryKey)?.first ?? null,
      sections: (path) => queryClient.getQueryData(sectionQuery(path).queryKey)?.items.map((one) => one.iteration) ?? null,
    },
    picked,
  )
  const counted = useQueries({
    queries: shown.loops.map((path) => ({
      ...loopQuery(path),
      refetchInterval: live ? (query: { state: { data?: LoopSummary } }) => recount(query.state.data?.begun ?? 0) : (false as const),
    })),
  })
  useQueries({ queries: shown.containers.map((path) => ({ ...sectionQuery(path), refetchInterval: live ? 2_000 : (false as const) })) })
  useQueries({ queries: shown.open.map((prefix) => stepsQuery(prefix)) })
  const key = shown.rows.map((row) => `${row.path}#${row.last.attempt}#${row.last.seq}#${row.inner.at(-1)?.seq ?? ''}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that say the same keep their identity, so that the canvas is not painted anew
  const rows = useMemo(() => shown.rows, [key, run])
  const sums = counted.map((one) => one.data)
  const loopKey = JSON.stringify(sums)
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const loops = useMemo(
    () => new Map(shown.loops.flatMap((path, index): [string, LoopSummary][] => (sums[index] ? [[path, sums[index]]] : []))),
    [loopKey, shown.loops.join('\n')],
  )
  return { rows, loops }
}
