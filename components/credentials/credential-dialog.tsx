'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { PasswordInput } from '@/components/signin/password-input'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { Textarea } from '@/components/ui/textarea'
import { toast } from '@/components/ui/toaster'
import type { CredentialRow } from './credential-row'
import { useCredentialTypes } from './use-credential-types'

type CredentialType = Outputs['credentials']['types']['items'][number]
type FieldSpec = CredentialType['settings'][number]

/** Asks for what the chosen type needs. Secrets go in and never come out: when editing, an empty one stays as it is. */
export function CredentialDialog({
  open,
  onOpenChange,
  credential,
  onCreated,
  fitting = [],
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  credential?: CredentialRow
  onCreated?: (credentialId: string) => void
  /** Only these types fit where the new one is wanted; none means all. */
  fitting?: readonly string[]
}) {
  const t = useTranslations('credentials')
  const types = useCredentialTypes(open)
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={credential ? credential.name : t('new')} description={t('secretNote')}>
      {types.isPending && <Skeleton className="h-60" />}
      {types.isError && <ErrorState error={types.error} onRetry={() => types.refetch()} />}
      {types.data && open && (
        <CredentialForm
          types={types.data.items.filter((one) => credential || fitting.length === 0 || fitting.includes(one.type))}
          credential={credential}
          onDone={() => onOpenChange(false)}
          onCreated={onCreated}
        />
      )}
    </Dialog>
  )
}

function CredentialForm({
  types,
  credential,
  onDone,
  onCreated,
}: {
  types: CredentialType[]
  credential?: CredentialRow
  onDone: () => void
  onCreated?: (credentialId: string) => void
}) {
  const t = useTranslations('credentials')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const id = useId()
  const [typeName, setTypeName] = useState(credential?.type ?? types[0]?.type ?? '')
  const [name, setName] = useState(credential?.name ?? '')
  const [settings, setSettings] = useState<Record<string, string>>(() => textsOf(credential?.settings ?? {}))
  const [secret, setSecret] = useState<Record<string, string>>({})
  const [hosts, setHosts] = useState(credential?.allowedHosts.join('\n') ?? '')
  const [asked, setAsked] = useState(false)
  const type = types.find((one) => one.type === typeName)
  const asksHosts = type !== undefined && !type.hostFrom && !type.inbound
  const finish = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.credentials.pathKey() })
    onDone()
  }
  const create = useMutation(
    trpc.credentials.create.mutationOptions({
      meta: { inline: true },
      onSuccess: async ({ id: made }) => {
        onCreated?.(made)
        await finish()
      },
    }),
  )
  const update = useMutation(
    trpc.credentials.update.mutationOptions({
      meta: { inline: true },
      onSuccess: async ({ secretCleared }) => {
        if (secretCleared) toast.warning(t('secretCleared'), { description: t('secretClearedHint') })
        await finish()
      },
    }),
  )
  if (!type) return null
  const missing = (field: FieldSpec, value: string | undefined) => asked && field.required && !value?.trim()
  const secretMissing = (field: FieldSpec) => asked && !credential && !secret[field.name]?.trim()
  const hostList = hosts.split(/[\s,]+/).filter(Boolean)
  const complete =
    name.trim() !== '' &&
    type.settings.every((field) => !field.required || settings[field.name]?.trim()) &&
    (credential !== undefined || type.secrets.every((field) => secret[field.name]?.trim())) &&
    (!asksHosts || hostList.length > 0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // Through React this form stands inside the one that wanted the credential.
    event.stopPropagation()
    setAsked(true)
    if (!complete) return
    const values = {
      name: name.trim(),
      settings: valuesOf(type.settings, settings),
      ...(asksHosts ? { allowedHosts: hostList } : {}),
    }
    const given = Object.fromEntries(Object.entries(secret).filter(([, value]) => value !== ''))
    if (!credential) return create.mutate({ type: type.type, secret: given, ...values })
    update.mutate({ credentialId: credential.id, ...values, ...(Object.keys(given).length > 0 ? { secret: given } : {}) })
  }
  const error = create.error ?? update.error
  const failure = error ? sentences(error, words) : null
  return (
    <form id={id} onSubmit={submit} noValidate autoComplete="off" className="flex flex-col gap-5">
      {!credential && (
        <Field label={t('column.type')} help={type.summary}>
          <Select
            value={typeName}
            onValueChange={(next) => {
              setTypeName(next)
              setSecret({})
              setAsked(false)
            }}
            options={types.map((one) => ({ value: one.type, label: one.title }))}
          />
        </Field>
      )}
      <Field label={t('name')} help={t('nameHelp')} error={asked && !name.trim() ? words('nameNeeded') : null}>
        <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={120} />
      </Field>
      {type.settings.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          help={field.help}
          optional={field.required ? undefined : words('optional')}
          error={missing(field, settings[field.name]) ? t('needed', { label: field.label }) : null}
        >
          {field.list ? (
            <Textarea
              rows={3}
              value={settings[field.name] ?? ''}
              placeholder={field.example}
              onChange={(event) => setSettings({ ...settings, [field.name]: event.target.value })}
            />
          ) : (
            <Input
              value={settings[field.name] ?? ''}
              placeholder={field.example}
              onChange={(event) => setSettings({ ...settings, [field.name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      {type.secrets.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          help={credential?.hasSecret ? t('secretKept') : field.help}
          error={secretMissing(field) ? t('needed', { label: field.label }) : null}
        >
          <PasswordInput
            value={secret[field.name] ?? ''}
            placeholder={credential?.hasSecret ? '••••••••' : undefined}
            autoComplete="off"
            onChange={(event) => setSecret({ ...secret, [field.name]: event.target.value })}
          />
        </Field>
      ))}
      {asksHosts && (
        <Field label={t('hosts')} help={t('hostsHelp')} error={asked && hostList.length === 0 ? t('hostsNeeded') : null}>
          <Textarea mono rows={2} value={hosts} onChange={(event) => setHosts(event.target.value)} placeholder="api.example.com" />
        </Field>
      )}
      {failure && (
        <p role="alert" className="text-failed">
          {failure.title} {failure.hint}
        </p>
      )}
      <div className="-mx-6 -mb-5 flex justify-end gap-2 border-t px-6 py-3">
        <Button variant="ghost" onClick={onDone}>
          {words('cancel')}
        </Button>
        <Button type="submit" variant="primary" pending={create.isPending || update.isPending}>
          {credential ? words('save') : t('create')}
        </Button>
      </div>
    </form>
  )
}

function textsOf(settings: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, Array.isArray(value) ? value.join('\n') : String(value ?? '')]),
  )
}

function valuesOf(fields: readonly FieldSpec[], texts: Record<string, string>) {
  return Object.fromEntries(
    fields
      .filter((field) => texts[field.name]?.trim())
      .map((field) => {
        const text = texts[field.name]?.trim() ?? ''
        return [
          field.name,
          field.list
            ? text
                .split(/\n/)
                .map((line) => line.trim())
                .filter(Boolean)
            : text,
        ] as const
      }),
  )
}
