'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { createClient } from './create-client'
import { createQueryClient } from './create-query-client'
import { showProblem } from './show-problem'
import { TRPCProvider } from './trpc'

/** The API for what is below it; with an organization, by its id or its slug, every request and subscription names it. */
export function ApiProvider({ organizationId = null, children }: { organizationId?: string | null; children: ReactNode }) {
  const t = useTranslations('ui')
  const translate = useRef(t)
  translate.current = t
  const [queryClient] = useState(() => createQueryClient((error) => showProblem(error, translate.current)))
  const named = useRef(organizationId)
  named.current = organizationId
  const [{ client, close }] = useState(() => createClient(() => named.current))
  // Strict mode mounts twice: closing at once would leave the second mount with a dead socket.
  const mounted = useRef(0)
  useEffect(() => {
    mounted.current += 1
    return () => {
      mounted.current -= 1
      setTimeout(() => mounted.current === 0 && close(), 0)
    }
  }, [close])
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
