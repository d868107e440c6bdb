'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { FormField } from '@/components/ui/field'
import { isJson } from '@/components/ui/is-json'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'

export function StartRunDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('runs.starting')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const router = useRouter()
  const { path } = useOrganization()
  const workflows = useQuery(trpc.workflows.list.queryOptions({ limit: 100, sort: 'name' }, { enabled: open }))
  const form = useForm({
    resolver: zodResolver(z.object({ workflowId: z.string().min(1, t('workflowNeeded')), input: z.string().refine(isJson, t('notJson')) })),
    defaultValues: { workflowId: '', input: '{}' },
  })
  const start = useMutation(
    trpc.runs.start.mutationOptions({ meta: { inline: true }, onSuccess: ({ runId }) => router.push(path(`/runs/${runId}`)) }),
  )
  const failure = start.error ? sentences(start.error, words) : null
  const published = (workflows.data?.items ?? []).filter((one) => one.live)
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      description={t('description')}
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            {words('cancel')}
          </Button>
          <Button type="submit" form="start-run" variant="primary" pending={start.isPending || start.isSuccess}>
            {t('submit')}
          </Button>
        </>
      }
    >
      <form
        id="start-run"
        className="flex flex-col gap-5"
        onSubmit={form.handleSubmit(({ workflowId, input }) =>
          start.mutate({ workflowId, input: JSON.parse(input || '{}'), version: 'live' }),
        )}
      >
        <FormField
          control={form.control}
          name="workflowId"
          label={t('workflow')}
          help={published.length === 0 ? t('nonePublished') : undefined}
        >
          {(field) => (
            <Select
              value={field.value}
              onValueChange={field.onChange}
              placeholder={t('choose')}
              options={published.map((one) => ({ value: one.id, label: `${one.name} v${one.live?.version}` }))}
            />
          )}
        </FormField>
        <FormField control={form.control} name="input" label={t('input')} help={t('inputHelp')}>
          {(field) => <Textarea {...field} mono rows={8} />}
        </FormField>
        {failure && (
          <p role="alert" className="text-failed">
            {failure.title} {failure.hint}
          </p>
        )}
      </form>
    </Dialog>
  )
}
