'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useRef } from 'react'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { isLive, mergeSteps, type StepItem } from './run-model'

interface KnownSteps {
  items: StepItem[]
  lastSeq: number
}

/** The steps of one part of a run; asked again, only new records are fetched. */
export function useStepsQuery(runId: string) {
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  return (within: string) => {
    const queryKey = ['run-steps', runId, within]
    return {
      queryKey,
      staleTime: 0,
      queryFn: async (): Promise<KnownSteps> => {
        const known = queryClient.getQueryData<KnownSteps>(queryKey)
        const news: StepItem[] = []
        let after = known?.lastSeq
        for (let more = true; more; ) {
          const page = await client.runs.steps.query({ runId, within, ...(after === undefined ? {} : { after }) })
          news.push(...page.items)
          after = Math.max(after ?? 0, page.lastSeq)
          more = page.more
        }
        return { items: mergeSteps(known?.items ?? [], news), lastSeq: after ?? 0 }
      },
    }
  }
}

/** A run and its steps, kept current by what the server announces. */
export function useRun(runId: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const stepsQuery = useStepsQuery(runId)
  const run = useQuery(trpc.runs.get.queryOptions({ runId }, { staleTime: 0 }))
  const steps = useQuery(stepsQuery(''))

  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const reload = () => {
    timer.current ??= setTimeout(() => {
      timer.current = null
      void queryClient.invalidateQueries({ queryKey: ['run-steps', runId] })
      void queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey({ runId }) })
      void queryClient.invalidateQueries({ queryKey: trpc.runs.step.pathKey() })
    }, 150)
  }
  useSubscription(trpc.runs.onChange.subscriptionOptions({ runId }, { onData: reload, onStarted: reload }))
  const live = run.data ? isLive(run.data) : true
  const wasLive = useRef(live)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last records of a run may come just after its end is announced
  useEffect(() => {
    if (wasLive.current && !live) {
      reload()
      void queryClient.invalidateQueries({ queryKey: trpc.runs.loop.pathKey() })
      void queryClient.invalidateQueries({ queryKey: trpc.runs.iterations.pathKey() })
    }
    wasLive.current = live
  }, [live])
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
    },
    [],
  )
  return { run, steps: steps.data?.items ?? noSteps, reload }
}

const noSteps: StepItem[] = []
