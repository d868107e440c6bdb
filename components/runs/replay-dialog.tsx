'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Check, RotateCw, TriangleAlert } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
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
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const { path } = useOrganization()
  const failed = rows.find((row) => row.look === 'failed' || row.look === 'unknown')
  const [from, setFrom] = useState(fromPath ?? failed?.path ?? '')
  const [versionId, setVersionId] = useState('')
  const [editing, setEditing] = useState(false)
  const [input, setInput] = useState<Json | undefined>(run.input)
  const [step, setStep] = useState<{ editing: boolean; input: Json | undefined }>({ editing: false, input: undefined })
  const before = stepBefore(run, rows, from)
  const came = useQuery(
    trpc.runs.step.queryOptions(
      { runId: run.id, path: before ?? '' },
      { enabled: before !== null && !run.payloadsHidden, staleTime: 60_000 },
    ),
  )
  const title = rows.find((row) => row.path === from)?.title ?? ''
  const versions = useQuery(trpc.workflows.versions.queryOptions({ workflowId: run.workflow.id, limit: 50 }))
  const target = {
    runId: run.id,
    ...(from ? { fromPath: from } : {}),
    ...(versionId ? { versionId } : {}),
    ...(editing && input !== undefined ? { input } : {}),
    ...(from && step.editing && step.input !== undefined ? { stepInput: step.input } : {}),
  }
  const plan = useQuery({
    queryKey: ['replay-plan', target],
    queryFn: () => client.runs.planReplay.mutate(target),
    staleTime: 0,
    retry: false,
    placeholderData: (before) => before,
  })
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
            disabled={
              !plan.data || plan.isError || (editing && input === undefined) || (from !== '' && step.editing && step.input === undefined)
            }
            onClick={() => replay.mutate(target)}
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
              onValueChange={(next) => {
                setFrom(next)
                setStep({ editing: false, input: undefined })
              }}
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
            {sentences(problem, words).title} {sentences(problem, words).hint}
          </p>
        ) : plan.data ? (
          <div className="grid grid-cols-3 gap-4 phone:grid-cols-1" data-testid="replay-plan">
            <Group
              icon={<Check className="text-succeeded" />}
              title={t('reused', { count: plan.data.reusedTotal })}
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
              note={(path) => {
                const repeats = plan.data.effects.find((one) => one.path === path)?.repeats
                return repeats ? t(`repeats.${repeats}`) : null
              }}
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
            {from !== '' && (
              <>
                {/* biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside */}
                <label className="flex items-center gap-2">
                  <Checkbox
                    checked={step.editing}
                    disabled={came.isFetching}
                    onCheckedChange={(on) =>
                      setStep({ editing: on === true, input: before === null ? run.input : (came.data?.output ?? null) })
                    }
                  />
                  {t('editStep', { step: title })}
                </label>
                {step.editing && (
                  <JsonInput
                    label={t('stepInput', { step: title })}
                    value={step.input}
                    onChange={(next) => setStep({ editing: true, input: next })}
                  />
                )}
              </>
            )}
          </div>
        )}
      </div>
    </Dialog>
  )
}

/** The step whose output came in; null where the trigger's did, or where several might have. */
function stepBefore(run: RunDetail, rows: readonly StepRow[], path: string): string | null {
  const nodeId = path.split('/').at(-1)
  const prefix = path.slice(0, path.length - (nodeId?.length ?? 0))
  const found = run.graph.edges
    .filter((edge) => edge.to === nodeId && edge.toPort === 'main')
    .map((edge) => rows.find((row) => row.path === prefix + edge.from && row.last.status === 'succeeded'))
    .filter((row) => row !== undefined)
  return found[0]?.path ?? null
}

function Group({
  icon,
  title,
  none,
  steps,
  note,
}: {
  icon: ReactNode
  title: string
  none: string
  steps: readonly { path: string; nodeTitle: string }[]
  note?: (path: string) => string | null
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
            <li key={step.path} className="flex gap-2">
              <span className="min-w-0 flex-1 truncate">{step.nodeTitle}</span>
              {note && <span className="shrink-0 text-text-3">{note(step.path)}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
