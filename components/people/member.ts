import type { Outputs } from '@/components/api/trpc'

export type Member = Outputs['people']['list']['members'][number]
