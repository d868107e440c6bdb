'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useRef } from 'react'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { isLive, mergeSteps, type StepItem } from './run-model'

/** A run and its steps, kept current by what the server announces: only new records are fetched. */
export function useRun(runId: string) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const run = useQuery(trpc.runs.get.queryOptions({ runId }, { staleTime: 0 }))
  const stepsKey = ['run-steps', runId]
  const steps = useQuery({
    queryKey: stepsKey,
    staleTime: 0,
    queryFn: async (): Promise<{ items: StepItem[]; lastSeq: number }> => {
      const known = queryClient.getQueryData<{ items: StepItem[]; lastSeq: number }>(stepsKey)
      const news: StepItem[] = []
      let after = known?.lastSeq
      for (let more = true; more; ) {
        const page = await client.runs.steps.query({ runId, ...(after === undefined ? {} : { after }) })
        news.push(...page.items)
        after = Math.max(after ?? 0, page.lastSeq)
        more = page.more
      }
      return { items: mergeSteps(known?.items ?? [], news), lastSeq: after ?? 0 }
    },
  })

  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const reload = () => {
    timer.current ??= setTimeout(() => {
      timer.current = null
      void queryClient.invalidateQueries({ queryKey: stepsKey })
      void queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey({ runId }) })
      void queryClient.invalidateQueries({ queryKey: trpc.runs.step.pathKey() })
    }, 150)
  }
  useSubscription(trpc.runs.onChange.subscriptionOptions({ runId }, { onData: reload, onStarted: reload }))
  const live = run.data ? isLive(run.data) : true
  const wasLive = useRef(live)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last records of a run may come just after its end is announced
  useEffect(() => {
    if (wasLive.current && !live) reload()
    wasLive.current = live
  }, [live])
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
    },
    [],
  )
  return { run, steps: steps.data?.items ?? [], stepsPending: steps.isPending, reload }
}
