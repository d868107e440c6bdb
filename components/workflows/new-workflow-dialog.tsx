'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { NameDialog } from '@/components/frame/name-dialog'
import { useOrganization } from '@/components/frame/organization'
import { useProject } from '@/components/frame/use-project'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'

export function NewWorkflowDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('workflows')
  const trpc = useTRPC()
  const router = useRouter()
  const { path, projects } = useOrganization()
  const { projectId } = useProject()
  const [chosen, setChosen] = useState<string | undefined>()
  const project = chosen ?? projectId ?? projects[0]?.id
  const create = useMutation(
    trpc.workflows.create.mutationOptions({
      meta: { inline: true },
      onSuccess: (workflow) => router.push(path(`/workflows/${workflow.workflowId}`)),
    }),
  )
  return (
    <NameDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('new')}
      description={t('newDescription')}
      label={t('name')}
      submit={t('create')}
      pending={create.isPending || create.isSuccess}
      error={create.error}
      onSubmit={(name) => create.mutate({ name, projectId: project })}
    >
      {projects.length > 1 && (
        <Field label={t('column.project')}>
          <Select value={project} onValueChange={setChosen} options={projects.map((one) => ({ value: one.id, label: one.name }))} />
        </Field>
      )}
    </NameDialog>
  )
}
