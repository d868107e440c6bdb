'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { NextFires } from '@/components/forms/cron-meaning'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { ScheduleDialog } from './schedule-dialog'
import type { ScheduleRow } from './use-schedules'

/** When a step that is started by the clock starts: its schedules in words, with their next starts, made and changed here. */
export function SchedulesOfStep({ workflow, nodeId }: { workflow: { id: string; name: string }; nodeId: string }) {
  const t = useTranslations('schedules')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const language = useLocale()
  const query = useQuery(trpc.schedules.list.queryOptions({ workflowId: workflow.id, limit: 100, language }))
  const [shown, setShown] = useState<ScheduleRow | 'new' | null>(null)
  const own = query.data?.items.filter((one) => one.nodeId === null || one.nodeId === nodeId)
  return (
    <section aria-label={t('step.title')} className="mb-5 flex flex-col gap-1">
      <span className="text-12 font-medium text-text-2">{t('step.title')}</span>
      {query.isPending && <Skeleton className="h-16 w-full" />}
      {query.isError && <p className="text-12 text-text-2">{t('step.failed')}</p>}
      {own && own.length > 0 && (
        <ul className="divide-y rounded-md border">
          {own.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="flex w-full flex-col items-start gap-1 px-3 py-2 text-left hover:bg-hover"
                onClick={() => setShown(one)}
              >
                <span className="font-medium">{one.words}</span>
                <span className="text-12 text-text-2">
                  {one.name} · {one.timeZone}
                  {one.paused && <> · {one.pauseReason ? t('pausedBecause', { reason: one.pauseReason }) : t('paused')}</>}
                </span>
                <NextFires at={one.next} timeZone={one.timeZone} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {own?.length === 0 && <p className="rounded-md border border-dashed px-3 py-2 text-12 text-text-2">{t('step.none')}</p>}
      {own?.some((one) => !one.workflow.live) && <p className="text-12 text-text-2">{t('step.notLive')}</p>}
      {can('schedule.edit') && (
        <Button size="sm" className="mt-1 self-start" onClick={() => setShown('new')}>
          <Plus />
          {t('new')}
        </Button>
      )}
      <ScheduleDialog
        key={shown === null || shown === 'new' ? 'new' : shown.id}
        open={shown !== null}
        onOpenChange={(open) => !open && setShown(null)}
        schedule={shown === null || shown === 'new' ? undefined : shown}
        step={{ workflow, nodeId }}
      />
    </section>
  )
}
