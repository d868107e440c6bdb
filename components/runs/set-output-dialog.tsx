'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { wayOut } from '@/components/canvas/way-out'
import { JsonInput } from '@/components/forms/code-widget'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { toast } from '@/components/ui/toaster'
import { definitionOf } from '@/workflows/graph/catalogue'
import { portsOf } from '@/workflows/graph/ports-of'
import type { Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { isLive, type RunDetail, type StepRow } from './run-model'

/** Whether a person may give this step its result: it waits, or the run ended because it failed. */
export function takesResult(run: RunDetail, row: StepRow): boolean {
  const waits = row.look === 'waiting' || row.look === 'retrying'
  const failed = row.look === 'failed' || row.look === 'unknown'
  return row.inner.length === 0 && (isLive(run) ? waits : failed && run.status !== 'succeeded')
}

/** Gives a step what it would have given; the run goes on with it. */
export function SetOutputDialog({ run, row, onClose }: { run: RunDetail; row: StepRow; onClose: () => void }) {
  const t = useTranslations('run.setOutput')
  const ui = useTranslations('ui')
  const words = useTranslations('editor.node')
  const trpc = useTRPC()
  const router = useRouter()
  const { path } = useOrganization()
  const definition = row.node && definitionOf(row.node, catalogue)
  const ports = row.node && definition ? portsOf(row.node, definition).out.filter((port) => port !== 'tool') : []
  const [port, setPort] = useState(ports.includes('main') ? 'main' : (ports[0] ?? 'main'))
  const [output, setOutput] = useState<Json | undefined>((definition?.sample as Json | undefined) ?? {})
  const [reason, setReason] = useState('')
  const set = useMutation(
    trpc.runs.setOutput.mutationOptions({
      meta: { inline: true },
      onSuccess: ({ runId, isNew }) => {
        toast.success(isNew ? t('doneNew') : t('done'))
        onClose()
        if (isNew) router.push(path(`/runs/${runId}`))
      },
    }),
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { step: row.title })}
      description={isLive(run) ? t('line') : t('lineNew')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button
            variant="primary"
            pending={set.isPending}
            disabled={output === undefined}
            onClick={() =>
              output !== undefined &&
              set.mutate({ runId: run.id, path: row.path, output, port, ...(reason.trim() ? { reason: reason.trim() } : {}) })
            }
          >
            {t('confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <JsonInput label={t('result')} value={output} onChange={setOutput} />
        {ports.length > 1 && (
          <Field label={t('port')} className="w-56">
            <Select value={port} onValueChange={setPort} options={ports.map((value) => ({ value, label: wayOut(value, words) }))} />
          </Field>
        )}
        <Field label={t('reason')} help={t('reasonHelp')}>
          <Textarea value={reason} maxLength={500} rows={2} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {set.error && (
          <p role="alert" className="rounded-lg border border-failed-border bg-failed-subtle p-3 text-failed">
            {sentences(set.error, ui).title} {sentences(set.error, ui).hint}
          </p>
        )}
      </div>
    </Dialog>
  )
}
