'use client'

import { useQueryClient } from '@tanstack/react-query'
import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { markAsked } from './asked-ahead'

/**
 * Asks what the page asks first while the frame is still asked for, where the address says all that is needed: the questions go together
 * and not one after the other's answer.
 */
export function AskAhead() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const pathname = usePathname()
  const first = useRef(pathname)
  useEffect(() => {
    const workflowId = /^\/o\/[^/]+\/workflows\/(wf_[0-9a-f]{32})$/.exec(first.current)?.[1]
    if (!workflowId) return
    markAsked(workflowId)
    void queryClient.prefetchQuery(trpc.workflows.get.queryOptions({ workflowId }, { staleTime: 0, meta: { followsDraft: true } }))
    // In a request of its own: test data may be large, and the canvas does not wait for it.
    const timer = setTimeout(() => void queryClient.prefetchQuery(trpc.drafts.results.queryOptions({ workflowId })), 0)
    return () => clearTimeout(timer)
  }, [trpc, queryClient])
  return null
}
