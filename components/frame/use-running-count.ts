'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from './organization'

/** Runs that have begun or are about to; those that wait are not counted. */
export function useRunningCount(enabled = true) {
  const trpc = useTRPC()
  const { can } = useOrganization()
  const { data } = useQuery(trpc.runs.counts.queryOptions(undefined, { enabled: enabled && can('run.read'), staleTime: 5_000 }))
  return data ? data.running + data.accepted : 0
}
