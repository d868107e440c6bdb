'use client'

import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import type { Fire } from './ledger-days'

export type ScheduleRow = Outputs['schedules']['list']['items'][number]

/** The ledgers of several schedules; they travel in one batch. */
export function useLedgers(schedules: readonly ScheduleRow[], from: Date, to: Date): ReadonlyMap<string, readonly Fire[]> {
  const trpc = useTRPC()
  return useQueries({
    queries: schedules.map((schedule) => trpc.schedules.ledger.queryOptions({ scheduleId: schedule.id, from, to }, { staleTime: 30_000 })),
    combine: (answers) => new Map(answers.map((answer, index) => [schedules[index]?.id ?? '', answer.data?.items ?? []])),
  })
}

export function useScheduleActions() {
  const t = useTranslations('schedules')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.schedules.pathKey() })
  return {
    pause: useMutation(trpc.schedules.pause.mutationOptions({ onSuccess: refresh })),
    resume: useMutation(trpc.schedules.resume.mutationOptions({ onSuccess: refresh })),
    fireNow: useMutation(
      trpc.schedules.fireNow.mutationOptions({
        onSuccess: () => {
          toast.success(t('fired'))
          return refresh()
        },
      }),
    ),
    remove: useMutation(
      trpc.schedules.remove.mutationOptions({
        onSuccess: () => {
          toast.success(t('removed'))
          return refresh()
        },
      }),
    ),
  }
}
