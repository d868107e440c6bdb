'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Dialog } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Listing } from '@/components/ui/listing'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { type Column, Table } from '@/components/ui/table'
import { Textarea } from '@/components/ui/textarea'
import type { Json } from '@/workflows/graph/schema'
import { Section } from './section'

type Variable = Outputs['variables']['list']['items'][number]

export function VariableSettings() {
  const t = useTranslations('settings.variables')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { can, projects } = useOrganization()
  const [editing, setEditing] = useState<Variable | 'new' | null>(null)
  const [removing, setRemoving] = useState<Variable | null>(null)
  const query = useQuery(trpc.variables.list.queryOptions({}))
  const remove = useMutation(
    trpc.variables.remove.mutationOptions({
      onSettled: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.variables.pathKey() })
        setRemoving(null)
      },
    }),
  )
  const mayEdit = can('variable.edit')
  const columns: Column<Variable>[] = [
    { id: 'name', header: t('name'), cell: ({ row: { original: one } }) => <span className="mono">vars.{one.name}</span> },
    {
      id: 'value',
      header: t('value'),
      cell: ({ row: { original: one } }) => <span className="mono block max-w-70 truncate text-text-2">{JSON.stringify(one.value)}</span>,
    },
    {
      id: 'description',
      header: t('about'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => <span className="block max-w-60 truncate text-text-2">{one.description}</span>,
    },
    {
      id: 'where',
      header: t('where'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => (
        <span className="text-text-2">
          {one.projectId ? projects.find((project) => project.id === one.projectId)?.name : t('everywhere')}
        </span>
      ),
    },
    {
      id: 'updated',
      header: t('changed'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) => <RelativeTime at={one.updatedAt} className="text-text-2" />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{words('more')}</span>,
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) =>
        mayEdit && (
          <>
            <Button size="sm" variant="ghost" onClick={() => setEditing(one)}>
              {words('edit')}
            </Button>
            <Button size="sm" variant="ghost" className="text-failed hover:text-failed" onClick={() => setRemoving(one)}>
              {words('remove')}
            </Button>
          </>
        ),
    },
  ]
  return (
    <Section
      title={t('title')}
      description={t('description')}
      actions={
        mayEdit && (
          <Button onClick={() => setEditing('new')}>
            <Plus />
            {t('new')}
          </Button>
        )
      }
    >
      <Listing query={query} empty={<EmptyState title={t('emptyTitle')} description={t('emptyText')} className="py-8" />}>
        {(items, loading) => (
          <Table rows={items} columns={columns} getId={(one) => one.id} label={t('title')} loading={loading} skeletonRows={3} />
        )}
      </Listing>
      {editing && (
        <VariableDialog
          key={editing === 'new' ? 'new' : editing.id}
          variable={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t('removeTitle', { name: removing?.name ?? '' })}
        description={t('removeText')}
        confirm={t('removeConfirm')}
        pending={remove.isPending}
        onConfirm={() => removing && remove.mutate({ variableId: removing.id })}
      />
    </Section>
  )
}

function VariableDialog({ variable, onClose }: { variable: Variable | null; onClose: () => void }) {
  const t = useTranslations('settings.variables')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { projects } = useOrganization()
  const form = useForm({
    resolver: zodResolver(
      z.object({
        name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,59}$/, t('nameRule')),
        value: z.string(),
        description: z.string().max(1000),
        projectId: z.string(),
      }),
    ),
    defaultValues: {
      name: variable?.name ?? '',
      value: variable ? textOf(variable.value) : '',
      description: variable?.description ?? '',
      projectId: variable?.projectId ?? '',
    },
  })
  const set = useMutation(
    trpc.variables.set.mutationOptions({
      meta: { inline: true },
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.variables.pathKey() })
        onClose()
      },
    }),
  )
  const failure = set.error ? sentences(set.error, words) : null
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={variable ? variable.name : t('new')}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button type="submit" form="variable" variant="primary" pending={set.isPending}>
            {words('save')}
          </Button>
        </>
      }
    >
      <form
        id="variable"
        noValidate
        className="flex flex-col gap-5"
        onSubmit={form.handleSubmit(({ name, value, description, projectId }) =>
          set.mutate({ name, value: readValue(value), description, projectId: projectId || null }),
        )}
      >
        <FormField control={form.control} name="name" label={t('name')} help={t('nameHelp')}>
          {(field) => <Input {...field} className="mono" disabled={variable !== null} autoComplete="off" />}
        </FormField>
        <FormField control={form.control} name="value" label={t('value')} help={t('valueHelp')}>
          {(field) => <Textarea {...field} mono rows={4} />}
        </FormField>
        <FormField control={form.control} name="description" label={t('about')} optional={words('optional')}>
          {(field) => <Input {...field} />}
        </FormField>
        {projects.length > 1 && (
          <FormField control={form.control} name="projectId" label={t('where')}>
            {(field) => (
              <Select
                value={field.value}
                onValueChange={field.onChange}
                disabled={variable !== null}
                options={[{ value: '', label: t('everywhere') }, ...projects.map((one) => ({ value: one.id, label: one.name }))]}
              />
            )}
          </FormField>
        )}
        {failure && (
          <p role="alert" className="text-failed">
            {failure.title} {failure.hint}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function textOf(value: Json) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** JSON where it is JSON, else the text itself: people type `true`, `42` and plain words alike. */
function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
