'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { RadioList } from '@/components/ui/radio-list'
import { Select } from '@/components/ui/select'
import { ShownOnce } from '@/components/ui/shown-once'
import { roles, rolesBelow } from './roles'

/** Makes a link that lets one person in; it is shown this once. */
export function InviteDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('people')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { me, projects } = useOrganization()
  const form = useForm({
    resolver: zodResolver(z.object({ email: z.email(t('emailNeeded')), role: z.enum(roles), projectId: z.string() })),
    defaultValues: { email: '', role: 'builder' as (typeof roles)[number], projectId: '' },
  })
  const invite = useMutation(
    trpc.people.invite.mutationOptions({
      meta: { inline: true },
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() }),
    }),
  )
  const change = (next: boolean) => {
    if (!next) {
      invite.reset()
      form.reset()
    }
    onOpenChange(next)
  }
  const failure = invite.error ? sentences(invite.error, words) : null
  if (invite.data) {
    return (
      <Dialog
        open={open}
        onOpenChange={change}
        title={t('linkTitle')}
        description={t('linkDescription', { email: form.getValues('email') })}
        footer={
          <Button variant="primary" onClick={() => change(false)}>
            {words('done')}
          </Button>
        }
      >
        <ShownOnce value={invite.data.url} label={t('link')} copy={t('copyLink')} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={t('invite')}
      description={t('inviteDescription')}
      footer={
        <>
          <Button variant="ghost" onClick={() => change(false)}>
            {words('cancel')}
          </Button>
          <Button type="submit" form="invite" variant="primary" pending={invite.isPending}>
            {t('makeLink')}
          </Button>
        </>
      }
    >
      <form
        id="invite"
        noValidate
        className="flex flex-col gap-5"
        onSubmit={form.handleSubmit(({ email, role, projectId }) => invite.mutate({ email, role, projectId: projectId || undefined }))}
      >
        <FormField control={form.control} name="email" label={t('column.email')}>
          {(field) => <Input {...field} type="email" autoFocus autoComplete="off" />}
        </FormField>
        <FormField control={form.control} name="role" label={t('column.role')}>
          {(field) => (
            <RadioList
              value={field.value}
              onValueChange={field.onChange}
              options={rolesBelow(me.role).map((role) => ({ value: role, label: words(`role.${role}`), description: t(`may.${role}`) }))}
            />
          )}
        </FormField>
        {projects.length > 1 && (
          <FormField control={form.control} name="projectId" label={t('where')}>
            {(field) => (
              <Select
                value={field.value}
                onValueChange={field.onChange}
                options={[
                  { value: '', label: t('everywhere') },
                  ...projects.map((one) => ({ value: one.id, label: t('onlyIn', { project: one.name }) })),
                ]}
              />
            )}
          </FormField>
        )}
        {failure && (
          <p role="alert" className="text-failed">
            {failure.title} {failure.hint}
          </p>
        )}
      </form>
    </Dialog>
  )
}
