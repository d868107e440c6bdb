'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { nameOfRun } from '@/components/run-list/run-words'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { toast } from '@/components/ui/toaster'
import type { RunDetail } from './run-model'

export type RunAct = 'pause' | 'resume' | 'cancel'

/** Pauses, resumes or cancels a run; why stands on the run and in the audit. */
export function ActDialog({ run, act, onClose, onDone }: { run: RunDetail; act: RunAct; onClose: () => void; onDone: () => void }) {
  const t = useTranslations('run.act')
  const trpc = useTRPC()
  const [reason, setReason] = useState('')
  const answer = {
    onSuccess: () => {
      toast.success(t(`${act}.done`))
      onDone()
      onClose()
    },
  }
  const acts = {
    pause: useMutation(trpc.runs.pause.mutationOptions(answer)),
    resume: useMutation(trpc.runs.resume.mutationOptions(answer)),
    cancel: useMutation(trpc.runs.cancel.mutationOptions(answer)),
  }
  const chosen = acts[act]
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`${act}.title`, { name: nameOfRun(run) })}
      description={t(`${act}.line`)}
      confirm={t(`${act}.confirm`)}
      leave={act === 'cancel' ? t('cancel.leave') : undefined}
      destructive={act === 'cancel'}
      pending={chosen.isPending}
      onConfirm={() => chosen.mutate({ runId: run.id, ...(reason.trim() ? { reason: reason.trim() } : {}) })}
    >
      <Field label={t('reason')} help={t('reasonHelp')}>
        <Textarea value={reason} maxLength={500} rows={2} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  )
}
