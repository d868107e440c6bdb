import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

/** A page of the frame: header of 64 with what this is and what can be done, the rest scrolls. */
export function Page({
  title,
  note,
  actions,
  children,
  beside,
  className,
}: {
  title: ReactNode
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** A drawer stands open at the right; the page gives way where there is room. */
  beside?: boolean
  className?: string
}) {
  return (
    <div className={cn('relative flex min-h-0 flex-1 flex-col overflow-y-auto', beside && 'xl:pr-120')}>
      <header className="flex min-h-16 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-6 py-3 phone:min-h-14 phone:px-4">
        <h1 className="min-w-0 truncate text-20 font-semibold">{title}</h1>
        {note && <div className="num min-w-0 text-text-3">{note}</div>}
        <span className="flex-1" />
        {actions && <div className="flex flex-wrap items-center gap-3">{actions}</div>}
      </header>
      <div className={cn('flex-1 px-6 pb-6 phone:px-4', className)}>{children}</div>
    </div>
  )
}
