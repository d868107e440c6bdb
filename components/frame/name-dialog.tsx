'use client'

import { lazy, type ReactNode } from 'react'
import { Later } from '@/components/ui/later'

export interface NameDialogProps {
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

const NameForm = lazy(() => import('./name-form'))

/** Asks for one name and makes or renames something with it. */
export function NameDialog(props: NameDialogProps) {
  return (
    <Later wanted={props.open}>
      <NameForm {...props} />
    </Later>
  )
}
