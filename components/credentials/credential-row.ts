import type { Outputs } from '@/components/api/trpc'

export type CredentialRow = Outputs['credentials']['list']['items'][number]
