'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { NameDialog } from '@/components/frame/name-dialog'
import { NewProjectDialog } from '@/components/frame/new-project-dialog'
import { useOrganization, useReloadOrganizations } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { ErrorState } from '@/components/ui/error-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { type Column, Table } from '@/components/ui/table'
import { Section } from './section'

type Project = Outputs['projects']['list']['items'][number]

export function ProjectSettings() {
  const t = useTranslations('settings.projects')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const reload = useReloadOrganizations()
  const { can } = useOrganization()
  const [making, setMaking] = useState(false)
  const [renaming, setRenaming] = useState<Project | null>(null)
  const [removing, setRemoving] = useState<Project | null>(null)
  const query = useQuery(trpc.projects.list.queryOptions())
  const refresh = () => Promise.all([queryClient.invalidateQueries({ queryKey: trpc.projects.pathKey() }), reload()])
  const rename = useMutation(
    trpc.projects.rename.mutationOptions({
      meta: { inline: true },
      onSuccess: async () => {
        await refresh()
        setRenaming(null)
      },
    }),
  )
  const remove = useMutation(
    trpc.projects.remove.mutationOptions({
      onSettled: async () => {
        await refresh()
        setRemoving(null)
      },
    }),
  )
  const mayEdit = can('settings.edit')
  const columns: Column<Project>[] = [
    { id: 'name', header: t('name'), cell: ({ row: { original: one } }) => <span className="font-medium">{one.name}</span> },
    { id: 'workflows', header: t('workflows'), meta: { align: 'right' }, cell: ({ row: { original: one } }) => one.workflows },
    {
      id: 'roles',
      header: t('roles'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => (
        <span className="block max-w-80 truncate text-text-2">
          {one.roles.map((role) => `${role.name} (${words(`role.${role.role}`)})`).join(', ')}
        </span>
      ),
    },
    {
      id: 'created',
      header: t('created'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) => <RelativeTime at={one.createdAt} className="text-text-2" />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{words('more')}</span>,
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) =>
        mayEdit && (
          <>
            <Button size="sm" variant="ghost" onClick={() => setRenaming(one)}>
              {t('rename')}
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
          <Button onClick={() => setMaking(true)}>
            <Plus />
            {t('new')}
          </Button>
        )
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <Table
          rows={query.data?.items ?? []}
          columns={columns}
          getId={(one) => one.id}
          label={t('title')}
          loading={query.isPending}
          skeletonRows={2}
        />
      )}
      <NewProjectDialog
        open={making}
        onOpenChange={setMaking}
        onCreated={() => void queryClient.invalidateQueries({ queryKey: trpc.projects.pathKey() })}
      />
      <NameDialog
        open={renaming !== null}
        onOpenChange={(open) => !open && setRenaming(null)}
        title={t('renameTitle', { name: renaming?.name ?? '' })}
        label={t('name')}
        submit={words('save')}
        initial={renaming?.name}
        pending={rename.isPending}
        error={rename.error}
        onSubmit={(name) => renaming && rename.mutate({ projectId: renaming.id, name })}
      />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t('removeTitle', { name: removing?.name ?? '' })}
        description={t('removeText', { count: removing?.workflows ?? 0 })}
        confirm={t('removeConfirm')}
        pending={remove.isPending}
        onConfirm={() => removing && remove.mutate({ projectId: removing.id })}
      />
    </Section>
  )
}
