'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { CredentialDialog } from '@/components/credentials/credential-dialog'
import { useOrganization } from '@/components/frame/organization'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'
import { calledHere } from '@/workflows/templates/called-here'
import type { Blank, BlankValues } from './blank'
import { ScheduleBlank } from './schedule-blank'

/** What there is to fill in now: some blanks wait until the one before them was changed. */
export function shownBlanks(blanks: readonly Blank[], values: BlankValues): Blank[] {
  return blanks.filter((blank) => {
    if (!blank.after) return true
    const before = blanks.find((one) => one.key === blank.after)
    const given = values[blank.after]
    return given !== undefined && given !== '' && given !== before?.value
  })
}

/** With the label and help that its node's parameter has on this page. */
export function blankInWords(blank: Blank, graph: { nodes: { id: string; type: string }[] }): Blank {
  const type = graph.nodes.find((node) => node.id === blank.nodeId)?.type ?? ''
  const form = catalogue.get(type)?.form as Record<string, FieldHint> | undefined
  const hint = form?.[blank.key.slice(blank.nodeId.length + 1)]
  const named = { ...blank, nodeTitle: calledHere(blank.nodeTitle) }
  return hint ? { ...named, label: hint.label, help: hint.help ?? null } : named
}

/** One blank of a template, asked for as its kind wants it. */
export function BlankField({
  blank,
  alone,
  values,
  onChange,
}: {
  blank: Blank
  /** No other one has this label. */
  alone: boolean
  values: BlankValues
  onChange: (value: BlankValues[string] | undefined) => void
}) {
  const t = useTranslations('marketplace')
  const given = values[blank.key]
  const text = typeof given === 'string' ? given : typeof blank.value === 'string' ? blank.value : ''
  const named = blank.kind !== 'text' || !alone
  const label = named ? t('labelOf', { label: blank.label, step: blank.nodeTitle }) : blank.label
  const help = blank.help ?? (named ? undefined : t('ofStep', { step: blank.nodeTitle }))
  switch (blank.kind) {
    case 'credential':
      return <CredentialBlank blank={blank} label={label} value={text} onChange={onChange} />
    case 'model':
      return (
        <Field label={label}>
          <ModelInput credentialId={String(values[blank.after ?? ''] ?? '')} value={text} onChange={onChange} />
        </Field>
      )
    case 'people':
      return (
        <Field label={label} help={help}>
          <PeopleChoice label={label} chosen={Array.isArray(given) ? given : []} onChange={onChange} />
        </Field>
      )
    case 'schedule':
      return <ScheduleBlank blank={blank} value={typeof given === 'object' && !Array.isArray(given) ? given : null} onChange={onChange} />
    default:
      return (
        <Field label={label} help={help}>
          {text.length > 60 || text.includes('\n') ? (
            <Textarea value={text} onChange={(event) => onChange(event.target.value)} rows={4} />
          ) : (
            <Input value={text} onChange={(event) => onChange(event.target.value)} />
          )}
        </Field>
      )
  }
}

/** One that is there, or a new one made on the spot. */
function CredentialBlank({
  blank,
  label,
  value,
  onChange,
}: {
  blank: Blank
  label: string
  value: string
  onChange: (value: string | undefined) => void
}) {
  const t = useTranslations('marketplace.credential')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const [creating, setCreating] = useState(false)
  const query = useQuery(trpc.credentials.list.queryOptions({ limit: 100 }))
  const { credentialTypes } = blank
  const fitting = (query.data?.items ?? []).filter((one) => credentialTypes.length === 0 || credentialTypes.includes(one.type))
  return (
    <div>
      <Field
        label={label}
        help={blank.help}
        trailing={
          can('credential.edit') && (
            <button
              type="button"
              onClick={() => setCreating(true)}
              className="inline-flex items-center gap-1 text-12 font-medium text-accent-text hover:underline"
            >
              <Plus aria-hidden className="size-3" />
              {t('new')}
            </button>
          )
        }
      >
        <Select
          value={value}
          onValueChange={(next) => onChange(next || undefined)}
          disabled={!can('credential.use')}
          options={[{ value: '', label: t('none') }, ...fitting.map((one) => ({ value: one.id, label: one.name }))]}
        />
      </Field>
      <CredentialDialog open={creating} onOpenChange={setCreating} fitting={credentialTypes} onCreated={onChange} />
    </div>
  )
}

/** Models that the chosen provider names; another one may be typed where it names none. */
function ModelInput({
  credentialId,
  value,
  onChange,
  ...field
}: {
  credentialId: string
  value: string
  onChange: (value: string) => void
  id?: string
}) {
  const t = useTranslations('forms.model')
  const trpc = useTRPC()
  const query = useQuery(trpc.credentials.models.queryOptions({ credentialId }, { enabled: credentialId !== '', staleTime: 60_000 }))
  const names = query.data?.items ?? []
  if (names.length === 0 && !query.isPending)
    return (
      <Input
        {...field}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="mono"
        placeholder={t('namePlaceholder')}
      />
    )
  return (
    <Select
      {...field}
      value={value}
      onValueChange={onChange}
      disabled={query.isPending}
      options={[{ value: 'practice', label: t('practice') }, ...names.map((name) => ({ value: name, label: name }))]}
    />
  )
}

function PeopleChoice({ label, chosen, onChange }: { label: string; chosen: string[]; onChange: (value: string[] | undefined) => void }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.people.list.queryOptions(undefined, { staleTime: 60_000 }))
  const members = (query.data?.members ?? []).filter((one) => one.status === 'active')
  return (
    // biome-ignore lint/a11y/useSemanticElements: check boxes of one field
    <div role="group" aria-label={label} className="max-h-44 divide-y overflow-y-auto rounded-md border border-border-strong">
      {members.map((member) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside
        <label key={member.userId} className="flex h-9 items-center gap-2 px-3 hover:bg-hover phone:h-11">
          <Checkbox
            aria-label={member.name}
            checked={chosen.includes(member.userId)}
            onCheckedChange={(on) => {
              const others = chosen.filter((one) => one !== member.userId)
              const next = on === true ? [...others, member.userId] : others
              onChange(next.length > 0 ? next : undefined)
            }}
          />
          <span className="truncate">{member.name}</span>
        </label>
      ))}
    </div>
  )
}
