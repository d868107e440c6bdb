'use client'

import { type Query, useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useRef } from 'react'
import { useConnection } from './connection'
import { type Outputs, useTRPC } from './trpc'

type Area = keyof Outputs

/** What a kind of event makes out of date. Kinds are the words of the realtime hub. */
const areasOf: Record<string, Area[]> = {
  run: ['runs', 'home', 'organizations'],
  step: ['runs'],
  dead_letter: ['deadLetters', 'home', 'organizations'],
  task: ['tasks', 'home', 'organizations'],
  schedule: ['schedules', 'home'],
  workflow: ['workflows', 'home', 'schedules', 'organizations'],
  version: ['workflows', 'home'],
  test_data: ['drafts', 'workflows'],
  credential: ['credentials', 'circuits', 'home'],
  circuit: ['circuits', 'runs', 'home'],
  template: ['templates'],
  variable: ['variables'],
  model_price: ['modelPrices'],
  people: ['people', 'organizations'],
  api_key: ['apiKeys'],
  project: ['projects', 'organizations', 'people'],
  organization: ['organizations', 'projects', 'home'],
  audit: ['audit'],
}

/** Keeps what is on screen current: one subscription for the organization; an event makes the queries of its area load again, at most twice a second. `onOrganizations`: names, projects or roles may have changed. */
export function useLive(onOrganizations: () => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const stale = useRef(new Set<Area>())
  const drafts = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)

  const refresh = () => {
    timer.current = null
    const areas = [...stale.current]
    stale.current.clear()
    for (const area of areas) void queryClient.invalidateQueries({ queryKey: trpc[area].pathKey() })
    if (drafts.current && !areas.includes('workflows'))
      void queryClient.invalidateQueries({ queryKey: trpc.workflows.pathKey(), predicate: (query) => !followsDraft(query) })
    drafts.current = false
    // The list shows how runs went; whoever edits a workflow is not disturbed by its runs.
    if (areas.includes('runs')) void queryClient.invalidateQueries({ queryKey: trpc.workflows.list.pathKey() })
    if (areas.includes('projects') || areas.includes('people')) onOrganizations()
  }
  const markStale = (areas: readonly Area[]) => {
    for (const area of areas) stale.current.add(area)
    timer.current ??= setTimeout(refresh, 500)
  }

  const subscription = useSubscription(
    trpc.live.onEvents.subscriptionOptions(undefined, {
      onData: (event) => {
        const kind = kindOf(event)
        if (kind === 'draft') drafts.current = true
        markStale(areasOfKind(kind))
      },
    }),
  )

  useEffect(() => {
    useConnection.getState().setLive(subscription.status === 'pending' ? 'open' : subscription.status === 'idle' ? 'idle' : 'connecting')
  }, [subscription.status])

  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
    },
    [],
  )
}

/** Whoever edits a draft gets its edits one by one: the whole of it is not loaded again for each of them. */
export function followsDraft(query: Pick<Query, 'observers'>) {
  return query.observers.some((observer) => observer.options.meta?.followsDraft === true)
}

function kindOf(event: unknown) {
  const data = (event as { data?: unknown }).data ?? event
  return (data as { kind?: string }).kind ?? ''
}

/** Accepts `deadLetters`, `dead_letter` and `dead-letter.opened` alike. */
export function areasOfKind(kind: string): Area[] {
  const word = kind
    .split('.')[0]
    ?.replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
  return areasOf[word ?? ''] ?? areasOf[(word ?? '').replace(/s$/, '')] ?? []
}
