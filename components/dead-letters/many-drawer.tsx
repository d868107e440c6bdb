'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { Sentence } from '@/components/ui/sentence'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toaster'
import { spoken } from '@/workflows/words/spoken'
import { ReplayPlan } from './replay-plan'

/** Runs many letters again, planned by one of them; one can be tried first. */
export function ManyDrawer({
  sampleId,
  count,
  signature,
  ids,
  onClose,
  onDone,
}: {
  sampleId: string
  count: number
  signature?: string
  ids?: string[]
  onClose: () => void
  onDone: () => void
}) {
  const t = useTranslations('deadLetters')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [versionId, setVersionId] = useState<string | null>(null)
  const [progress, setProgress] = useState(0)
  const sample = useQuery(trpc.deadLetters.get.queryOptions({ deadLetterId: sampleId }))
  const data = sample.data
  const plan = useQuery(
    trpc.runs.replayPlan.queryOptions(
      { runId: data?.runId ?? '', fromPath: data?.failedPath, versionId: versionId ?? undefined },
      { enabled: Boolean(data) },
    ),
  )
  const refresh = () => {
    for (const key of [trpc.deadLetters.pathKey(), trpc.organizations.pathKey(), trpc.home.pathKey()])
      void queryClient.invalidateQueries({ queryKey: key })
  }
  const all = useMutation({
    meta: { inline: true },
    mutationFn: async () => {
      let done = 0
      const refused: string[] = []
      const shared = { versionId: versionId ?? undefined }
      const rounds = ids ? chunks(ids, 200).map((some) => ({ ids: some, ...shared })) : null
      for (let round = 0; round < (rounds?.length ?? 1000); round++) {
        const answer = await client.deadLetters.resolveMany.mutate(rounds?.[round] ?? { signature, ...shared })
        done += answer.resolved.length
        refused.push(...answer.refused.map((one) => spoken(one.message)))
        setProgress(done)
        if (!rounds && (answer.remaining === 0 || answer.resolved.length === 0)) break
      }
      return { done, refused }
    },
    onSettled: refresh,
    onSuccess: ({ done, refused }) => {
      if (refused.length > 0) toast.warning(t('someRefused', { done, refused: refused.length }), { description: refused[0] })
      else toast.success(t('allStarted', { count: done }))
      onDone()
    },
  })
  const one = useMutation(
    trpc.deadLetters.resolve.mutationOptions({
      meta: { inline: true },
      onSuccess: () => {
        toast.success(t('oneTried'))
        refresh()
        onClose()
      },
    }),
  )
  const error = all.error ?? one.error
  const failure = error ? sentences(error, words) : null
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && !all.isPending && onClose()}
      title={t('manyTitle', { count })}
      footer={
        <div className="flex flex-wrap items-center gap-2">
          <Button
            disabled={!data || all.isPending}
            pending={one.isPending}
            onClick={() => data && one.mutate({ deadLetterId: data.id, versionId: versionId ?? undefined })}
          >
            {t('tryOne')}
          </Button>
          <span className="flex-1" />
          <Button variant="ghost" onClick={onClose} disabled={all.isPending}>
            {words('cancel')}
          </Button>
          <Button variant="primary" disabled={!data || one.isPending} pending={all.isPending} onClick={() => all.mutate()}>
            {!all.isPending && <RotateCcw />}
            {all.isPending ? t('progress', { done: progress, count }) : t('resolveAll', { count })}
          </Button>
        </div>
      }
    >
      {sample.isError && <ErrorState error={sample.error} onRetry={() => sample.refetch()} />}
      {(sample.isPending || plan.isPending) && !sample.isError && !plan.isError && <Skeleton className="mx-6 h-60" />}
      {data && (
        <section className="flex flex-col gap-3 px-6 pb-4 phone:px-4">
          <p className="text-text-2">
            <Sentence text={t('manyText', { step: data.nodeTitle, message: spoken(data.message) })} />
          </p>
          <Field label={t('version')} className="w-56 phone:w-full">
            <Select
              value={versionId ?? ''}
              onValueChange={(next) => setVersionId(next || null)}
              options={[
                { value: '', label: t('asTheyRan') },
                ...(data.liveVersion && data.liveVersion.id !== data.versionId
                  ? [{ value: data.liveVersion.id, label: t('liveVersion', { version: data.liveVersion.number }) }]
                  : []),
              ]}
            />
          </Field>
        </section>
      )}
      {plan.isError && <ErrorState error={plan.error} onRetry={() => plan.refetch()} className="py-6" />}
      {plan.data && <ReplayPlan plan={plan.data} count={count} />}
      {failure && (
        <p role="alert" className="mx-6 mb-4 rounded-md border border-failed-border bg-failed-subtle px-3 py-2 text-failed">
          {failure.title} {failure.hint}
        </p>
      )}
    </Drawer>
  )
}

function chunks<Item>(items: readonly Item[], size: number) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}
