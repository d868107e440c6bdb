'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery } from '@tanstack/react-query'
import { signIn } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { showInForm } from '@/components/api/show-in-form'
import { sentences } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Field, FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Skeleton } from '@/components/ui/skeleton'
import { PasswordInput } from './password-input'
import { SigninHeading } from './signin-frame'

/** Someone signed in joins with one press; someone new chooses a name and a password. */
export function InviteForm({ token }: { token: string }) {
  const t = useTranslations('signin.invite')
  const setup = useTranslations('signin.setup')
  const signin = useTranslations('signin')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const me = useQuery(trpc.organizations.mine.queryOptions(undefined, { retry: false }))
  const invitation = useQuery(trpc.people.invitation.queryOptions({ token }, { retry: false }))
  const accept = useMutation(trpc.people.acceptInvitation.mutationOptions({ meta: { inline: true } }))
  const known = invitation.data?.knownAccount === true
  const form = useForm({
    resolver: zodResolver(
      z.object({
        name: known ? z.string() : z.string().trim().min(1, setup('nameNeeded')),
        password: known ? z.string().min(1, setup('passwordShort')) : z.string().min(15, setup('passwordShort')),
      }),
    ),
    defaultValues: { name: '', password: '' },
  })
  const submit = form.handleSubmit(async ({ name, password }) => {
    const done = await accept.mutateAsync({ token, name: known ? undefined : name, password }).catch((error) => {
      if (showInForm(error, form)) accept.reset()
      return null
    })
    if (!done) return
    const answer = await signIn('credentials', { email: done.email, password, redirect: false })
    window.location.assign(answer?.ok ? `/o/${done.slug}` : '/signin')
  })
  const failure = accept.error ? sentences(accept.error, words) : null
  const problem = failure && (
    <p role="alert" className="text-failed">
      {failure.title} {failure.hint}
    </p>
  )
  if (me.isPending || invitation.isPending) return <Skeleton className="h-60" />
  if (invitation.isError) {
    const { title, hint } = sentences(invitation.error, words)
    return (
      <SigninHeading title={t('failedTitle')}>
        {title} {hint}
      </SigninHeading>
    )
  }
  const { organizationName, email, role, knownAccount, maySetPassword } = invitation.data
  const heading = t('title', { organization: organizationName })
  const existing = `/signin?next=${encodeURIComponent(`/invite/${token}`)}`
  if (knownAccount && !maySetPassword && !me.isSuccess) {
    return (
      <>
        <SigninHeading title={heading}>{t('existingHelp', { email })}</SigninHeading>
        <Button variant="primary" size="lg" asChild>
          <a href={existing}>{signin('submit')}</a>
        </Button>
      </>
    )
  }
  if (me.isSuccess) {
    return (
      <>
        <SigninHeading title={heading}>{t('asRole', { role: words(`role.${role}`), email })}</SigninHeading>
        {problem}
        <Button
          variant="primary"
          size="lg"
          pending={accept.isPending || accept.isSuccess}
          onClick={() => accept.mutate({ token }, { onSuccess: ({ slug }) => window.location.assign(`/o/${slug}`) })}
        >
          {t('acceptSignedIn')}
        </Button>
      </>
    )
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <SigninHeading title={heading}>{t(knownAccount ? 'knownDescription' : 'description', { role: words(`role.${role}`) })}</SigninHeading>
      {!knownAccount && (
        <FormField control={form.control} name="name" label={setup('name')}>
          {(field) => <Input {...field} size="xl" autoComplete="name" autoFocus />}
        </FormField>
      )}
      <Field label={t('email')}>
        <Input size="xl" type="email" autoComplete="username" value={email} readOnly />
      </Field>
      <FormField
        control={form.control}
        name="password"
        label={setup('password')}
        help={knownAccount ? t('knownPasswordHelp') : setup('passwordHelp')}
      >
        {(field) => (
          <PasswordInput {...field} size="xl" autoComplete={knownAccount ? 'current-password' : 'new-password'} autoFocus={knownAccount} />
        )}
      </FormField>
      {problem}
      <Button type="submit" variant="primary" size="lg" pending={form.formState.isSubmitting}>
        {t('accept')}
      </Button>
      <Button variant="ghost" asChild>
        <a href={existing}>{t('existing')}</a>
      </Button>
    </form>
  )
}
