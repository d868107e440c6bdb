'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect, useId } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { sentences } from '@/components/api/show-problem'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { FormField } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

export interface NameFormProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  label: string
  submit: string
  initial?: string
  pending?: boolean
  error?: unknown
  onSubmit: (name: string) => void
  children?: ReactNode
}

/** The dialog behind NameDialog. */
export default function NameForm({
  open,
  onOpenChange,
  title,
  description,
  label,
  submit,
  initial = '',
  pending,
  error,
  onSubmit,
  children,
}: NameFormProps) {
  const t = useTranslations('ui')
  const id = useId()
  const form = useForm({
    resolver: zodResolver(z.object({ name: z.string().trim().min(1, t('nameNeeded')).max(120, t('nameLong')) })),
    defaultValues: { name: initial },
  })
  useEffect(() => {
    if (open) form.reset({ name: initial })
  }, [open, initial, form])
  const failure = error ? sentences(error, t) : null
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      width="sm"
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            {t('cancel')}
          </Button>
          <Button type="submit" form={id} variant="primary" pending={pending}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={form.handleSubmit(({ name }) => onSubmit(name))} className="flex flex-col gap-5">
        <FormField control={form.control} name="name" label={label} required>
          {(field) => <Input {...field} autoFocus autoComplete="off" />}
        </FormField>
        {children}
        {failure && (
          <p role="alert" className="text-12 text-failed">
            {failure.title} {failure.hint}
          </p>
        )}
      </form>
    </Dialog>
  )
}
