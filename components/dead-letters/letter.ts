import type { Outputs } from '@/components/api/trpc'

export type Group = Outputs['deadLetters']['groups']['items'][number]
export type Letter = Outputs['deadLetters']['list']['items'][number]
