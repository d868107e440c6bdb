'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useForm, useWatch } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { FormField } from '@/components/ui/field'
import { formatDay } from '@/components/ui/format'
import { Input } from '@/components/ui/input'
import { Listing } from '@/components/ui/listing'
import { Money } from '@/components/ui/money'
import { MoneyInput } from '@/components/ui/money-input'
import { microsFrom } from '@/components/ui/money-text'
import { type Column, Table } from '@/components/ui/table'
import { useTimeZone } from '@/components/ui/time-zone'
import { Section } from './section'

type Price = Outputs['modelPrices']['list']['items'][number]

export function ModelPriceSettings() {
  const t = useTranslations('settings.prices')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { can } = useOrganization()
  const timeZone = useTimeZone()
  const [making, setMaking] = useState(false)
  const query = useQuery(trpc.modelPrices.list.queryOptions({}))
  const remove = useMutation(
    trpc.modelPrices.remove.mutationOptions({ onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.modelPrices.pathKey() }) }),
  )
  const mayEdit = can('settings.edit')
  const columns: Column<Price>[] = [
    {
      id: 'model',
      header: t('model'),
      cell: ({ row: { original: one } }) => (
        <span className="flex items-center gap-2">
          <span className="font-medium">{one.model}</span>
          {one.provider && <span className="text-text-3">{one.provider}</span>}
          {one.builtIn && <Badge>{t('builtIn')}</Badge>}
        </span>
      ),
    },
    {
      id: 'input',
      header: t('input'),
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => <Money micros={one.inputMicros} currency={one.currency} />,
    },
    {
      id: 'output',
      header: t('output'),
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => <Money micros={one.outputMicros} currency={one.currency} />,
    },
    {
      id: 'from',
      header: t('from'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) => <span className="text-text-2">{formatDay(one.validFrom, { timeZone, year: true })}</span>,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{words('more')}</span>,
      meta: { align: 'right', className: 'w-24' },
      cell: ({ row: { original: one } }) =>
        mayEdit &&
        !one.builtIn && (
          <Button size="sm" variant="ghost" className="text-failed hover:text-failed" onClick={() => remove.mutate({ priceId: one.id })}>
            {words('remove')}
          </Button>
        ),
    },
  ]
  return (
    <Section
      title={t('title')}
      description={t('description')}
      actions={
        mayEdit && (
          <Button onClick={() => setMaking(true)}>
            <Plus />
            {t('new')}
          </Button>
        )
      }
    >
      <Listing query={query} empty={<EmptyState title={t('emptyTitle')} description={t('emptyText')} className="py-8" />}>
        {(items, loading) => (
          <Table rows={items} columns={columns} getId={(one) => one.id} label={t('title')} loading={loading} skeletonRows={4} />
        )}
      </Listing>
      {making && <PriceDialog onClose={() => setMaking(false)} />}
    </Section>
  )
}

function PriceDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.prices')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { currency } = useOrganization()
  const amount = z.string().refine((text) => microsFrom(text) !== null, t('amountRule'))
  const form = useForm({
    resolver: zodResolver(
      z.object({
        model: z.string().trim().min(1, t('modelNeeded')),
        input: amount,
        output: amount,
        currency: z
          .string()
          .trim()
          .toUpperCase()
          .regex(/^[A-Z]{3}$/, t('currencyRule')),
        validFrom: z.iso.date(t('dateRule')),
      }),
    ),
    defaultValues: { model: '', input: '', output: '', currency, validFrom: new Date().toISOString().slice(0, 10) },
  })
  const set = useMutation(
    trpc.modelPrices.set.mutationOptions({
      meta: { inline: true },
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.modelPrices.pathKey() })
        onClose()
      },
    }),
  )
  const typed = useWatch({ control: form.control, name: 'currency' }).toUpperCase()
  const chosen = /^[A-Z]{3}$/.test(typed) ? typed : currency
  const failure = set.error ? sentences(set.error, words) : null
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('new')}
      description={t('newText')}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button type="submit" form="price" variant="primary" pending={set.isPending}>
            {t('submit')}
          </Button>
        </>
      }
    >
      <form
        id="price"
        noValidate
        className="flex flex-col gap-5"
        onSubmit={form.handleSubmit((values) =>
          set.mutate({
            model: values.model,
            inputMicros: microsFrom(values.input) ?? 0,
            outputMicros: microsFrom(values.output) ?? 0,
            currency: values.currency,
            validFrom: new Date(`${values.validFrom}T00:00:00Z`),
          }),
        )}
      >
        <FormField control={form.control} name="model" label={t('model')} help={t('modelHelp')}>
          {(field) => <Input {...field} placeholder="gpt-5-mini" autoComplete="off" />}
        </FormField>
        <div className="grid grid-cols-2 gap-3">
          <FormField control={form.control} name="input" label={t('input')}>
            {({ value, onChange, ...field }) => (
              <MoneyInput {...field} micros={undefined} fallback={250_000} currency={chosen} text={value} onText={onChange} />
            )}
          </FormField>
          <FormField control={form.control} name="output" label={t('output')}>
            {({ value, onChange, ...field }) => (
              <MoneyInput {...field} micros={undefined} fallback={2_000_000} currency={chosen} text={value} onText={onChange} />
            )}
          </FormField>
          <FormField control={form.control} name="currency" label={t('currency')}>
            {(field) => <Input {...field} maxLength={3} />}
          </FormField>
          <FormField control={form.control} name="validFrom" label={t('from')}>
            {(field) => <Input {...field} type="date" />}
          </FormField>
        </div>
        {failure && (
          <p role="alert" className="text-failed">
            {failure.title} {failure.hint}
          </p>
        )}
      </form>
    </Dialog>
  )
}
