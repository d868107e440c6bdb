'use client'

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, KeyRound, Pencil, PlugZap, Plus, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useCursor, useFilters } from '@/components/frame/url-state'
import { useOpenParam } from '@/components/frame/use-open-param'
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
import { EmptyState } from '@/components/ui/empty-state'
import { FilterChip } from '@/components/ui/filter-chip'
import { IconButton } from '@/components/ui/icon-button'
import { Listing } from '@/components/ui/listing'
import { Pagination } from '@/components/ui/pagination'
import { RelativeTime } from '@/components/ui/relative-time'
import { SearchInput } from '@/components/ui/search-input'
import { StatusIcon } from '@/components/ui/status-icon'
import { CellText, type Column, Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toaster'
import { CredentialDialog } from './credential-dialog'
import { CredentialDrawer } from './credential-drawer'
import type { CredentialRow } from './credential-row'
import { HeldCalls } from './held-calls'
import { useCredentialTest } from './use-credential-test'
import { useCredentialTypes } from './use-credential-types'

export function CredentialsPage() {
  const t = useTranslations('credentials')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const { filters, setFilters, clear, isFiltered } = useFilters({ search: 'one', type: 'one' })
  const { cursor, older, newer } = useCursor()
  const [creating, setCreating] = useOpenParam('new')
  const [openId, setOpenId] = useOpenParam('open')
  const [editing, setEditing] = useState<CredentialRow | null>(null)
  const [removing, setRemoving] = useState<CredentialRow | null>(null)
  const query = useQuery(
    trpc.credentials.list.queryOptions(
      { search: filters.search || undefined, type: filters.type || undefined, cursor },
      { placeholderData: keepPreviousData },
    ),
  )
  const types = useCredentialTypes()
  const titleOf = (type: string) => types.data?.items.find((one) => one.type === type)?.title ?? type
  const labelOf = (type: string, setting: string) =>
    types.data?.items.find((one) => one.type === type)?.settings.find((field) => field.name === setting)?.label ?? setting
  const mayEdit = can('credential.edit')
  const test = useCredentialTest()
  const columns: Column<CredentialRow>[] = [
    {
      id: 'name',
      header: t('column.name'),
      meta: { className: 'min-w-40' },
      cell: ({ row: { original: one } }) => (
        <span className="flex items-center gap-2">
          <CellText className="max-w-70" title={one.name}>
            <button
              type="button"
              onClick={() => setOpenId(one.id)}
              className="max-w-full truncate align-bottom font-medium hover:underline"
            >
              {one.name}
            </button>
          </CellText>
          {!one.hasSecret && (
            <Badge tone="failed">
              <StatusIcon status="failed" className="size-3" />
              {t('noSecret')}
            </Badge>
          )}
        </span>
      ),
    },
    {
      id: 'type',
      header: t('column.type'),
      cell: ({ row: { original: one } }) => <span className="text-text-2">{titleOf(one.type)}</span>,
    },
    {
      id: 'hosts',
      header: t('column.hosts'),
      meta: { wide: true, className: 'min-w-40' },
      cell: ({ row: { original: one } }) => (
        <CellText className="mono max-w-70 text-text-2" title={one.allowedHosts.join(', ')}>
          {one.allowedHosts.join(', ')}
        </CellText>
      ),
    },
    {
      id: 'used',
      header: t('column.usedBy'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) => <span className="text-text-2">{t('usedBy', { count: one.usedBy })}</span>,
    },
    {
      id: 'last',
      header: t('column.lastUsed'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) =>
        one.lastUsedAt ? <RelativeTime at={one.lastUsedAt} className="text-text-2" /> : <span className="text-text-3">{t('never')}</span>,
    },
    {
      id: 'menu',
      header: () => <span className="sr-only">{t('column.actions')}</span>,
      meta: { align: 'right', className: 'w-10 pr-1' },
      cell: ({ row: { original: one } }) => (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <IconButton label={t('actionsOf', { name: one.name })} size="sm">
              <Ellipsis className="size-4" />
            </IconButton>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem icon={<PlugZap />} onSelect={() => test.run(one)}>
              {t('test')}
            </DropdownMenuItem>
            {mayEdit && (
              <>
                <DropdownMenuItem icon={<Pencil />} onSelect={() => setEditing(one)}>
                  {t('edit')}
                </DropdownMenuItem>
                <DropdownMenuSeparator />
                <DropdownMenuItem icon={<Trash2 />} destructive onSelect={() => setRemoving(one)}>
                  {t('remove')}
                </DropdownMenuItem>
              </>
            )}
          </DropdownMenuContent>
        </DropdownMenu>
      ),
    },
  ]
  return (
    <Page
      beside={openId !== null}
      title={t('title')}
      actions={
        mayEdit && (
          <Button variant="primary" onClick={() => setCreating('1')}>
            <Plus />
            {t('new')}
          </Button>
        )
      }
    >
      <HeldCalls />
      {(isFiltered || (query.data?.items.length ?? 1) > 0) && (
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <SearchInput
            value={filters.search}
            onValueChange={(search) => setFilters({ search })}
            placeholder={t('searchPlaceholder')}
            className="w-64 phone:w-full"
          />
          <FilterChip
            label={t('column.type')}
            options={(types.data?.items ?? []).map((one) => ({ value: one.type, label: one.title }))}
            values={filters.type ? [filters.type] : []}
            onChange={([type]) => setFilters({ type: type ?? '' })}
          />
        </div>
      )}
      <Listing
        query={query}
        isFiltered={isFiltered}
        onClear={clear}
        empty={
          <EmptyState
            title={t('emptyTitle')}
            description={t('emptyDescription')}
            picture={<KeyRound aria-hidden className="size-6 text-text-3" />}
          >
            {mayEdit && (
              <Button onClick={() => setCreating('1')}>
                <Plus />
                {t('new')}
              </Button>
            )}
          </EmptyState>
        }
      >
        {(items, loading) => (
          <>
            <Table
              rows={items}
              columns={columns}
              getId={(one) => one.id}
              label={t('title')}
              loading={loading}
              onOpen={(one) => setOpenId(one.id)}
            />
            <Pagination onNewer={newer} onOlder={older(query.data?.nextCursor)} />
          </>
        )}
      </Listing>
      <CredentialDialog open={creating !== null} onOpenChange={(open) => setCreating(open ? '1' : null)} />
      {editing && <CredentialDialog key={editing.id} open credential={editing} onOpenChange={(open) => !open && setEditing(null)} />}
      {openId && (
        <CredentialDrawer
          key={openId}
          id={openId}
          titleOf={titleOf}
          labelOf={labelOf}
          onClose={() => setOpenId(null)}
          onEdit={(one) => {
            setOpenId(null)
            setEditing(one)
          }}
        />
      )}
      <RemoveCredential credential={removing} onClose={() => setRemoving(null)} />
    </Page>
  )
}

function RemoveCredential({ credential, onClose }: { credential: CredentialRow | null; onClose: () => void }) {
  const t = useTranslations('credentials')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.credentials.remove.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.credentials.pathKey() })
        toast.success(t('removed'))
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open={credential !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('removeTitle', { name: credential?.name ?? '' })}
      description={t('removeDescription', { count: credential?.usedBy ?? 0 })}
      confirm={t('removeConfirm')}
      pending={remove.isPending}
      onConfirm={() => credential && remove.mutate({ credentialId: credential.id })}
    />
  )
}
