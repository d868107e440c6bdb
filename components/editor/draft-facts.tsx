'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { useTRPC } from '@/components/api/trpc'
import type { Json } from '@/workflows/graph/schema'
import { type DraftFacts, FactsProvider, useEditor } from './editor-context'
import { usePacedDraft } from './use-paced-draft'
import { useProblems } from './use-problems'

/** Problems of the draft, its test data and what surrounds it, for everything below. */
export function DraftFactsProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { workflow } = useEditor()
  const graph = usePacedDraft((state) => state.graph)
  const options = trpc.drafts.results.queryOptions({ workflowId: workflow.id })
  const results = useQuery(options)
  const variables = useQuery(trpc.variables.list.queryOptions({ projectId: workflow.projectId }))
  const credentials = useQuery(trpc.credentials.list.queryOptions({ projectId: workflow.projectId, limit: 100 }))
  const names = variables.data?.items
  const known = credentials.data
  const surroundings = useMemo(
    () => ({
      variables: names && new Set(names.map((one) => one.name)),
      // A list that goes on says nothing about what is not on it.
      credentials: known && !known.nextCursor ? new Map(known.items.map((one) => [one.id, { type: one.type }])) : undefined,
    }),
    [names, known],
  )
  const problems = useProblems(graph, surroundings)
  const value = useMemo<DraftFacts>(
    () => ({
      problems,
      results: new Map((results.data?.results ?? []).map((one) => [one.nodeId, one])),
      reloadResults: () => void queryClient.invalidateQueries({ queryKey: options.queryKey }),
      variables: Object.fromEntries((names ?? []).map((one): [string, Json] => [one.name, one.value])),
    }),
    [problems, results.data, names, queryClient, options.queryKey],
  )
  return <FactsProvider value={value}>{children}</FactsProvider>
}
