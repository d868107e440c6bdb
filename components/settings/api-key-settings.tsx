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
import { roles, rolesBelow } from '@/components/people/roles'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Dialog } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Listing } from '@/components/ui/listing'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { ShownOnce } from '@/components/ui/shown-once'
import { type Column, Table } from '@/components/ui/table'
import { Section } from './section'

type Key = Outputs['apiKeys']['list']['items'][number]

const lives = { '30': 30, '90': 90, '365': 365, never: null } as const

export function ApiKeySettings() {
  const t = useTranslations('settings.keys')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const query = useQuery(trpc.apiKeys.list.queryOptions())
  const revoke = useMutation(
    trpc.apiKeys.revoke.mutationOptions({
      onSettled: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.apiKeys.pathKey() })
        setRevoking(null)
      },
    }),
  )
  const columns: Column<Key>[] = [
    {
      id: 'name',
      header: t('name'),
      cell: ({ row: { original: one } }) => (
        <>
          <span className="font-medium">{one.name}</span> <span className="mono text-text-3">{one.hint}</span>
        </>
      ),
    },
    { id: 'role', header: t('role'), cell: ({ row: { original: one } }) => words(`role.${one.role}`) },
    {
      id: 'by',
      header: t('by'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => <span className="text-text-2">{one.createdBy.name}</span>,
    },
    {
      id: 'used',
      header: t('used'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) =>
        one.lastUsedAt ? <RelativeTime at={one.lastUsedAt} className="text-text-2" /> : <span className="text-text-3">{t('never')}</span>,
    },
    {
      id: 'expires',
      header: t('expires'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) =>
        one.expiresAt ? <RelativeTime at={one.expiresAt} className="text-text-2" /> : <span className="text-text-3">{t('never')}</span>,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{words('more')}</span>,
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => (
        <Button size="sm" variant="ghost" className="text-failed hover:text-failed" onClick={() => setRevoking(one)}>
          {t('revoke')}
        </Button>
      ),
    },
  ]
  return (
    <Section
      title={t('title')}
      description={
        <>
          {t('description')}{' '}
          <a href="/api/docs" className="font-medium text-accent-text underline underline-offset-2">
            {t('docs')}
          </a>
        </>
      }
      actions={
        <Button onClick={() => setMaking(true)}>
          <Plus />
          {t('new')}
        </Button>
      }
    >
      <Listing query={query} empty={<EmptyState title={t('emptyTitle')} description={t('emptyText')} className="py-8" />}>
        {(items, loading) => (
          <Table rows={items} columns={columns} getId={(one) => one.id} label={t('title')} loading={loading} skeletonRows={2} />
        )}
      </Listing>
      {making && <KeyDialog onClose={() => setMaking(false)} />}
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={t('revokeTitle', { name: revoking?.name ?? '' })}
        description={t('revokeText')}
        confirm={t('revoke')}
        pending={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate({ apiKeyId: revoking.id })}
      />
    </Section>
  )
}

function KeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.keys')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { me } = useOrganization()
  const form = useForm({
    resolver: zodResolver(
      z.object({
        name: z.string().trim().min(1, words('nameNeeded')).max(120),
        role: z.enum(roles),
        life: z.enum(['30', '90', '365', 'never']),
      }),
    ),
    defaultValues: { name: '', role: 'operator' as (typeof roles)[number], life: '90' as keyof typeof lives },
  })
  const create = useMutation(
    trpc.apiKeys.create.mutationOptions({
      meta: { inline: true },
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.apiKeys.pathKey() }),
    }),
  )
  const failure = create.error ? sentences(create.error, words) : null
  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={t('madeTitle')}
        footer={
          <Button variant="primary" onClick={onClose}>
            {words('done')}
          </Button>
        }
      >
        <ShownOnce value={create.data.token} label={t('token')} copy={t('copyToken')} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('new')}
      description={t('newText')}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button type="submit" form="api-key" variant="primary" pending={create.isPending}>
            {t('submit')}
          </Button>
        </>
      }
    >
      <form
        id="api-key"
        noValidate
        className="flex flex-col gap-5"
        onSubmit={form.handleSubmit(({ name, role, life }) => {
          const days = lives[life]
          create.mutate({ name, role, expiresAt: days === null ? undefined : new Date(Date.now() + days * 86_400_000) })
        })}
      >
        <FormField control={form.control} name="name" label={t('name')} help={t('nameHelp')}>
          {(field) => <Input {...field} autoFocus autoComplete="off" />}
        </FormField>
        <FormField control={form.control} name="role" label={t('role')}>
          {(field) => (
            <Select
              value={field.value}
              onValueChange={field.onChange}
              options={rolesBelow(me.role).map((role) => ({ value: role, label: words(`role.${role}`) }))}
            />
          )}
        </FormField>
        <FormField control={form.control} name="life" label={t('expires')}>
          {(field) => (
            <Select
              value={field.value}
              onValueChange={field.onChange}
              options={Object.keys(lives).map((value) => ({ value, label: t(`life.${value}`) }))}
            />
          )}
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
