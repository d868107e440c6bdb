'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery } from '@tanstack/react-query'
import { signIn } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Skeleton } from '@/components/ui/skeleton'
import { PasswordInput } from './password-input'
import { SigninHeading } from './signin-frame'

/** Someone signed in joins with one press; someone new chooses a name and a password. */
export function InviteForm({ token }: { token: string }) {
  const t = useTranslations('signin.invite')
  const setup = useTranslations('signin.setup')
  const signin = useTranslations('signin')
  const words = useTranslations('common')
  const trpc = useTRPC()
  const me = useQuery(trpc.organizations.mine.queryOptions(undefined, { retry: false }))
  const accept = useMutation(trpc.people.acceptInvitation.mutationOptions({ meta: { inline: true } }))
  const form = useForm({
    resolver: zodResolver(
      z.object({
        name: z.string().trim().min(1, setup('nameNeeded')),
        email: z.email(signin('emailNeeded')),
        password: z.string().min(12, setup('passwordShort')),
      }),
    ),
    defaultValues: { name: '', email: '', password: '' },
  })
  const submit = form.handleSubmit(async ({ name, email, password }) => {
    const done = await accept.mutateAsync({ token, name, password }).catch(() => null)
    if (!done) return
    const answer = await signIn('credentials', { email, password, redirect: false })
    window.location.assign(answer?.ok ? '/' : '/signin')
  })
  const failure = accept.error ? sentences(accept.error, words) : null
  const problem = failure && (
    <p role="alert" className="text-failed">
      {failure.title} {failure.hint}
    </p>
  )
  if (me.isPending) return <Skeleton className="h-60" />
  if (me.isSuccess) {
    return (
      <>
        <SigninHeading title={t('title')}>{t('existingHelp')}</SigninHeading>
        {problem}
        <Button
          variant="primary"
          size="lg"
          pending={accept.isPending || accept.isSuccess}
          onClick={() => accept.mutate({ token }, { onSuccess: () => window.location.assign('/') })}
        >
          {t('acceptSignedIn')}
        </Button>
      </>
    )
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <SigninHeading title={t('title')}>{t('description')}</SigninHeading>
      <FormField control={form.control} name="name" label={setup('name')}>
        {(field) => <Input {...field} size="xl" autoComplete="name" autoFocus />}
      </FormField>
      <FormField control={form.control} name="email" label={t('email')} help={t('emailHelp')}>
        {(field) => <Input {...field} size="xl" type="email" autoComplete="username" />}
      </FormField>
      <FormField control={form.control} name="password" label={setup('password')} help={setup('passwordHelp')}>
        {(field) => <PasswordInput {...field} size="xl" autoComplete="new-password" />}
      </FormField>
      {problem}
      <Button type="submit" variant="primary" size="lg" pending={form.formState.isSubmitting}>
        {t('accept')}
      </Button>
      <Button variant="ghost" asChild>
        <a href={`/signin?next=${encodeURIComponent(`/invite/${token}`)}`}>{t('existing')}</a>
      </Button>
    </form>
  )
}
