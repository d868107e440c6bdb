'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { NameDialog } from './name-dialog'
import { useReloadOrganizations } from './organization'

export function NewProjectDialog({
  open,
  onOpenChange,
  onCreated,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onCreated?: (projectId: string) => void
}) {
  const t = useTranslations('frame')
  const trpc = useTRPC()
  const reload = useReloadOrganizations()
  const create = useMutation(
    trpc.projects.create.mutationOptions({
      meta: { inline: true },
      onSuccess: async (project) => {
        await reload()
        onOpenChange(false)
        onCreated?.(project.id)
      },
    }),
  )
  return (
    <NameDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('newProject')}
      description={t('newProjectDescription')}
      label={t('projectName')}
      submit={t('createProject')}
      pending={create.isPending}
      error={create.error}
      onSubmit={(name) => create.mutate({ name })}
    />
  )
}
