'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { NameDialog } from './name-dialog'

export function NewOrganizationDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('frame')
  const trpc = useTRPC()
  const create = useMutation(
    trpc.organizations.create.mutationOptions({
      meta: { inline: true },
      // The list of organizations above the frame is another query client's, so the page starts anew.
      onSuccess: ({ slug }) => window.location.assign(`/o/${slug}`),
    }),
  )
  return (
    <NameDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('newOrganization')}
      description={t('newOrganizationDescription')}
      label={t('organizationName')}
      submit={t('createOrganization')}
      pending={create.isPending || create.isSuccess}
      error={create.error}
      onSubmit={(name) => create.mutate({ name })}
    />
  )
}
