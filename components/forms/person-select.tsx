'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { Select } from '@/components/ui/select'

/** One member of the organization by name, or nobody; what is stored is the id. */
export function PersonSelect({
  label,
  value: chosen,
  onChange,
  readOnly,
}: {
  label: string
  value: string
  onChange: (userId: string | undefined) => void
  readOnly?: boolean
}) {
  const t = useTranslations('forms.people')
  const trpc = useTRPC()
  const query = useQuery(trpc.people.list.queryOptions())
  const members = (query.data?.members ?? []).filter((one) => one.status === 'active')
  const isKnown = members.some((one) => one.userId === chosen)
  return (
    <Select
      size="lg"
      aria-label={label}
      disabled={readOnly}
      value={chosen}
      onValueChange={(next) => onChange(next === '' ? undefined : next)}
      placeholder={query.isError ? t('failed') : t('nobody')}
      options={[
        { value: '', label: t('nobody') },
        ...members.map((one) => ({ value: one.userId, label: one.name })),
        ...(chosen && !isKnown && query.data ? [{ value: chosen, label: t('left') }] : []),
      ]}
    />
  )
}
