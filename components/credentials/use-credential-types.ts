'use client'

import { useQuery } from '@tanstack/react-query'
import { useMessages } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { credentialInWords, type WordsOfNodes } from '@/workflows/nodes/node-words'

/** The kinds of credentials that there are, in the page's words. */
export function useCredentialTypes(enabled = true) {
  const trpc = useTRPC()
  const words = (useMessages() as { nodes?: WordsOfNodes }).nodes
  return useQuery(
    trpc.credentials.types.queryOptions(undefined, {
      enabled,
      staleTime: Number.POSITIVE_INFINITY,
      select: ({ items }) => ({ items: items.map((one) => credentialInWords(one, words)) }),
    }),
  )
}
