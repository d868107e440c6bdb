'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useId, useState } from 'react'
import { Button } from './button'
import { Dialog } from './dialog'
import { Input } from './input'

/** Asks once, with the thing's name. With `typeName` the person types the name: for what cannot be brought back. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirm,
  leave,
  onConfirm,
  pending,
  typeName,
  destructive = true,
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description: ReactNode
  confirm: string
  /** What is pressed to do nothing, where “Cancel” would be taken for the act itself. */
  leave?: string
  onConfirm: () => void
  pending?: boolean
  typeName?: string
  destructive?: boolean
  children?: ReactNode
}) {
  const t = useTranslations('ui')
  const [typed, setTyped] = useState('')
  const id = useId()
  const change = (next: boolean) => {
    if (!next) setTyped('')
    onOpenChange(next)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={title}
      description={description}
      width="sm"
      footer={
        <>
          <Button variant="ghost" onClick={() => change(false)}>
            {leave ?? t('cancel')}
          </Button>
          <Button
            variant={destructive ? 'destructive' : 'primary'}
            pending={pending}
            disabled={typeName !== undefined && typed !== typeName}
            onClick={onConfirm}
          >
            {confirm}
          </Button>
        </>
      }
    >
      {typeName !== undefined || children ? (
        <>
          {children}
          {typeName !== undefined && (
            <div className="flex flex-col gap-1">
              <label htmlFor={id} className="text-12 font-medium text-text-2">
                {t('typeName', { name: typeName })}
              </label>
              <Input id={id} value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
            </div>
          )}
        </>
      ) : null}
    </Dialog>
  )
}
