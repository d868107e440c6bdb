import type { Outputs } from '@/components/api/trpc'

export type TaskRow = Outputs['tasks']['list']['items'][number]
