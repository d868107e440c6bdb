'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { signIn } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useState, useSyncExternalStore } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Button } from '@/components/ui/button'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { PasswordInput } from './password-input'
import { SigninHeading } from './signin-frame'

export function SigninForm({ next }: { next: string }) {
  const t = useTranslations('signin')
  const [failure, setFailure] = useState<'wrong' | 'tooMany' | 'unreachable' | null>(null)
  const form = useForm({
    resolver: zodResolver(z.object({ email: z.email(t('emailNeeded')), password: z.string().min(1, t('passwordNeeded')) })),
    defaultValues: { email: '', password: '' },
  })
  const submit = form.handleSubmit(async (values) => {
    setFailure(null)
    try {
      const answer = await signIn('credentials', { ...values, redirect: false })
      if (answer?.ok && !answer.error) return window.location.assign(next)
      setFailure(answer?.status === 429 || answer?.error?.includes('TOO_MANY') ? 'tooMany' : 'wrong')
    } catch {
      setFailure('unreachable')
    }
    form.resetField('password')
    form.setFocus('password')
  })
  const host = useSyncExternalStore(
    () => () => {},
    () => window.location.host,
    () => null,
  )
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <SigninHeading title={t('title')}>{host ? t('toHost', { host }) : ' '}</SigninHeading>
      <FormField control={form.control} name="email" label={t('email')}>
        {(field) => <Input {...field} type="email" size="xl" autoComplete="username" autoFocus />}
      </FormField>
      <FormField control={form.control} name="password" label={t('password')}>
        {(field) => <PasswordInput {...field} size="xl" autoComplete="current-password" />}
      </FormField>
      {failure && (
        <p role="alert" className="text-failed">
          {t(failure)}
        </p>
      )}
      <Button type="submit" variant="primary" size="lg" pending={form.formState.isSubmitting}>
        {t('submit')}
      </Button>
      <p className="mt-2 text-12 text-text-3">
        {t('noAccount')} {t('forgot')}
      </p>
    </form>
  )
}
