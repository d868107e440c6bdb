'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { pageLocales, showLocale } from '@/components/frame/show-locale'
import { TimeZoneInput } from '@/components/schedules/time-zone-input'
import { PasswordInput } from '@/components/signin/password-input'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { type Column, Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toaster'
import { FormCard, Section } from './section'

export function AccountSettings() {
  const trpc = useTRPC()
  const me = useQuery(trpc.people.me.queryOptions())
  if (me.isError) return <ErrorState error={me.error} onRetry={() => me.refetch()} />
  if (me.isPending) return <Skeleton className="h-60 rounded-lg" />
  return (
    <>
      <Profile me={me.data} />
      <Password />
      <Sessions />
    </>
  )
}

function Profile({ me }: { me: Outputs['people']['me'] }) {
  const t = useTranslations('settings.account')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const locales = pageLocales()
  const form = useForm({
    resolver: zodResolver(
      z.object({ name: z.string().trim().min(1, words('nameNeeded')).max(120), timeZone: z.string().trim(), locale: z.string() }),
    ),
    values: { name: me.name, timeZone: me.timeZone ?? '', locale: locales.includes(me.locale ?? '') ? (me.locale ?? '') : '' },
  })
  const update = useMutation(
    trpc.people.updateMe.mutationOptions({
      onSuccess: async (_done, variables) => {
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() }),
          queryClient.invalidateQueries({ queryKey: trpc.organizations.pathKey() }),
        ])
        toast.success(t('saved'))
        if (locales.length > 1) showLocale(variables.locale ?? null)
      },
    }),
  )
  return (
    <Section title={t('title')}>
      <FormCard
        onSubmit={form.handleSubmit(({ name, timeZone, locale }) =>
          update.mutate({ name, timeZone: timeZone || null, locale: locale || null }),
        )}
        footer={
          <Button type="submit" variant="primary" disabled={!form.formState.isDirty} pending={update.isPending}>
            {words('save')}
          </Button>
        }
      >
        <FormField control={form.control} name="name" label={t('name')}>
          {(field) => <Input {...field} autoComplete="name" />}
        </FormField>
        <FormField control={form.control} name="timeZone" label={t('timeZone')} optional={words('optional')} help={t('timeZoneHelp')}>
          {(field) => <TimeZoneInput {...field} />}
        </FormField>
        {locales.length > 1 && (
          <FormField control={form.control} name="locale" label={t('language')} help={t('languageHelp')}>
            {({ value, onChange, ref: _ref, ...field }) => (
              <Select
                {...field}
                value={value}
                onValueChange={onChange}
                options={[
                  { value: '', label: t('languageOfBrowser') },
                  // Each language by its own name, so that whoever needs it finds it.
                  ...locales.map((one) => ({ value: one, label: new Intl.DisplayNames([one], { type: 'language' }).of(one) ?? one })),
                ]}
              />
            )}
          </FormField>
        )}
      </FormCard>
    </Section>
  )
}

function Password() {
  const t = useTranslations('settings.account')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const form = useForm({
    resolver: zodResolver(z.object({ current: z.string().min(1, t('currentNeeded')), next: z.string().min(15, t('passwordShort')) })),
    defaultValues: { current: '', next: '' },
  })
  const change = useMutation(
    trpc.people.changePassword.mutationOptions({
      meta: { inline: true },
      onSuccess: () => {
        form.reset()
        toast.success(t('passwordChanged'))
      },
    }),
  )
  const failure = change.error ? sentences(change.error, words) : null
  return (
    <Section title={t('passwordTitle')}>
      <FormCard
        onSubmit={form.handleSubmit((values) => change.mutate(values))}
        footer={
          <Button type="submit" pending={change.isPending}>
            {t('changePassword')}
          </Button>
        }
      >
        <FormField control={form.control} name="current" label={t('current')}>
          {(field) => <PasswordInput {...field} autoComplete="current-password" />}
        </FormField>
        <FormField control={form.control} name="next" label={t('next')} help={t('passwordHelp')}>
          {(field) => <PasswordInput {...field} autoComplete="new-password" />}
        </FormField>
        {failure && (
          <p role="alert" className="text-failed">
            {failure.title} {failure.hint}
          </p>
        )}
      </FormCard>
    </Section>
  )
}

type Session = Outputs['people']['sessions']['items'][number]

function Sessions() {
  const t = useTranslations('settings.account')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const query = useQuery(trpc.people.sessions.queryOptions())
  const revoke = useMutation(
    trpc.people.revokeSession.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.people.sessions.queryKey() }),
    }),
  )
  const everywhere = useMutation(trpc.people.signOutEverywhere.mutationOptions({ onSuccess: () => signOut({ callbackUrl: '/signin' }) }))
  const columns: Column<Session>[] = [
    {
      id: 'agent',
      header: t('device'),
      cell: ({ row: { original: one } }) => (
        <span className="flex items-center gap-2">
          <span className="block max-w-80 truncate" title={one.agent ?? undefined}>
            {deviceOf(one.agent) ?? t('unknownDevice')}
          </span>
          {one.current && <Badge tone="accent">{t('thisOne')}</Badge>}
        </span>
      ),
    },
    {
      id: 'address',
      header: t('address'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => <span className="mono text-text-2">{one.address}</span>,
    },
    {
      id: 'seen',
      header: t('lastSeen'),
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => <RelativeTime at={one.lastSeenAt} className="text-text-2" />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('signOut')}</span>,
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) =>
        !one.current && (
          <Button size="sm" variant="ghost" onClick={() => revoke.mutate({ sessionId: one.id })}>
            {t('signOut')}
          </Button>
        ),
    },
  ]
  return (
    <Section
      title={t('sessions')}
      description={t('sessionsText')}
      actions={
        <Button variant="danger" pending={everywhere.isPending} onClick={() => everywhere.mutate({})}>
          {t('signOutEverywhere')}
        </Button>
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <Table
          rows={query.data?.items ?? []}
          columns={columns}
          getId={(one) => one.id}
          label={t('sessions')}
          loading={query.isPending}
          skeletonRows={2}
        />
      )}
    </Section>
  )
}

function deviceOf(agent: string | null) {
  if (!agent) return null
  const browser = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'].find((name) => agent.includes(name))
  const system = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'].find((name) => agent.includes(name))
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera' }
  return browser ? [names[browser] ?? browser, system].filter(Boolean).join(', ') : agent.slice(0, 60)
}
