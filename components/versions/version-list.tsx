'use client'

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Tag, X } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { type Outputs, useTRPC, useTRPCClient } from '@/components/api/trpc'
import { NameDialog } from '@/components/frame/name-dialog'
import { useOrganization } from '@/components/frame/organization'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toaster'

type Version = Outputs['workflows']['versions']['items'][number]

export function useVersions(workflowId: string) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  // tRPC's own options for this would send a direction along, which the procedure refuses.
  return useInfiniteQuery({
    queryKey: [...trpc.workflows.versions.pathKey(), workflowId, 'pages'],
    queryFn: ({ pageParam: cursor, signal }) =>
      client.workflows.versions.query({ workflowId, limit: 50, ...(cursor ? { cursor } : {}) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

/** Every version, newest first: what it was for, who published it, how often it ran. */
export function VersionList({
  workflowId,
  canPublish,
  canEdit,
  beforeRestore,
}: {
  workflowId: string
  canPublish: boolean
  canEdit: boolean
  beforeRestore?: () => Promise<void>
}) {
  const t = useTranslations('versions')
  const query = useVersions(workflowId)
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  if (!query.data) return <Skeleton className="m-6 h-40" />
  const versions = query.data.pages.flatMap((page) => page.items)
  if (versions.length === 0) return <EmptyState title={t('none')} description={t('noneLine')} />
  return (
    <>
      <ol className="divide-y border-t">
        {versions.map((version) => (
          <Row
            key={version.id}
            version={version}
            workflowId={workflowId}
            canPublish={canPublish}
            canEdit={canEdit}
            beforeRestore={beforeRestore}
          />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button className="m-4" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </>
  )
}

function Row({
  version,
  workflowId,
  canPublish,
  canEdit,
  beforeRestore,
}: {
  version: Version
  workflowId: string
  canPublish: boolean
  canEdit: boolean
  beforeRestore?: () => Promise<void>
}) {
  const t = useTranslations('versions')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { path } = useOrganization()
  const [asking, setAsking] = useState<'live' | 'tag' | 'restore' | null>(null)
  const isLive = version.tags.includes('live')
  const reload = () => void queryClient.invalidateQueries({ queryKey: trpc.workflows.pathKey() })
  const tag = useMutation(
    trpc.workflows.tag.mutationOptions({
      meta: { inline: asking === 'tag' },
      onSuccess: (_, { name }) => {
        setAsking(null)
        reload()
        if (name === 'live') toast.success(t('madeLive', { number: version.number }))
      },
    }),
  )
  const untag = useMutation(trpc.workflows.untag.mutationOptions({ onSuccess: reload }))
  const restore = useMutation(
    trpc.workflows.restoreDraft.mutationOptions({
      onSuccess: () => {
        setAsking(null)
        reload()
        toast.success(t('restored', { number: version.number }))
      },
    }),
  )
  return (
    <li className="flex items-start gap-3 px-6 py-3">
      <span className="num w-10 shrink-0 font-semibold">v{version.number}</span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className={version.note ? '' : 'text-text-3'}>{version.note || t('noNote')}</span>
          {isLive && <Badge tone="succeeded">{t('live')}</Badge>}
          {version.tags
            .filter((name) => name !== 'live')
            .map((name) => (
              <Badge key={name}>
                <Tag aria-hidden />
                {name}
                {canPublish && (
                  <button
                    type="button"
                    aria-label={t('untag', { tag: name, number: version.number })}
                    disabled={untag.isPending}
                    onClick={() => untag.mutate({ workflowId, tag: name })}
                    className="-mr-1 rounded-sm p-0.5 hover:bg-hover"
                  >
                    <X aria-hidden />
                  </button>
                )}
              </Badge>
            ))}
        </p>
        <p className="mt-0.5 text-12 text-text-3">
          {version.publishedBy?.name ?? t('somebody')} · <RelativeTime at={version.createdAt} /> ·{' '}
          {version.runs.newest === null
            ? t('runs', { count: version.runs.total })
            : t('runsOfNewest', { count: version.runs.total, newest: version.runs.newest })}
          {version.runs.live > 0 && ` · ${t('stillRunning', { count: version.runs.live })}`}
        </p>
        <Link
          className="mt-1 inline-block rounded-sm text-12 font-medium text-accent-text hover:underline"
          href={path(`/workflows/${workflowId}/versions?from=${version.id}&to=draft`)}
        >
          {t('compareDraft')}
        </Link>
      </div>
      {(canPublish || canEdit) && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button size="sm" variant="ghost" className="w-7 px-0" aria-label={t('actions', { number: version.number })}>
              <Ellipsis />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            {canPublish && !isLive && <DropdownMenuItem onSelect={() => setAsking('live')}>{t('makeLive')}</DropdownMenuItem>}
            {canPublish && <DropdownMenuItem onSelect={() => setAsking('tag')}>{t('tag')}</DropdownMenuItem>}
            {canEdit && <DropdownMenuItem onSelect={() => setAsking('restore')}>{t('restore')}</DropdownMenuItem>}
          </DropdownMenuContent>
        </DropdownMenu>
      )}
      <ConfirmDialog
        open={asking === 'live'}
        onOpenChange={(open) => !open && setAsking(null)}
        destructive={false}
        title={t('makeLiveTitle', { number: version.number })}
        description={t('makeLiveLine')}
        confirm={t('makeLive')}
        pending={tag.isPending}
        onConfirm={() => tag.mutate({ workflowId, versionId: version.id, name: 'live' })}
      />
      <NameDialog
        open={asking === 'tag'}
        onOpenChange={(open) => !open && setAsking(null)}
        title={t('tagTitle', { number: version.number })}
        description={t('tagLine')}
        label={t('tagLabel')}
        submit={t('tagSubmit')}
        pending={tag.isPending}
        error={tag.error}
        onSubmit={(name) => tag.mutate({ workflowId, versionId: version.id, name })}
      />
      <ConfirmDialog
        open={asking === 'restore'}
        onOpenChange={(open) => !open && setAsking(null)}
        destructive={false}
        title={t('restoreTitle', { number: version.number })}
        description={t('restoreLine')}
        confirm={t('restore')}
        pending={restore.isPending}
        onConfirm={() => void (beforeRestore?.() ?? Promise.resolve()).then(() => restore.mutate({ workflowId, versionId: version.id }))}
      />
    </li>
  )
}
