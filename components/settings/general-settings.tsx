'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization, useReloadOrganizations } from '@/components/frame/organization'
import { TimeZoneInput } from '@/components/schedules/time-zone-input'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import { FormCard, Section } from './section'

export function GeneralSettings() {
  const t = useTranslations('settings.general')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const reload = useReloadOrganizations()
  const organization = useOrganization()
  const [deleting, setDeleting] = useState(false)
  const mayEdit = organization.can('settings.edit')
  const form = useForm({
    resolver: zodResolver(
      z.object({
        name: z.string().trim().min(1, words('nameNeeded')).max(120, words('nameLong')),
        timeZone: z.string().trim().min(1, t('zoneNeeded')),
        currency: z
          .string()
          .trim()
          .toUpperCase()
          .regex(/^[A-Z]{3}$/, t('currencyNeeded')),
      }),
    ),
    values: { name: organization.name, timeZone: organization.timeZone, currency: organization.currency },
  })
  const update = useMutation(
    trpc.organizations.update.mutationOptions({
      onSuccess: async () => {
        await Promise.all([queryClient.invalidateQueries({ queryKey: trpc.organizations.pathKey() }), reload()])
        toast.success(t('saved'))
      },
    }),
  )
  const remove = useMutation(trpc.organizations.delete.mutationOptions({ onSuccess: () => window.location.assign('/') }))
  return (
    <>
      <Section title={t('title')}>
        <FormCard
          onSubmit={form.handleSubmit((values) => update.mutate(values))}
          footer={
            <Button type="submit" variant="primary" disabled={!mayEdit || !form.formState.isDirty} pending={update.isPending}>
              {words('save')}
            </Button>
          }
        >
          <FormField control={form.control} name="name" label={t('name')}>
            {(field) => <Input {...field} disabled={!mayEdit} />}
          </FormField>
          <FormField control={form.control} name="timeZone" label={t('timeZone')} help={t('timeZoneHelp')}>
            {(field) => <TimeZoneInput {...field} disabled={!mayEdit} />}
          </FormField>
          <FormField control={form.control} name="currency" label={t('currency')} help={t('currencyHelp')}>
            {(field) => <Input {...field} disabled={!mayEdit} className="w-24" maxLength={3} />}
          </FormField>
        </FormCard>
      </Section>
      {organization.practice && (
        <Section title={t('practice')}>
          <Card className="flex items-start gap-3 p-5">
            <FlaskConical aria-hidden className="mt-0.5 size-4 shrink-0 text-text-3" />
            <div>
              <p className="flex items-center gap-2 font-medium">
                practice <Badge>{t('practiceOn')}</Badge>
              </p>
              <p className="mt-1 max-w-160 text-text-2">{t('practiceText')}</p>
            </div>
          </Card>
        </Section>
      )}
      {organization.can('organization.delete') && (
        <Section title={t('danger')}>
          <Card className="flex flex-wrap items-center gap-4 p-5">
            <div className="min-w-60 flex-1">
              <p className="font-medium">{t('delete')}</p>
              <p className="text-text-2">{t('deleteText')}</p>
            </div>
            <Button variant="danger" onClick={() => setDeleting(true)}>
              {t('delete')}
            </Button>
          </Card>
        </Section>
      )}
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={t('deleteTitle', { name: organization.name })}
        description={t('deleteText')}
        confirm={t('delete')}
        typeName={organization.name}
        pending={remove.isPending || remove.isSuccess}
        onConfirm={() => remove.mutate({ confirmName: organization.name })}
      />
    </>
  )
}
