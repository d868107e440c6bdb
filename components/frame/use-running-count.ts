'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from './organization'

/** Runs that have begun or are about to, at most 100; those that wait are not counted. */
export function useRunningCount(enabled = true) {
  const trpc = useTRPC()
  const { can } = useOrganization()
  const { data } = useQuery(
    trpc.runs.list.queryOptions(
      { status: ['accepted', 'running'], limit: 100 },
      { enabled: enabled && can('run.read'), select: (page) => page.items.length },
    ),
  )
  return data ?? 0
}
