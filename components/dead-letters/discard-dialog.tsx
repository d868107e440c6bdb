'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { toastWithUndo } from '@/components/ui/toaster'

/** Closes letters without running them again; the reason stays with each. */
export function DiscardDialog({ ids, onClose, onDone }: { ids: readonly string[]; onClose: () => void; onDone: () => void }) {
  const t = useTranslations('deadLetters')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: trpc.deadLetters.pathKey() })
    void queryClient.invalidateQueries({ queryKey: trpc.organizations.pathKey() })
    void queryClient.invalidateQueries({ queryKey: trpc.home.pathKey() })
  }
  const reopen = useMutation({
    mutationFn: (some: readonly string[]) =>
      Promise.allSettled(some.map((deadLetterId) => client.deadLetters.reopen.mutate({ deadLetterId }))),
    onSuccess: refresh,
  })
  const discard = useMutation({
    mutationFn: (some: readonly string[]) =>
      Promise.all(some.map((deadLetterId) => client.deadLetters.discard.mutate({ deadLetterId, reason: reason.trim() }))),
    onSettled: refresh,
    onSuccess: (_done, some) => {
      toastWithUndo(t('discarded', { count: some.length }), { label: words('undo'), onUndo: () => reopen.mutate(some) })
      setReason('')
      setAsked(false)
      onDone()
    },
  })
  return (
    <ConfirmDialog
      open={ids.length > 0}
      onOpenChange={(open) => !open && onClose()}
      title={t('discardTitle', { count: ids.length })}
      description={t('discardDescription')}
      confirm={t('discard')}
      pending={discard.isPending}
      onConfirm={() => {
        setAsked(true)
        if (reason.trim()) discard.mutate(ids)
      }}
    >
      <Field label={t('reason')} error={asked && !reason.trim() ? t('reasonNeeded') : null}>
        <Textarea value={reason} onChange={(event) => setReason(event.target.value)} rows={3} />
      </Field>
    </ConfirmDialog>
  )
}
