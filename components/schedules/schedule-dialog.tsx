'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { isJson } from '@/components/ui/is-json'
import { isTimeZone } from '@/components/ui/is-time-zone'
import { RadioList } from '@/components/ui/radio-list'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { CronField } from './cron-field'
import { hasBothDayFields } from './cron-text'
import { TimeZoneInput } from './time-zone-input'
import type { ScheduleRow } from './use-schedules'

export function ScheduleDialog({
  open,
  onOpenChange,
  schedule,
  step,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  schedule?: ScheduleRow
  /** What a new one starts, where that is known. */
  step?: { workflow: { id: string; name: string }; nodeId: string }
}) {
  const t = useTranslations('schedules.form')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { timeZone, can } = useOrganization()
  const id = useId()
  const given = schedule?.workflow ?? step?.workflow
  const workflows = useQuery(trpc.workflows.list.queryOptions({ limit: 100, sort: 'name' }, { enabled: open && !given }))
  const form = useForm({
    resolver: zodResolver(
      z
        .object({
          name: z.string().trim().min(1, words('nameNeeded')).max(120, words('nameLong')),
          workflowId: z.string().min(1, t('workflowNeeded')),
          cron: z.string().trim().min(1, t('cronNeeded')),
          timeZone: z.string().trim().refine(isTimeZone, t('zoneNeeded')),
          overlap: z.enum(['skip', 'start']),
          bothDayFields: z.enum(['either']).optional(),
          input: z.string().refine(isJson, t('notJson')),
        })
        .refine((values) => !hasBothDayFields(values.cron) || values.bothDayFields, { path: ['bothDayFields'], message: t('bothNeeded') }),
    ),
    values: {
      name: schedule?.name ?? step?.workflow.name ?? '',
      workflowId: given?.id ?? '',
      cron: schedule?.cron ?? '0 9 * * 1-5',
      timeZone: schedule?.timeZone ?? timeZone,
      overlap: schedule?.overlap ?? 'skip',
      bothDayFields: (schedule && hasBothDayFields(schedule.cron) ? 'either' : undefined) as 'either' | undefined,
      input: schedule?.input === undefined || schedule.input === null ? '' : JSON.stringify(schedule.input, null, 2),
    },
    resetOptions: { keepDirtyValues: true },
  })
  const onSuccess = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.schedules.pathKey() })
    form.reset()
    onOpenChange(false)
  }
  const create = useMutation(trpc.schedules.create.mutationOptions({ meta: { inline: true }, onSuccess }))
  const update = useMutation(trpc.schedules.update.mutationOptions({ meta: { inline: true }, onSuccess }))
  const submit = form.handleSubmit(({ input, workflowId, bothDayFields, ...values }) => {
    const shared = {
      ...values,
      // Left out it would stay as it was.
      input: input.trim() ? JSON.parse(input) : schedule ? null : undefined,
      bothDayFields: hasBothDayFields(values.cron) ? bothDayFields : undefined,
    }
    if (schedule) update.mutate({ scheduleId: schedule.id, ...shared })
    else create.mutate({ workflowId, nodeId: step?.nodeId, ...shared })
  })
  const error = create.error ?? update.error
  const failure = error ? sentences(error, words) : null
  const [cron, zone] = form.watch(['cron', 'timeZone'])
  const mayEdit = can('schedule.edit')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={schedule ? schedule.name : t('newTitle')}
      width="md"
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            {words(mayEdit ? 'cancel' : 'close')}
          </Button>
          {mayEdit && (
            <Button type="submit" form={id} variant="primary" pending={create.isPending || update.isPending}>
              {schedule ? words('save') : t('create')}
            </Button>
          )}
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate>
        <fieldset disabled={!mayEdit} className="flex min-w-0 flex-col gap-5">
          <FormField control={form.control} name="workflowId" label={t('workflow')}>
            {(field) => (
              <Select
                value={field.value}
                onValueChange={(value) => {
                  field.onChange(value)
                  const chosen = workflows.data?.items.find((one) => one.id === value)
                  if (chosen && !form.getValues('name')) form.setValue('name', chosen.name)
                }}
                disabled={Boolean(given)}
                placeholder={t('chooseWorkflow')}
                options={
                  given
                    ? [{ value: given.id, label: given.name }]
                    : (workflows.data?.items ?? []).map((one) => ({
                        value: one.id,
                        label: one.name,
                        description: one.live ? undefined : t('unpublished'),
                      }))
                }
              />
            )}
          </FormField>
          <FormField control={form.control} name="name" label={t('name')}>
            {(field) => <Input {...field} autoComplete="off" />}
          </FormField>
          <CronField control={form.control} cron={cron} timeZone={zone} />
          {hasBothDayFields(cron) && (
            <FormField control={form.control} name="bothDayFields" label={t('bothDays')}>
              {(field) => (
                <RadioList
                  value={field.value}
                  onValueChange={field.onChange}
                  options={[{ value: 'either', label: t('either'), description: t('eitherHelp') }]}
                />
              )}
            </FormField>
          )}
          <FormField control={form.control} name="timeZone" label={t('timeZone')}>
            {(field) => <TimeZoneInput {...field} />}
          </FormField>
          <FormField control={form.control} name="overlap" label={t('overlap')}>
            {(field) => (
              <Select
                value={field.value}
                onValueChange={field.onChange}
                options={[
                  { value: 'skip', label: t('overlapSkip') },
                  { value: 'start', label: t('overlapStart') },
                ]}
              />
            )}
          </FormField>
          <FormField control={form.control} name="input" label={t('input')} optional={words('optional')} help={t('inputHelp')}>
            {(field) => <Textarea {...field} mono rows={3} placeholder="{ }" />}
          </FormField>
          {failure && (
            <p role="alert" className="text-failed">
              {failure.title} {failure.hint}
            </p>
          )}
        </fieldset>
      </form>
    </Dialog>
  )
}
