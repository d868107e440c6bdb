'use client'

import { useMutation } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type DragEvent, useId, useState } from 'react'
import { problemOf } from '@/components/api/problem'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { useProject } from '@/components/frame/use-project'
import { GraphPicture } from '@/components/marketplace/graph-picture'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Sentence } from '@/components/ui/sentence'
import { Textarea } from '@/components/ui/textarea'
import { limits } from '@/workflows/limits'
import { readDocument } from './read-document'

export function ImportWorkflowDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('workflows.importing')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const router = useRouter()
  const { path } = useOrganization()
  const { projectId } = useProject()
  const [text, setText] = useState('')
  const [name, setName] = useState<string | null>(null)
  const [dragging, setDragging] = useState(false)
  const [fileProblem, setFileProblem] = useState<string | null>(null)
  const fileId = useId()
  const read = readDocument(text)
  const bring = useMutation(
    trpc.workflows.import.mutationOptions({
      meta: { inline: true },
      onSuccess: ({ workflowId }) => router.push(path(`/workflows/${workflowId}`)),
    }),
  )
  const change = (next: boolean) => {
    if (!next) {
      setText('')
      setName(null)
      setFileProblem(null)
      bring.reset()
    }
    onOpenChange(next)
  }
  const take = async (file: File | undefined) => {
    if (!file) return
    setFileProblem(null)
    if (file.size > limits.graphBytes) return setFileProblem(t('tooLarge', { megabytes: limits.graphBytes / 1024 / 1024 }))
    bring.reset()
    setName(null)
    setText(await file.text())
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setDragging(false)
    void take(event.dataTransfer.files[0])
  }
  const failure = bring.error ? sentences(bring.error, words) : null
  const problems = problemOf(bring.error)?.problems ?? []
  const shownName = name ?? (read.ok ? read.name : '')
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={t('title')}
      description={t('description')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={() => change(false)}>
            {words('cancel')}
          </Button>
          <Button
            variant="primary"
            disabled={!read.ok}
            pending={bring.isPending || bring.isSuccess}
            onClick={() => read.ok && bring.mutate({ document: read.document, projectId, name: shownName.trim() || undefined })}
          >
            {t('submit')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <label
          htmlFor={fileId}
          onDragOver={(event) => {
            event.preventDefault()
            setDragging(true)
          }}
          onDragLeave={() => setDragging(false)}
          onDrop={drop}
          className={cn(
            'flex min-h-24 flex-col items-center justify-center gap-1 rounded-lg border border-dashed border-border-strong bg-surface px-4 text-center text-text-2 transition-colors focus-within:border-accent hover:bg-hover',
            dragging && 'border-accent bg-accent-subtle text-accent-text',
          )}
        >
          <FileUp aria-hidden className="size-5 text-text-3" />
          <span>
            {t('drop')} <span className="font-medium text-accent-text">{t('choose')}</span>
          </span>
          <input
            id={fileId}
            type="file"
            accept="application/json,.json"
            className="sr-only"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        </label>
        <Field
          label={t('paste')}
          error={fileProblem ?? (text.trim() && !read.ok ? t(`problem.${read.problem}`, { detail: read.detail }) : null)}
        >
          <Textarea
            mono
            rows={6}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              bring.reset()
            }}
            placeholder={'{ "millrace": 1, "name": "…", "graph": { … } }'}
          />
        </Field>
        {read.ok && (
          <>
            <GraphPicture graph={read.graph} className="rounded-lg border" />
            <Field label={t('name')} help={t('nodes', { count: read.graph.nodes.length })}>
              <Input value={shownName} onChange={(event) => setName(event.target.value)} />
            </Field>
          </>
        )}
        {failure && (
          <div role="alert" className="rounded-md border border-failed-border bg-failed-subtle px-3 py-2 text-failed">
            <p className="font-medium">{failure.title}</p>
            {failure.hint && <p>{failure.hint}</p>}
            {problems.length > 0 && (
              <ul className="mt-2 list-disc pl-5">
                {problems.slice(0, 10).map((problem) => (
                  <li key={`${problem.code}${problem.nodeId}${problem.pointer}`}>
                    <Sentence text={problem.message} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
      </div>
    </Dialog>
  )
}
