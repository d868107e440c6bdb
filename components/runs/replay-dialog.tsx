'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Check, RotateCw, TriangleAlert } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { JsonInput } from '@/components/forms/code-widget'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import type { Json } from '@/workflows/graph/schema'
import type { RunDetail, StepRow } from './run-model'

/** Plans a replay before it runs: what is taken over, what runs again, which effects happen once more. */
export function ReplayDialog({
  run,
  rows,
  fromPath,
  onClose,
}: {
  run: RunDetail
  rows: readonly StepRow[]
  fromPath?: string
  onClose: () => void
}) {
  const t = useTranslations('run.replay')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const router = useRouter()
  const { path } = useOrganization()
  const failed = rows.find((row) => row.look === 'failed' || row.look === 'unknown')
  const [from, setFrom] = useState(fromPath ?? failed?.path ?? '')
  const [versionId, setVersionId] = useState('')
  const [editing, setEditing] = useState(false)
  const [input, setInput] = useState<Json | undefined>(run.input)
  const versions = useQuery(trpc.workflows.versions.queryOptions({ workflowId: run.workflow.id, limit: 50 }))
  const target = { runId: run.id, ...(from ? { fromPath: from } : {}), ...(versionId ? { versionId } : {}) }
  const plan = useQuery(trpc.runs.replayPlan.queryOptions(target, { staleTime: 0, retry: false }))
  const replay = useMutation(
    trpc.runs.replay.mutationOptions({
      meta: { inline: true },
      onSuccess: ({ runId }) => {
        onClose()
        router.push(path(`/runs/${runId}`))
      },
    }),
  )
  const problem = plan.error ?? replay.error
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      description={t('description')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            variant="primary"
            pending={replay.isPending}
            disabled={!plan.data || (editing && input === undefined)}
            onClick={() => replay.mutate({ ...target, ...(editing && input !== undefined ? { input } : {}) })}
          >
            {t('replay')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
          <Field label={t('from')}>
            <Select
              value={from}
              onValueChange={setFrom}
              options={[{ value: '', label: t('start') }, ...rows.map((row) => ({ value: row.path, label: row.title }))]}
            />
          </Field>
          <Field label={t('version')}>
            <Select
              value={versionId}
              onValueChange={setVersionId}
              options={[
                { value: '', label: run.version === null ? t('sameDraft') : t('same', { version: run.version }) },
                ...(versions.data?.items ?? [])
                  .filter((one) => one.id !== run.versionId)
                  .map((one) => ({ value: one.id, label: `v${one.number}${one.tags.includes('live') ? ` · ${t('live')}` : ''}` })),
              ]}
            />
          </Field>
        </div>
        {problem ? (
          <p role="alert" className="rounded-lg border border-failed-border bg-failed-subtle p-3 text-failed">
            {sentences(problem, common).title} {sentences(problem, common).hint}
          </p>
        ) : plan.data ? (
          <div className="grid grid-cols-3 gap-4 phone:grid-cols-1" data-testid="replay-plan">
            <Group
              icon={<Check className="text-succeeded" />}
              title={t('reused', { count: plan.data.reused.length })}
              none={t('nothingReused')}
              steps={plan.data.reused}
            />
            <Group
              icon={<RotateCw className="text-running" />}
              title={t('again', { count: plan.data.again.length })}
              none={t('nothingAgain')}
              steps={plan.data.again}
            />
            <Group
              icon={<TriangleAlert className="text-waiting" />}
              title={t('effects', { count: plan.data.effects.length })}
              none={t('noEffects')}
              steps={plan.data.effects}
            />
          </div>
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
        {!run.payloadsHidden && (
          <div className="flex flex-col gap-2">
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside */}
            <label className="flex items-center gap-2">
              <Checkbox checked={editing} onCheckedChange={(on) => setEditing(on === true)} />
              {t('edit')}
            </label>
            {editing && <JsonInput label={t('input')} value={input} onChange={setInput} />}
          </div>
        )}
      </div>
    </Dialog>
  )
}

function Group({
  icon,
  title,
  none,
  steps,
}: {
  icon: ReactNode
  title: string
  none: string
  steps: readonly { path: string; nodeTitle: string }[]
}) {
  return (
    <section className="min-w-0 rounded-lg border p-3">
      <h3 className="mb-2 flex items-center gap-2 font-medium [&_svg]:size-4">
        {icon}
        {title}
      </h3>
      {steps.length === 0 ? (
        <p className="text-12 text-text-2">{none}</p>
      ) : (
        <ul className="flex max-h-40 flex-col gap-1 overflow-y-auto text-12">
          {steps.map((step) => (
            <li key={step.path} className="truncate">
              {step.nodeTitle}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
