'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, LogOut, UserMinus, UserPlus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useOpenParam } from '@/components/frame/use-open-param'
import { Avatar } from '@/components/ui/avatar'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { ErrorState } from '@/components/ui/error-state'
import { IconButton } from '@/components/ui/icon-button'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { type Column, Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toaster'
import { InviteDialog } from './invite-dialog'
import type { Member } from './member'
import { PersonRolesDialog } from './person-roles-dialog'
import { rolesBelow } from './roles'

type Invitation = Outputs['people']['list']['invitations'][number]

export function PeoplePage() {
  const t = useTranslations('people')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { can, me, projects } = useOrganization()
  const [inviting, setInviting] = useOpenParam('new')
  const [removing, setRemoving] = useState<Member | null>(null)
  const [leaving, setLeaving] = useState<Member | null>(null)
  const [projectRolesOf, setProjectRolesOf] = useState<string | null>(null)
  const query = useQuery(trpc.people.list.queryOptions())
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() })
  const setRole = useMutation(trpc.people.setRole.mutationOptions({ onSettled: refresh }))
  const remove = useMutation(
    trpc.people.remove.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast.success(t('removed', { name: removing?.name ?? '' }))
        setRemoving(null)
      },
    }),
  )
  const signOut = useMutation(
    trpc.people.signOutEverywhere.mutationOptions({
      onSuccess: () => {
        toast.success(t('signedOut', { name: leaving?.name ?? '' }))
        setLeaving(null)
      },
    }),
  )
  const revoke = useMutation(trpc.people.revokeInvitation.mutationOptions({ onSuccess: refresh }))
  const mayManage = can('people.manage')
  const assignable = rolesBelow(me.role)
  const members = query.data?.members ?? []
  const invitations = query.data?.invitations ?? []
  const projectName = (id: string) => projects.find((one) => one.id === id)?.name ?? ''

  const columns: Column<Member>[] = [
    {
      id: 'name',
      header: t('column.name'),
      cell: ({ row: { original: one } }) => (
        <span className="flex items-center gap-2.5">
          <Avatar name={one.name} />
          <span className="max-w-60 truncate font-medium">{one.name}</span>
          {one.userId === me.user.id && <Badge>{t('you')}</Badge>}
          {one.status === 'suspended' && <Badge tone="cancelled">{t('suspended')}</Badge>}
        </span>
      ),
    },
    {
      id: 'email',
      header: t('column.email'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => <span className="text-text-2">{one.email}</span>,
    },
    {
      id: 'role',
      header: t('column.role'),
      cell: ({ row: { original: one } }) =>
        mayManage && one.userId !== me.user.id && assignable.includes(one.role) ? (
          <Select
            size="sm"
            className="w-28"
            aria-label={t('roleOf', { name: one.name })}
            value={one.role}
            onValueChange={(role) => setRole.mutate({ userId: one.userId, role: role as Member['role'] })}
            options={assignable.map((role) => ({ value: role, label: words(`role.${role}`) }))}
          />
        ) : (
          words(`role.${one.role}`)
        ),
    },
    {
      id: 'projects',
      header: t('column.projects'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => (
        <span className="flex gap-1">
          {one.projectRoles.map((role) => (
            <Badge key={role.projectId}>
              {projectName(role.projectId)}: {words(`role.${role.role}`)}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      id: 'seen',
      header: t('column.seen'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) =>
        one.lastSeenAt ? <RelativeTime at={one.lastSeenAt} className="text-text-2" /> : <span className="text-text-3">{t('never')}</span>,
    },
    ...(mayManage
      ? [
          {
            id: 'menu',
            header: () => <span className="sr-only">{words('more')}</span>,
            meta: { align: 'right', className: 'w-10 pr-1 pl-0' },
            cell: ({ row: { original: one } }) => (
              <DropdownMenu>
                <DropdownMenuTrigger asChild>
                  <IconButton label={t('actionsOf', { name: one.name })} size="sm">
                    <Ellipsis className="size-4" />
                  </IconButton>
                </DropdownMenuTrigger>
                <DropdownMenuContent align="end">
                  <DropdownMenuItem icon={<UserPlus />} onSelect={() => setProjectRolesOf(one.userId)}>
                    {t('projectRoles')}
                  </DropdownMenuItem>
                  <DropdownMenuItem icon={<LogOut />} onSelect={() => setLeaving(one)}>
                    {t('signOutEverywhere')}
                  </DropdownMenuItem>
                  {one.userId !== me.user.id && (
                    <>
                      <DropdownMenuSeparator />
                      <DropdownMenuItem icon={<UserMinus />} destructive onSelect={() => setRemoving(one)}>
                        {t('remove')}
                      </DropdownMenuItem>
                    </>
                  )}
                </DropdownMenuContent>
              </DropdownMenu>
            ),
          } satisfies Column<Member>,
        ]
      : []),
  ]
  const invitationColumns: Column<Invitation>[] = [
    { id: 'email', header: t('column.email'), cell: ({ row: { original: one } }) => <span className="font-medium">{one.email}</span> },
    {
      id: 'role',
      header: t('column.role'),
      cell: ({ row: { original: one } }) =>
        [words(`role.${one.role}`), one.projectId && projectName(one.projectId)].filter(Boolean).join(' · '),
    },
    {
      id: 'by',
      header: t('column.invitedBy'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => <span className="text-text-2">{one.invitedBy}</span>,
    },
    {
      id: 'expires',
      header: t('column.expires'),
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => <RelativeTime at={one.expiresAt} className="text-text-2" />,
    },
    {
      id: 'revoke',
      header: () => <span className="sr-only">{words('more')}</span>,
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) =>
        mayManage && (
          <Button size="sm" variant="ghost" onClick={() => revoke.mutate({ invitationId: one.id })}>
            {t('revoke')}
          </Button>
        ),
    },
  ]
  const rolesOf = members.find((one) => one.userId === projectRolesOf)
  return (
    <Page
      title={t('title')}
      note={members.length > 0 && members.length}
      actions={
        mayManage && (
          <Button variant="primary" onClick={() => setInviting('1')}>
            <UserPlus />
            {t('invite')}
          </Button>
        )
      }
    >
      {query.isError && !query.data ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <Table
          rows={members}
          columns={columns}
          getId={(one) => one.membershipId}
          label={t('title')}
          loading={query.isPending}
          skeletonRows={4}
        />
      )}
      {invitations.length > 0 && (
        <section className="mt-8">
          <h2 className="mb-1 text-14 font-semibold">{t('invitations')}</h2>
          <Table rows={invitations} columns={invitationColumns} getId={(one) => one.id} label={t('invitations')} />
        </section>
      )}
      <InviteDialog open={inviting !== null} onOpenChange={(open) => setInviting(open ? '1' : null)} />
      {rolesOf && <PersonRolesDialog member={rolesOf} onClose={() => setProjectRolesOf(null)} />}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t('removeTitle', { name: removing?.name ?? '' })}
        description={t('removeDescription')}
        confirm={t('remove')}
        pending={remove.isPending}
        onConfirm={() => removing && remove.mutate({ userId: removing.userId })}
      />
      <ConfirmDialog
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t('signOutTitle', { name: leaving?.name ?? '' })}
        description={t('signOutDescription')}
        confirm={t('signOutEverywhere')}
        pending={signOut.isPending}
        onConfirm={() => leaving && signOut.mutate({ userId: leaving.userId })}
      />
    </Page>
  )
}
