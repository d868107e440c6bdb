'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { type ScheduleRow, useScheduleActions } from './use-schedules'

/** Pauses with a reason, which stands in the list, in the audit and on Home until the schedule goes on. */
export function PauseDialog({ schedule, onClose }: { schedule: ScheduleRow; onClose: () => void }) {
  const t = useTranslations('schedules.pause')
  const words = useTranslations('ui')
  const id = useId()
  const { pause } = useScheduleActions()
  const [reason, setReason] = useState(schedule.pauseReason ?? '')
  const [asked, setAsked] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (reason.trim()) pause.mutate({ scheduleId: schedule.id, reason: reason.trim() }, { onSuccess: onClose })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { name: schedule.name })}
      description={t('description')}
      width="sm"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button type="submit" form={id} variant="primary" pending={pause.isPending}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate>
        <Field label={t('reason')} error={asked && !reason.trim() ? t('needed') : null}>
          <Textarea value={reason} onChange={(event) => setReason(event.target.value)} rows={3} maxLength={500} autoFocus />
        </Field>
      </form>
    </Dialog>
  )
}
