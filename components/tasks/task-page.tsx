'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, ChevronLeft, ExternalLink, X } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { problemOf } from '@/components/api/problem'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { SchemaForm } from '@/components/forms/schema-form'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { IconButton } from '@/components/ui/icon-button'
import { Markdown } from '@/components/ui/markdown'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusIcon } from '@/components/ui/status-icon'
import { Textarea } from '@/components/ui/textarea'
import type { Json } from '@/workflows/graph/schema'
import { Fact } from './fact'
import { TaskState } from './task-state'

/** Facts before opinion, the decision fixed at the bottom: made for one hand on a phone. */
export function TaskPage({ taskId }: { taskId: string }) {
  const t = useTranslations('tasks')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const router = useRouter()
  const { path } = useOrganization()
  const noteId = useId()
  const [comment, setComment] = useState('')
  const [values, setValues] = useState<Json>({})
  const task = useQuery(trpc.tasks.get.queryOptions({ taskId }))
  const open = useQuery(trpc.tasks.list.queryOptions({ state: 'open', limit: 100 }))
  const others = open.data?.items ?? []
  const place = others.findIndex((one) => one.id === taskId)
  const next = others.find((one, index) => one.id !== taskId && (place < 0 || index > place)) ?? others.find((one) => one.id !== taskId)
  const refresh = async () => {
    for (const key of [trpc.tasks.pathKey(), trpc.organizations.pathKey(), trpc.home.pathKey()])
      await queryClient.invalidateQueries({ queryKey: key })
  }
  const decide = useMutation(
    trpc.tasks.decide.mutationOptions({
      meta: { inline: true },
      onSuccess: refresh,
      // Someone else was faster: the answer below then says who.
      onError: (error) => {
        if (problemOf(error)?.code === 'CONFLICT') void refresh()
      },
    }),
  )
  const data = task.data
  const answer = (decision: 'approved' | 'declined') =>
    decide.mutate({ taskId, decision, comment: comment.trim() || undefined, ...(data?.form ? { values } : {}) })
  const failure = decide.error ? sentences(decide.error, words) : null
  const decidable = data?.state === 'open' && data.canDecide
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-ground">
      <header className="flex h-13 shrink-0 items-center gap-1 px-2 md:h-16 md:px-4">
        <IconButton label={t('back')} className="size-11" onClick={() => router.push(path('/tasks'))}>
          <ChevronLeft className="size-5" />
        </IconButton>
        <span className="num flex-1 text-center text-14 font-medium">
          {place >= 0 ? t('place', { place: place + 1, total: others.length }) : t('task')}
        </span>
        {data ? (
          <IconButton label={t('seeRun')} className="size-11" asChild>
            <Link href={path(`/runs/${data.runId}`)}>
              <ExternalLink className="size-4.5" />
            </Link>
          </IconButton>
        ) : (
          <span className="size-11" />
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-160 flex-col gap-3 px-4 pt-1 pb-6">
          {task.isError && <ErrorState error={task.error} onRetry={() => task.refetch()} />}
          {task.isPending && <Skeleton className="h-80 rounded-lg" />}
          {data && (
            <>
              <div>
                <div className="mb-2 flex flex-wrap items-center gap-2">
                  <TaskState task={data} filled />
                  <span className="text-12 text-text-3">
                    {data.assignees.length > 0 ? t('for', { names: data.assignees.map((one) => one.name).join(', ') }) : data.workflow.name}
                  </span>
                </div>
                {data.state === 'open' && (data.reminders > 0 || data.escalatedAt) && (
                  <p className="mb-2 flex flex-wrap items-center gap-x-2 text-12 text-text-3">
                    {data.reminders > 0 && (
                      <span>
                        {t('reminded', { count: data.reminders })} · <RelativeTime at={data.remindedAt} />
                      </span>
                    )}
                    {data.escalatedAt && (
                      <span>
                        {t('escalated')} · <RelativeTime at={data.escalatedAt} />
                      </span>
                    )}
                  </p>
                )}
                <h1 className="text-20 font-semibold tracking-[-0.02em] text-pretty">{data.title}</h1>
              </div>
              {data.facts.length > 0 && (
                <Card className="px-4 py-1">
                  <dl className="divide-y divide-border">
                    {data.facts.map((fact) => (
                      <Fact key={fact.label} {...fact} />
                    ))}
                  </dl>
                </Card>
              )}
              {data.description && (
                <Card className="px-4 py-3">
                  <div className="text-14 break-words text-text-2">
                    <Markdown text={data.description} />
                  </div>
                </Card>
              )}
              {data.votes.length > 0 && (
                <Card className="px-4 py-3">
                  <p className="mb-1 font-medium">
                    {t('votes', { count: data.votes.filter((vote) => vote.decision === 'approved').length, needed: data.needed })}
                  </p>
                  <ul className="flex flex-col gap-1">
                    {data.votes.map((vote) => (
                      <li key={vote.by.id} className="flex items-center gap-2 text-text-2">
                        <StatusIcon status={vote.decision === 'approved' ? 'succeeded' : 'cancelled'} />
                        <span className="min-w-0 flex-1 truncate">
                          {t(`decided.${vote.decision}`, { name: vote.by.name })}
                          {vote.comment && ` · ${vote.comment}`}
                        </span>
                        <RelativeTime at={vote.at} className="text-12 text-text-3" />
                      </li>
                    ))}
                  </ul>
                </Card>
              )}
              {decidable && data.form !== null && (
                <Card className="px-4 py-3">
                  <SchemaForm schema={data.form as { [key: string]: Json }} value={values} onChange={setValues} />
                </Card>
              )}
              {decidable && (
                <section className="flex flex-col gap-1">
                  <label htmlFor={noteId} className="font-medium text-text-2">
                    {t('note')} <span className="font-normal text-text-3">{t('noteHelp')}</span>
                  </label>
                  <Textarea
                    id={noteId}
                    value={comment}
                    onChange={(event) => setComment(event.target.value)}
                    rows={2}
                    maxLength={4000}
                    placeholder={t('notePlaceholder')}
                    className="rounded-lg px-3 py-2.5"
                  />
                </section>
              )}
              {data.state === 'open' && !data.canDecide && (
                <p className="text-text-2">{t(data.votes.length > 0 ? 'othersToo' : 'notYours')}</p>
              )}
              {data.state !== 'open' && (
                <Card className="flex items-start gap-3 px-4 py-3">
                  <StatusIcon
                    status={data.state === 'approved' ? 'succeeded' : data.state === 'expired' ? 'failed' : 'cancelled'}
                    className="mt-0.5"
                  />
                  <div className="min-w-0 flex-1">
                    <p className="font-medium">
                      {data.decidedBy ? t(`decided.${data.state}`, { name: data.decidedBy.name }) : t(`state.${data.state}`)}
                    </p>
                    {data.comment && <p className="mt-1 break-words whitespace-pre-wrap text-text-2">{data.comment}</p>}
                  </div>
                  <RelativeTime at={data.decidedAt} className="text-12 text-text-3" />
                </Card>
              )}
              {failure && (
                <p role="alert" className="text-failed">
                  {failure.title} {failure.hint}
                </p>
              )}
            </>
          )}
        </div>
      </div>
      {data && (decidable || (data.state !== 'open' && next)) && (
        <footer className="shrink-0 border-t bg-surface pt-3 pb-[max(12px,env(safe-area-inset-bottom))]">
          <div className="mx-auto flex max-w-160 gap-3 px-4">
            {decidable ? (
              <>
                <Button size="xl" className="flex-1" disabled={decide.isPending} onClick={() => answer('declined')}>
                  <X className="size-4" />
                  {t('decline')}
                </Button>
                <Button size="xl" variant="primary" className="flex-[1.4]" pending={decide.isPending} onClick={() => answer('approved')}>
                  {!decide.isPending && <Check className="size-4" />}
                  {t('approve')}
                </Button>
              </>
            ) : (
              next && (
                <Button size="xl" variant="primary" className="flex-1" asChild>
                  <Link href={path(`/tasks/${next.id}`)}>{t('next')}</Link>
                </Button>
              )
            )}
          </div>
        </footer>
      )}
    </div>
  )
}
