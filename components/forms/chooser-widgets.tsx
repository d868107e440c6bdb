'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus, RotateCw } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { CredentialDialog } from '@/components/credentials/credential-dialog'
import { useOrganization } from '@/components/frame/organization'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

/** Credentials of the kinds that fit, never their secrets. */
export function CredentialWidget({ id, hint, value, onChange }: WidgetProps) {
  const t = useTranslations('forms.credential')
  const trpc = useTRPC()
  const form = useNodeForm()
  const { path, can } = useOrganization()
  const query = useQuery(trpc.credentials.list.queryOptions({ projectId: form.projectId, limit: 100 }))
  const fitting = (query.data?.items ?? []).filter((one) => !hint.credentialTypes || hint.credentialTypes.includes(one.type))
  const [making, setMaking] = useState(false)
  const chosen = typeof value === 'string' ? value : ''
  const known = query.data?.items.some((one) => one.id === chosen)
  return (
    <div className="flex flex-col gap-1">
      <Select
        id={id}
        size="lg"
        aria-label={hint.label}
        disabled={form.readOnly || !can('credential.use')}
        value={chosen}
        onValueChange={(next) => onChange(next === '' ? undefined : next)}
        placeholder={query.isPending ? t('loading') : t('choose')}
        options={[
          { value: '', label: t('none') },
          ...fitting.map((one) => ({
            value: one.id,
            label: one.name,
            text: one.name,
            description: one.hasSecret ? t('usedBy', { count: one.usedBy }) : t('noSecret'),
          })),
          ...(chosen && !known && query.data ? [{ value: chosen, label: t('gone') }] : []),
        ]}
      />
      <div className="flex items-center gap-3">
        {can('credential.edit') && !form.readOnly && (
          <Button variant="link" className="text-12" onClick={() => setMaking(true)}>
            <Plus />
            {t('create')}
          </Button>
        )}
        {can('credential.edit') && (
          <Link href={path('/credentials')} target="_blank" className="text-12 font-medium text-accent-text hover:underline">
            {t('manage')}
          </Link>
        )}
      </div>
      <CredentialDialog open={making} onOpenChange={setMaking} fitting={hint.credentialTypes} onCreated={onChange} />
    </div>
  )
}

/** Models of the chosen credential, the practice model first; another name may be typed. */
export function ModelWidget({ id, hint, value, fallback, params, onChange }: WidgetProps) {
  const t = useTranslations('forms.model')
  const trpc = useTRPC()
  const { readOnly } = useNodeForm()
  const credentialId = typeof params.credential === 'string' ? params.credential : ''
  const query = useQuery(trpc.credentials.models.queryOptions({ credentialId }, { enabled: credentialId !== '', staleTime: 60_000 }))
  const current = String(value ?? fallback ?? 'practice')
  const names = [...new Set(['practice', ...(query.data?.items ?? [])])]
  const known = names.includes(current)
  return (
    <div className="flex flex-col gap-1">
      <Select
        id={id}
        size="lg"
        aria-label={hint.label}
        disabled={readOnly}
        value={known ? current : '*'}
        onValueChange={(next) => onChange(next === '*' ? '' : next)}
        options={[
          ...names.map((name) => ({
            value: name,
            label: name === 'practice' ? t('practice') : name,
            description: name === 'practice' ? t('practiceLine') : undefined,
          })),
          ...(credentialId ? [{ value: '*', label: t('other') }] : known ? [] : [{ value: '*', label: current }]),
        ]}
      />
      {!known && (
        <Input
          aria-label={t('name')}
          size="lg"
          className="mono"
          placeholder={t('namePlaceholder')}
          value={String(value ?? '')}
          readOnly={readOnly}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {query.isFetching && <p className="text-12 text-text-3">{t('loading')}</p>}
      {!query.isFetching && (query.data?.problem || query.isError) && (
        <p className="flex items-center gap-2 text-12 text-waiting">
          <span className="flex-1">{query.data?.problem ?? t('failed')}</span>
          <Button variant="link" className="text-12" onClick={() => void query.refetch()}>
            <RotateCw />
            {t('again')}
          </Button>
        </p>
      )}
    </div>
  )
}

export function PeopleWidget({ id, hint, value, onChange }: WidgetProps) {
  const t = useTranslations('forms.people')
  const trpc = useTRPC()
  const { readOnly } = useNodeForm()
  const query = useQuery(trpc.people.list.queryOptions())
  const chosen = Array.isArray(value) ? value.map(String) : []
  const members = (query.data?.members ?? []).filter((one) => one.status === 'active')
  const toggle = (userId: string, on: boolean) => {
    const next = on ? [...chosen, userId] : chosen.filter((one) => one !== userId)
    onChange(next.length === 0 ? undefined : next)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: check boxes of one field
    <div id={id} role="group" aria-label={hint.label} className="max-h-52 divide-y overflow-y-auto rounded-md border border-border-strong">
      {query.isError && <p className="p-3 text-12 text-text-2">{t('failed')}</p>}
      {members.map((member) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside
        <label key={member.userId} className="flex h-9 items-center gap-2 px-3 hover:bg-hover">
          <Checkbox
            checked={chosen.includes(member.userId)}
            disabled={readOnly}
            onCheckedChange={(on) => toggle(member.userId, on === true)}
            aria-label={member.name}
          />
          <Avatar name={member.name} />
          <span className="truncate">{member.name}</span>
        </label>
      ))}
      {chosen
        .filter((userId) => query.data && !members.some((member) => member.userId === userId))
        .map((userId) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside
          <label key={userId} className="flex h-9 items-center gap-2 px-3 text-text-2">
            <Checkbox checked onCheckedChange={() => toggle(userId, false)} aria-label={t('left')} />
            {t('left')}
          </label>
        ))}
    </div>
  )
}
