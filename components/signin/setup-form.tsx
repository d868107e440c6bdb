'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { signIn } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { showInForm } from '@/components/api/show-in-form'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { RadioList } from '@/components/ui/radio-list'
import { Skeleton } from '@/components/ui/skeleton'
import { PasswordInput } from './password-input'
import { SigninHeading } from './signin-frame'

export function SetupForm({ token }: { token: string }) {
  const t = useTranslations('signin.setup')
  const words = useTranslations('ui')
  const signin = useTranslations('signin')
  const trpc = useTRPC()
  const status = useQuery(trpc.setup.status.queryOptions())
  const form = useForm({
    resolver: zodResolver(
      z.object({
        name: z.string().trim().min(1, t('nameNeeded')),
        email: z.email(signin('emailNeeded')),
        password: z.string().min(15, t('passwordShort')),
        organizationName: z.string().trim().min(1, t('organizationNeeded')),
        examples: z.enum(['hand-over', 'remove']),
      }),
    ),
    defaultValues: { name: '', email: '', password: '', organizationName: '', examples: 'hand-over' as const },
  })
  const complete = useMutation(trpc.setup.complete.mutationOptions({ meta: { inline: true } }))
  const submit = form.handleSubmit(async (values) => {
    const done = await complete.mutateAsync({ token, ...values }).catch((error) => {
      if (showInForm(error, form)) complete.reset()
      return null
    })
    if (!done) return
    await signIn('credentials', { email: values.email, password: values.password, redirect: false })
    window.location.assign('/')
  })
  if (status.isPending) return <Skeleton className="h-80" />
  if (status.isError) return <ErrorState error={status.error} onRetry={() => status.refetch()} />
  if (!status.data.needed) return <Notice title={t('doneTitle')} text={t('done')} link={signin('submit')} />
  if (!token) return <SigninHeading title={t('tokenTitle')}>{t('token')}</SigninHeading>
  const failure = complete.error ? sentences(complete.error, words) : null
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <SigninHeading title={t('title')}>{t('description')}</SigninHeading>
      <FormField control={form.control} name="name" label={t('name')}>
        {(field) => <Input {...field} size="xl" autoComplete="name" autoFocus />}
      </FormField>
      <FormField control={form.control} name="email" label={t('email')}>
        {(field) => <Input {...field} size="xl" type="email" autoComplete="username" />}
      </FormField>
      <FormField control={form.control} name="password" label={t('password')} help={t('passwordHelp')}>
        {(field) => <PasswordInput {...field} size="xl" autoComplete="new-password" />}
      </FormField>
      <FormField control={form.control} name="organizationName" label={t('organization')} help={t('organizationHelp')}>
        {(field) => <Input {...field} size="xl" autoComplete="organization" />}
      </FormField>
      <FormField control={form.control} name="examples" label={t('examples')}>
        {(field) => (
          <RadioList
            value={field.value}
            onValueChange={field.onChange}
            options={[
              { value: 'hand-over', label: t('examplesKeep'), description: t('examplesKeepHelp') },
              { value: 'remove', label: t('examplesRemove') },
            ]}
          />
        )}
      </FormField>
      {failure && (
        <p role="alert" className="text-failed">
          {failure.title} {failure.hint}
        </p>
      )}
      <Button type="submit" variant="primary" size="lg" pending={form.formState.isSubmitting}>
        {t('submit')}
      </Button>
    </form>
  )
}

function Notice({ title, text, link }: { title: string; text: string; link: string }) {
  return (
    <>
      <SigninHeading title={title}>{text}</SigninHeading>
      <Button variant="primary" size="lg" asChild>
        <Link href="/signin">{link}</Link>
      </Button>
    </>
  )
}
