'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Copy, Download, GitCompare, History, PenLine, RotateCw, SlidersHorizontal } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactElement, useState } from 'react'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { NameDialog } from '@/components/frame/name-dialog'
import { useOrganization } from '@/components/frame/organization'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { toast } from '@/components/ui/toaster'
import { useEditor } from './editor-context'

/** What can be done with the workflow as a whole, around the button with its name. */
export function WorkflowMenu({ children }: { children: ReactElement }) {
  const t = useTranslations('editor.top')
  const { workflow, ui, editor } = useEditor()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const router = useRouter()
  const { path } = useOrganization()
  const [renaming, setRenaming] = useState(false)
  const update = useMutation(
    trpc.workflows.update.mutationOptions({
      onSuccess: () => {
        setRenaming(false)
        void queryClient.invalidateQueries({ queryKey: trpc.workflows.pathKey() })
      },
    }),
  )
  const duplicate = useMutation(
    trpc.workflows.duplicate.mutationOptions({ onSuccess: ({ workflowId }) => router.push(path(`/workflows/${workflowId}`)) }),
  )
  const exportFile = async () => {
    await editor.flush()
    const document_ = await client.workflows.export.query({ workflowId: workflow.id })
    download(`${workflow.name}.json`, JSON.stringify(document_, null, 2))
    toast.success(t('exported'))
  }
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>{children}</DropdownMenuTrigger>
        <DropdownMenuContent>
          {!editor.readOnly && (
            <DropdownMenuItem icon={<PenLine />} onSelect={() => setRenaming(true)}>
              {t('rename')}
            </DropdownMenuItem>
          )}
          <DropdownMenuItem icon={<SlidersHorizontal />} onSelect={() => ui.setState({ dialog: 'settings' })}>
            {t('settings')}
          </DropdownMenuItem>
          <DropdownMenuItem icon={<Copy />} onSelect={() => duplicate.mutate({ workflowId: workflow.id })}>
            {t('duplicate')}
          </DropdownMenuItem>
          <DropdownMenuItem icon={<Download />} onSelect={() => void exportFile()}>
            {t('export')}
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem icon={<History />} onSelect={() => ui.setState({ dialog: 'versions' })}>
            {t('history')}
          </DropdownMenuItem>
          <DropdownMenuItem icon={<GitCompare />} onSelect={() => router.push(path(`/workflows/${workflow.id}/versions`))}>
            {t('compare')}
          </DropdownMenuItem>
          <DropdownMenuItem icon={<RotateCw />} onSelect={() => router.push(path(`/schedules?workflowId=${workflow.id}`))}>
            {t('schedules', { count: workflow.schedules })}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <NameDialog
        key={workflow.name}
        open={renaming}
        onOpenChange={setRenaming}
        title={t('renameTitle')}
        label={t('name')}
        submit={t('rename')}
        initial={workflow.name}
        pending={update.isPending}
        onSubmit={(name) => update.mutate({ workflowId: workflow.id, name })}
      />
    </>
  )
}

function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
