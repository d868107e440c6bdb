'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ExternalLink, RotateCcw, Trash2, Undo2 } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { isJson } from '@/components/ui/is-json'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { Sentence } from '@/components/ui/sentence'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusBadge } from '@/components/ui/status-badge'
import { Textarea } from '@/components/ui/textarea'
import { toast } from '@/components/ui/toaster'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import { spoken } from '@/workflows/words/spoken'
import { ReplayPlan } from './replay-plan'

const linkStyle = 'inline-flex items-center gap-1 font-medium text-accent-text hover:underline'

/** One letter: what went wrong, what running it again will do, and the input that can be corrected first. */
export function LetterDrawer({ id, onClose, onDiscard }: { id: string; onClose: () => void; onDiscard: () => void }) {
  const t = useTranslations('deadLetters')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { can, path } = useOrganization()
  const letter = useQuery(trpc.deadLetters.get.queryOptions({ deadLetterId: id }))
  const [fromPath, setFromPath] = useState<string | null>(null)
  const [versionId, setVersionId] = useState<string | null>(null)
  const [input, setInput] = useState<string | null>(null)
  const data = letter.data
  const start = fromPath ?? data?.failedPath
  const plan = useQuery(
    trpc.runs.replayPlan.queryOptions(
      { runId: data?.runId ?? '', fromPath: start, versionId: versionId ?? undefined },
      { enabled: Boolean(data) },
    ),
  )
  const refresh = async () => {
    for (const key of [trpc.deadLetters.pathKey(), trpc.organizations.pathKey(), trpc.home.pathKey()]) {
      await queryClient.invalidateQueries({ queryKey: key })
    }
  }
  const resolve = useMutation(
    trpc.deadLetters.resolve.mutationOptions({
      meta: { inline: true },
      onSuccess: async ({ runId }) => {
        toast.success(t('started'), { action: { label: t('seeRun'), onClick: () => window.location.assign(path(`/runs/${runId}`)) } })
        await refresh()
        onClose()
      },
    }),
  )
  const reopen = useMutation(trpc.deadLetters.reopen.mutationOptions({ onSuccess: refresh }))
  const atFailed = start === data?.failedPath
  const before = data ? JSON.stringify(data.failedInput, null, 2) : ''
  const text = input ?? before
  const changed = atFailed && input !== null && input !== before
  const badInput = changed && !isJson(text)
  const steps = [...(plan.data?.reused ?? []), ...(plan.data?.again ?? [])]
  const choices =
    data && !steps.some((step) => step.path === data.failedPath) ? [{ path: data.failedPath, nodeTitle: data.nodeTitle }, ...steps] : steps
  const failure = resolve.error ? sentences(resolve.error, words) : null
  const repairable = data && (data.state === 'open' || data.state === 'retried')
  const mayResolve = can('deadletter.resolve')
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={data?.nodeTitle ?? t('one')}
      footer={
        data && mayResolve ? (
          <div className="flex flex-wrap items-center gap-2 phone:flex-col-reverse phone:items-stretch">
            {repairable ? (
              <>
                <Button variant="ghost" className="text-failed hover:text-failed phone:h-11" onClick={onDiscard}>
                  <Trash2 />
                  {t('discardOne')}
                </Button>
                <span className="flex-1 phone:hidden" />
                <Button
                  variant="primary"
                  className="phone:h-12"
                  pending={resolve.isPending}
                  disabled={badInput}
                  onClick={() =>
                    resolve.mutate({
                      deadLetterId: id,
                      fromPath: start,
                      versionId: versionId ?? undefined,
                      input: changed ? JSON.parse(text) : undefined,
                    })
                  }
                >
                  <RotateCcw />
                  {t('resolveOne')}
                </Button>
              </>
            ) : (
              <Button className="phone:h-12" pending={reopen.isPending} onClick={() => reopen.mutate({ deadLetterId: id })}>
                <Undo2 />
                {t('reopen')}
              </Button>
            )}
          </div>
        ) : undefined
      }
    >
      {letter.isError && <ErrorState error={letter.error} onRetry={() => letter.refetch()} />}
      {letter.isPending && <Skeleton className="mx-6 h-60" />}
      {data && (
        <>
          <section className="px-6 pb-4 phone:px-4">
            <div className="flex flex-wrap items-center gap-2">
              <StatusBadge
                status={
                  data.state === 'open'
                    ? 'dead_letter'
                    : data.state === 'resolved'
                      ? 'succeeded'
                      : data.state === 'retried'
                        ? 'running'
                        : 'cancelled'
                }
                filled
              >
                {t(`state.${data.state}`)}
              </StatusBadge>
              <span className="text-12 text-text-2">
                {data.workflow.name} {data.version ? `v${data.version}` : ''}
              </span>
              <RelativeTime at={data.openedAt} className="ml-auto text-12 text-text-3" />
            </div>
            <p className="mt-3 text-14 font-medium break-words">
              <Sentence text={spoken(data.message)} />
            </p>
            {data.hint && <p className="mt-1 text-text-2">{spoken(data.hint)}</p>}
            <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-12 text-text-3">
              <span>{t('tries', { count: data.attempts })}</span>
              <span>{t(`class.${data.class}`)}</span>
              <Link href={path(`/runs/${data.runId}`)} className={linkStyle}>
                {t('seeRun')}
                <ExternalLink aria-hidden className="size-3" />
              </Link>
              <Link href={path(`/workflows/${data.workflow.id}?node=${nodeIdOf(data.failedPath)}`)} className={linkStyle}>
                {t('openStep')}
                <ExternalLink aria-hidden className="size-3" />
              </Link>
            </p>
            {data.reason && <p className="mt-3 rounded-md border bg-surface px-3 py-2 text-text-2">{data.reason}</p>}
          </section>
          {repairable && mayResolve && (
            <>
              <section className="flex flex-wrap gap-3 px-6 pb-4 phone:px-4">
                <Field label={t('startAt')} className="min-w-48 flex-1">
                  <Select
                    value={start}
                    onValueChange={setFromPath}
                    options={choices.map((step) => ({ value: step.path, label: step.nodeTitle }))}
                  />
                </Field>
                <Field label={t('version')} className="w-44 phone:w-full">
                  <Select
                    value={versionId ?? ''}
                    onValueChange={(next) => setVersionId(next || null)}
                    options={[
                      { value: '', label: t('asItRan', { version: data.version ?? 0 }) },
                      ...(data.liveVersion && data.liveVersion.id !== data.versionId
                        ? [{ value: data.liveVersion.id, label: t('liveVersion', { version: data.liveVersion.number }) }]
                        : []),
                    ]}
                  />
                </Field>
              </section>
              {atFailed && !data.payloadsHidden && (
                <section className="px-6 pb-4 phone:px-4">
                  <Field
                    label={t('input', { step: data.nodeTitle })}
                    help={changed ? t('inputChanged') : t('inputHelp')}
                    error={badInput ? t('notJson') : null}
                    trailing={
                      changed && (
                        <button
                          type="button"
                          onClick={() => setInput(null)}
                          className="text-12 font-medium text-accent-text hover:underline"
                        >
                          {t('inputReset')}
                        </button>
                      )
                    }
                  >
                    <Textarea mono rows={8} value={text} onChange={(event) => setInput(event.target.value)} />
                  </Field>
                </section>
              )}
              {plan.isPending && <Skeleton className="mx-6 h-40" />}
              {plan.isError && <ErrorState error={plan.error} onRetry={() => plan.refetch()} className="py-6" />}
              {plan.data && <ReplayPlan plan={plan.data} />}
              {failure && (
                <p role="alert" className="mx-6 mb-4 rounded-md border border-failed-border bg-failed-subtle px-3 py-2 text-failed">
                  {failure.title} {failure.hint}
                </p>
              )}
            </>
          )}
        </>
      )}
    </Drawer>
  )
}
