'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { signIn } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { useSessionGate } from './session-gate'

export type SignIn = (credentials: { email: string; password: string }) => Promise<boolean>

/** Over the page that is kept: signing in here sends on what was waiting. */
export function SessionExpiredDialog({ email = '', signInWith = signInHere }: { email?: string; signInWith?: SignIn }) {
  const t = useTranslations('ui')
  const { expired, signedInAgain, leave } = useSessionGate()
  const [wrong, setWrong] = useState(false)
  const form = useForm({
    resolver: zodResolver(z.object({ email: z.email(), password: z.string().min(1) })),
    values: { email, password: '' },
  })
  const submit = form.handleSubmit(async (values) => {
    setWrong(false)
    if (!(await signInWith(values))) return setWrong(true)
    form.reset({ email: values.email, password: '' })
    signedInAgain()
  })
  const goToSignIn = () => {
    leave()
    window.location.assign(`/signin?next=${encodeURIComponent(window.location.pathname + window.location.search)}`)
  }
  return (
    <Dialog
      open={expired}
      onOpenChange={() => {}}
      dismissible={false}
      title={t('session.title')}
      description={t('session.description')}
      width="sm"
      footer={
        <>
          <Button variant="ghost" onClick={goToSignIn}>
            {t('session.leave')}
          </Button>
          <Button type="submit" form="session-again" variant="primary" pending={form.formState.isSubmitting}>
            {t('session.submit')}
          </Button>
        </>
      }
    >
      <form id="session-again" onSubmit={submit} className="flex flex-col gap-4">
        <FormField control={form.control} name="email" label={t('session.email')}>
          {(field) => <Input {...field} type="email" autoComplete="username" />}
        </FormField>
        <FormField control={form.control} name="password" label={t('session.password')}>
          {(field) => <Input {...field} type="password" autoComplete="current-password" autoFocus />}
        </FormField>
        {wrong && (
          <p role="alert" className="text-12 text-failed">
            {t('session.wrong')}
          </p>
        )}
      </form>
    </Dialog>
  )
}

async function signInHere(credentials: { email: string; password: string }) {
  const answer = await signIn('credentials', { ...credentials, redirect: false })
  return Boolean(answer?.ok && !answer.error)
}
