'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import { spoken } from '@/workflows/words/spoken'

/** Tries a credential against what it is for, and says in a sentence how it went. */
export function useCredentialTest() {
  const t = useTranslations('credentials')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const test = useMutation(
    trpc.credentials.test.mutationOptions({ onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.credentials.pathKey() }) }),
  )
  const run = (credential: { id: string; name: string }) =>
    test.mutate(
      { credentialId: credential.id },
      {
        onSuccess: ({ ok, message }) => {
          if (ok) toast.success(t('works', { name: credential.name }), { description: spoken(message) })
          else toast.error(t('doesNotWork', { name: credential.name }), { description: spoken(message) })
        },
      },
    )
  return { run, isPending: test.isPending }
}
