import type { ComponentProps } from 'react'
import { cn } from './cn'
import { fieldStyle } from './input'

export function Textarea({ className, rows = 3, mono, ...props }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <textarea
      rows={rows}
      spellCheck={mono ? false : undefined}
      className={cn(fieldStyle, 'min-h-16 resize-y px-2.5 py-1.5', mono && 'mono leading-5 phone:text-14', className)}
      {...props}
    />
  )
}
