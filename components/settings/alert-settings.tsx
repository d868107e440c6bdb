'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { Controller, useForm } from 'react-hook-form'
import { z } from 'zod'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Listing } from '@/components/ui/listing'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import type { Status } from '@/components/ui/status'
import { StatusBadge } from '@/components/ui/status-badge'
import { type Column, Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toaster'
import { FormCard, Section } from './section'

type Target = Outputs['alerts']['target']['target']
type Alert = Outputs['alerts']['list']['items'][number]
type Kind = Alert['kind']

const kinds = ['task.opened', 'task.reminder', 'task.escalated', 'run.failed'] as const satisfies readonly Kind[]
const wordOf = (kind: Kind) => kind.replace('.', '_') as 'task_opened'
const looks: Record<Alert['state'], Status> = { waiting: 'waiting', sent: 'succeeded', failed: 'failed' }

export function AlertSettings() {
  const t = useTranslations('settings.alerts')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const query = useQuery(trpc.alerts.target.queryOptions())
  return (
    <>
      <Section title={t('title')} description={t('description')}>
        {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
        {query.isPending && <Skeleton className="h-60 rounded-lg" />}
        {query.data && can('settings.edit') && <TargetForm target={query.data.target} />}
        {query.data && !can('settings.edit') && (
          <p className="text-text-2">{query.data.target ? t('notYours', { host: query.data.target.host }) : t('nowhere')}</p>
        )}
      </Section>
      <Recent />
    </>
  )
}

function TargetForm({ target }: { target: Target }) {
  const t = useTranslations('settings.alerts')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { can } = useOrganization()
  const credentials = useQuery({ ...trpc.credentials.list.queryOptions({ limit: 100 }), enabled: can('credential.read') })
  const shared = (credentials.data?.items ?? []).filter((one) => one.projectId === null && one.type.startsWith('http.'))
  const form = useForm({
    resolver: zodResolver(
      z.object({
        url: z.url({ protocol: /^https?$/, error: t('urlNeeded') }),
        credentialId: z.string(),
        kinds: z.array(z.enum(kinds)).min(1, t('kindNeeded')),
      }),
    ),
    values: { url: target?.url ?? '', credentialId: target?.credentialId ?? '', kinds: target?.kinds ?? [...kinds] },
  })
  const reload = () => queryClient.invalidateQueries({ queryKey: trpc.alerts.pathKey() })
  const done = (words: string) => async () => {
    await reload()
    toast.success(words)
  }
  const save = useMutation(trpc.alerts.setTarget.mutationOptions({ onSuccess: done(t('saved')) }))
  const remove = useMutation(trpc.alerts.removeTarget.mutationOptions({ onSuccess: done(t('removed')) }))
  const test = useMutation(
    trpc.alerts.test.mutationOptions({
      onSuccess: ({ ok, error }) => (ok ? toast.success(t('tested')) : toast.error(t('testFailed'), { description: error ?? '' })),
    }),
  )
  return (
    <FormCard
      onSubmit={form.handleSubmit(({ credentialId, ...values }) => save.mutate({ ...values, credentialId: credentialId || null }))}
      footer={
        <>
          {target && (
            <>
              <Button variant="ghost" className="text-failed hover:text-failed" onClick={() => remove.mutate()} pending={remove.isPending}>
                {t('remove')}
              </Button>
              <Button onClick={() => test.mutate()} pending={test.isPending} disabled={form.formState.isDirty}>
                {t('test')}
              </Button>
            </>
          )}
          <Button type="submit" variant="primary" disabled={!form.formState.isDirty} pending={save.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <FormField control={form.control} name="url" label={t('url')} help={t('urlHelp')}>
        {(field) => <Input {...field} type="url" inputMode="url" autoComplete="off" />}
      </FormField>
      <FormField control={form.control} name="credentialId" label={t('credential')} help={t('credentialHelp')}>
        {({ onChange, value }) => (
          <Select
            value={value}
            onValueChange={onChange}
            options={[{ value: '', label: t('credentialNone') }, ...shared.map((one) => ({ value: one.id, label: one.name }))]}
          />
        )}
      </FormField>
      <Controller
        control={form.control}
        name="kinds"
        render={({ field, fieldState }) => (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1 font-medium">{t('kinds')}</legend>
            {kinds.map((kind) => (
              // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is its control
              <label key={kind} className="flex items-center gap-2.5">
                <Checkbox
                  checked={field.value.includes(kind)}
                  onCheckedChange={(on) =>
                    field.onChange(on === true ? [...field.value, kind] : field.value.filter((one: Kind) => one !== kind))
                  }
                />
                {t(`kind.${wordOf(kind)}`)}
              </label>
            ))}
            {fieldState.error && (
              <p role="alert" className="text-12 text-failed">
                {fieldState.error.message}
              </p>
            )}
          </fieldset>
        )}
      />
    </FormCard>
  )
}

function Recent() {
  const t = useTranslations('settings.alerts')
  const trpc = useTRPC()
  const query = useQuery(trpc.alerts.list.queryOptions())
  const columns: Column<Alert>[] = [
    {
      id: 'what',
      header: t('what'),
      cell: ({ row: { original: one } }) => <span className="font-medium">{t(`kind.${wordOf(one.kind)}`)}</span>,
    },
    {
      id: 'became',
      header: t('became'),
      cell: ({ row: { original: one } }) => (
        <span className="flex flex-wrap items-center gap-2">
          <StatusBadge status={looks[one.state]}>{t(`state.${one.state}`)}</StatusBadge>
          {one.error && <span className="text-text-3">{one.error}</span>}
        </span>
      ),
    },
    {
      id: 'when',
      header: t('when'),
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => <RelativeTime at={one.createdAt} className="text-text-2" />,
    },
  ]
  return (
    <Section title={t('recent')}>
      <Listing query={query} empty={<EmptyState title={t('recentNone')} description={t('recentNoneText')} className="py-8" />}>
        {(items, loading) => (
          <Table rows={items} columns={columns} getId={(one) => one.id} label={t('recent')} loading={loading} skeletonRows={3} />
        )}
      </Listing>
    </Section>
  )
}
