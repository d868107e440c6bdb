'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { problemOf } from '@/components/api/problem'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { useDraft, useEditor, useFoundProblems, useUi } from '@/components/editor/editor-context'
import { ProblemList } from '@/components/editor/problem-list'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Sentence } from '@/components/ui/sentence'
import { Skeleton } from '@/components/ui/skeleton'
import { Textarea } from '@/components/ui/textarea'
import { toast } from '@/components/ui/toaster'
import { DiffList } from './diff-list'

/** Publishes the draft with a note and the difference to what is live. With problems it lists them and publishes nothing. */
export function PublishDialog() {
  const open = useUi((state) => state.dialog === 'publish')
  const problems = useFoundProblems()
  if (!open) return null
  return problems.some((problem) => problem.severity === 'error') ? <ProblemsBox /> : <PublishBox />
}

function ProblemsBox() {
  const t = useTranslations('versions.publish')
  const { ui } = useEditor()
  const problems = useFoundProblems()
  const errors = problems.filter((problem) => problem.severity === 'error').length
  const close = () => ui.setState({ dialog: null })
  return (
    <Dialog open onOpenChange={(open) => !open && close()} title={t('notYet')} description={t('fixFirst', { count: errors })} width="lg">
      <div className="-mx-6 -mb-5 border-t px-2 py-1">
        <ProblemList errorsOnly onGo={close} />
      </div>
    </Dialog>
  )
}

function PublishBox() {
  const t = useTranslations('versions.publish')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { ui, workflow, editor } = useEditor()
  const [note, setNote] = useState('')
  const saved = useDraft((state) => state.pending.length === 0)
  const revision = useDraft((state) => state.confirmed.revision)
  const liveId = workflow.live?.versionId
  const diff = useQuery(
    trpc.workflows.compare.queryOptions(
      { workflowId: workflow.id, from: liveId ?? 'draft', to: 'draft' },
      { enabled: liveId !== undefined && saved, staleTime: 0 },
    ),
  )
  const close = () => ui.setState({ dialog: null })
  const publish = useMutation(
    trpc.workflows.publish.mutationOptions({
      meta: { inline: true },
      onSuccess: ({ number, unchanged }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.workflows.pathKey() })
        toast.success(unchanged ? t('unchanged', { number }) : t('done', { number }))
        close()
      },
    }),
  )
  const refused = problemOf(publish.error)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('title', { name: workflow.name })}
      description={liveId ? t('description', { version: workflow.live?.version ?? 0 }) : t('first')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            variant="primary"
            pending={publish.isPending || !saved}
            onClick={() => {
              void editor
                .flush()
                .then(() => publish.mutate({ workflowId: workflow.id, revision: editor.getState().confirmed.revision, note }))
            }}
          >
            {t('publish')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Field label={t('note')} optional={t('optional')}>
          <Textarea
            rows={2}
            maxLength={2000}
            value={note}
            placeholder={t('notePlaceholder')}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        {refused && (
          <div role="alert" className="rounded-lg border border-failed-border bg-failed-subtle p-3">
            <p className="font-medium text-failed">
              <Sentence text={sentences(publish.error, words).title} />
            </p>
            {sentences(publish.error, words).hint && <p className="mt-1 text-12 text-text-2">{sentences(publish.error, words).hint}</p>}
            {refused.problems?.map((problem) => (
              <p key={`${problem.code}/${problem.nodeId}/${problem.pointer}`} className="mt-1 text-12 text-text-2">
                <Sentence text={problem.message} />
              </p>
            ))}
          </div>
        )}
        {liveId ? (
          diff.data ? (
            <DiffList key={revision} diff={diff.data} />
          ) : diff.isError ? (
            <p className="text-12 text-text-2">{t('noDiff')}</p>
          ) : (
            <Skeleton className="h-20 w-full" />
          )
        ) : (
          <p className="text-text-2">{t('firstLine')}</p>
        )}
      </div>
    </Dialog>
  )
}
