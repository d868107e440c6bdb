'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { callKey } from '@/workflows/graph/call'
import { callsOf } from '@/workflows/graph/calls-of'
import { shapeOf } from '@/workflows/graph/expressions/shape'
import type { Graph, Json } from '@/workflows/graph/schema'
import { staleResults } from '@/workflows/graph/stale-results'
import { standsAsThen } from '@/workflows/graph/stands-as-then'
import { catalogue } from '@/workflows/nodes/catalogue'
import {
  type CancelledTest,
  type DraftFacts,
  type DraftResult,
  FactsProvider,
  ProblemsBelowProvider,
  ProblemsProvider,
  useEditor,
  useUi,
} from './editor-context'
import type { Held } from './stopped-test'
import { useBelow } from './use-below'
import { usePacedDraft } from './use-paced-draft'
import { useProblems } from './use-problems'

/** Problems of the draft, its test data and what surrounds it, for everything below. */
export function DraftFactsProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { workflow } = useEditor()
  const graph = usePacedDraft((state) => state.graph, 'below')
  const results = useQuery(trpc.drafts.results.queryOptions({ workflowId: workflow.id }))
  const variables = useQuery(trpc.variables.list.queryOptions({ projectId: workflow.projectId }))
  const credentials = useQuery(trpc.credentials.list.queryOptions({ projectId: workflow.projectId, limit: 100 }))
  const calls = useMemo(() => callsOf(graph, catalogue), [graph])
  const callees = useQuery(trpc.workflows.callees.queryOptions({ calls }, { enabled: calls.length > 0 }))
  const called = callees.data?.items
  const names = variables.data?.items
  const known = credentials.data
  const rows = results.data?.results
  const waits = results.data?.waiting
  const waiting = useMemo(() => new Map(waits?.map((one) => [one.nodeId, one])), [waits])
  const cancelled = useCancelledTest(results.data?.cancelled ?? null, graph)
  const shown = useShownResults(rows ?? noRows, graph)
  const held = useUi((state) => (state.stopped?.left ? null : (state.stopped?.held ?? null)))
  const seen = useMemo(() => withHeld(shown, held), [shown, held])
  const shapes = useMemo(
    () =>
      new Map(
        // Other items may have other fields.
        [...shown.values()]
          .filter((one) => one.status === 'succeeded' && !one.stale && !one.iteration)
          .map((one) => [one.nodeId, shapeOf(one.output)]),
      ),
    [shown],
  )
  const surroundings = useMemo(
    () => ({
      variables: names && new Set(names.map((one) => one.name)),
      // A list that goes on says nothing about what is not on it.
      credentials: known && !known.nextCursor ? new Map(known.items.map((one) => [one.id, { type: one.type }])) : undefined,
      unavailable: new Map(workflow.unavailable.map(({ type, reason }) => [type, reason])),
      shapes,
      callees:
        called && new Map(called.map((one) => [callKey(one), { name: one.name, ...(one.schema === null ? {} : { schema: one.schema }) }])),
    }),
    [names, known, shapes, workflow.unavailable, called],
  )
  const problems = useProblems(surroundings)
  const below = useBelow(problems)
  const value = useMemo<DraftFacts>(
    () => ({
      results: seen,
      waiting,
      cancelled,
      reloadResults: () => void queryClient.invalidateQueries({ queryKey: trpc.drafts.pathKey() }),
      variables: Object.fromEntries((names ?? []).map((one): [string, Json] => [one.name, one.value])),
      credentials: known?.items ?? [],
    }),
    [seen, waiting, cancelled, names, known, queryClient, trpc],
  )
  return (
    <FactsProvider value={value}>
      <ProblemsProvider value={problems}>
        <ProblemsBelowProvider value={below}>{children}</ProblemsBelowProvider>
      </ProblemsProvider>
    </FactsProvider>
  )
}

/** Where a test is held in an iteration, its steps show what they gave there. */
function withHeld(results: ReadonlyMap<string, DraftResult>, held: Held | null): ReadonlyMap<string, DraftResult> {
  if (!held || held.values.length === 0) return results
  const all = new Map(results)
  for (const { path, ...one } of held.values) {
    const output = held.changes.outputs[path]
    all.set(one.nodeId, output === undefined ? one : { ...one, output })
  }
  return all
}

const noRows: readonly DraftResult[] = []

/** What the steps gave; the same map until a result or its staleness changes, so that typing in a field works nothing out again. */
export function useShownResults(rows: readonly DraftResult[], graph: Graph): ReadonlyMap<string, DraftResult> {
  // The server marked what was stale when it was asked; the draft goes on being edited.
  const stale = useMemo(() => [...staleResults(graph, rows, catalogue)].sort().join(), [rows, graph])
  return useMemo(() => {
    const now = new Set(stale.split(','))
    return new Map(rows.map((one) => [one.nodeId, one.stale === now.has(one.nodeId) ? one : { ...one, stale: now.has(one.nodeId) }]))
  }, [rows, stale])
}

/** Where the last test was stopped, as far as the draft still leads there. */
function useCancelledTest(cancelled: CancelledTest | null, graph: Graph): CancelledTest | null {
  // The server looked at the draft as it was then; it goes on being edited.
  const [then, setThen] = useState({ cancelled, graph })
  if (then.cancelled !== cancelled) setThen({ cancelled, graph })
  return useMemo(() => {
    if (!cancelled || then.cancelled !== cancelled || then.graph === graph) return cancelled
    const stands = (id: string) => standsAsThen(then.graph, graph, id, catalogue)
    return { ...cancelled, at: cancelled.at.filter(stands), ran: cancelled.ran.filter(stands) }
  }, [cancelled, then, graph])
}
