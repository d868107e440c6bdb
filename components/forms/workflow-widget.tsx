'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Select } from '@/components/ui/select'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

/** Workflows of the organization by name; what is stored is the id, so renaming one changes nothing. */
export function WorkflowWidget({ id, hint, value, onChange }: WidgetProps) {
  const { readOnly } = useNodeForm()
  return (
    <WorkflowSelect id={id} label={hint.label} value={typeof value === 'string' ? value : ''} onChange={onChange} readOnly={readOnly} />
  )
}

export function WorkflowSelect({
  id,
  label,
  value: chosen,
  onChange,
  readOnly,
}: {
  id?: string
  label: string
  value: string
  onChange: (workflowId: string | undefined) => void
  readOnly?: boolean
}) {
  const t = useTranslations('forms.workflow')
  const trpc = useTRPC()
  const { path } = useOrganization()
  const query = useQuery(trpc.workflows.list.queryOptions({ sort: 'name', limit: 100 }))
  const known = query.data?.items.some((one) => one.id === chosen)
  return (
    <div className="flex flex-col gap-1">
      <Select
        {...(id ? { id } : {})}
        size="lg"
        aria-label={label}
        disabled={readOnly}
        value={chosen}
        onValueChange={(next) => onChange(next === '' ? undefined : next)}
        placeholder={query.isPending ? t('loading') : t('choose')}
        options={[
          { value: '', label: t('none') },
          ...(query.data?.items ?? []).map((one) => ({
            value: one.id,
            label: one.name,
            text: one.name,
            description: one.live ? t('live', { version: one.live.version }) : t('notLive'),
          })),
          ...(chosen && !known && query.data ? [{ value: chosen, label: t('gone') }] : []),
        ]}
      />
      {chosen && known && (
        <Link
          href={path(`/workflows/${chosen}`)}
          target="_blank"
          className="self-start text-12 font-medium text-accent-text hover:underline"
        >
          {t('open')}
        </Link>
      )}
    </div>
  )
}
