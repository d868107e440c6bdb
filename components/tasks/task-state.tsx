'use client'

import { useTranslations } from 'next-intl'
import { nextFireWords } from '@/components/schedules/next-fire'
import type { Status } from '@/components/ui/status'
import { StatusBadge } from '@/components/ui/status-badge'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import type { TaskRow } from './task-row'

const looks: Record<TaskRow['state'], Status> = {
  open: 'waiting',
  approved: 'succeeded',
  declined: 'cancelled',
  expired: 'failed',
  cancelled: 'cancelled',
}

/** Open with its due time, or how it ended. */
export function TaskState({ task, filled }: { task: Pick<TaskRow, 'state' | 'dueAt'>; filled?: boolean }) {
  const t = useTranslations('tasks')
  const timeZone = useTimeZone()
  const now = useNow(30_000)
  const due =
    task.state === 'open' && task.dueAt
      ? t('due', { at: nextFireWords(task.dueAt, now, timeZone, { today: t('today'), tomorrow: t('tomorrow') }) })
      : t(`state.${task.state}`)
  return (
    <StatusBadge status={looks[task.state]} filled={filled}>
      {due}
    </StatusBadge>
  )
}
