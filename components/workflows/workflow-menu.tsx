'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Copy, Download, Ellipsis, GitCompare, Pencil, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { download } from '@/components/frame/download'
import { NameDialog } from '@/components/frame/name-dialog'
import { useOrganization } from '@/components/frame/organization'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { toast, toastWithUndo } from '@/components/ui/toaster'

export function WorkflowMenu({ workflow }: { workflow: { id: string; name: string } }) {
  const t = useTranslations('workflows')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const router = useRouter()
  const { can, path } = useOrganization()
  const [renaming, setRenaming] = useState(false)
  const workflowId = workflow.id
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.workflows.pathKey() })

  const restore = useMutation(trpc.workflows.restore.mutationOptions({ onSuccess: refresh }))
  const remove = useMutation(
    trpc.workflows.remove.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toastWithUndo(t('removed', { name: workflow.name }), { label: words('undo'), onUndo: () => restore.mutate({ workflowId }) })
      },
    }),
  )
  const duplicate = useMutation(
    trpc.workflows.duplicate.mutationOptions({ onSuccess: (copy) => router.push(path(`/workflows/${copy.workflowId}`)) }),
  )
  const rename = useMutation(
    trpc.workflows.update.mutationOptions({
      meta: { inline: true },
      onSuccess: async () => {
        await refresh()
        setRenaming(false)
      },
    }),
  )
  const exportAsFile = async () => {
    try {
      const document = await queryClient.fetchQuery(trpc.workflows.export.queryOptions({ workflowId }))
      download(`${fileName(workflow.name)}.json`, 'application/json', JSON.stringify(document, null, 2))
    } catch {
      toast.error(t('exportFailed'), { description: t('exportFailedHint') })
    }
  }
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton label={t('actionsOf', { name: workflow.name })} size="sm">
            <Ellipsis className="size-4" />
          </IconButton>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {can('workflow.edit') && (
            <>
              <DropdownMenuItem icon={<Pencil />} onSelect={() => setRenaming(true)}>
                {t('rename')}
              </DropdownMenuItem>
              <DropdownMenuItem icon={<Copy />} onSelect={() => duplicate.mutate({ workflowId })}>
                {t('duplicate')}
              </DropdownMenuItem>
            </>
          )}
          <DropdownMenuItem icon={<GitCompare />} onSelect={() => router.push(path(`/workflows/${workflowId}/versions`))}>
            {t('versions')}
          </DropdownMenuItem>
          <DropdownMenuItem icon={<Download />} onSelect={exportAsFile}>
            {t('export')}
          </DropdownMenuItem>
          {can('workflow.delete') && (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem icon={<Trash2 />} destructive onSelect={() => remove.mutate({ workflowId })}>
                {t('remove')}
              </DropdownMenuItem>
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <NameDialog
        open={renaming}
        onOpenChange={setRenaming}
        title={t('renameTitle', { name: workflow.name })}
        label={t('name')}
        submit={words('save')}
        initial={workflow.name}
        pending={rename.isPending}
        error={rename.error}
        onSubmit={(name) => rename.mutate({ workflowId, name })}
      />
    </>
  )
}

function fileName(name: string) {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'workflow'
  )
}
