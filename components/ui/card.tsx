import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn('min-w-0 rounded-lg border bg-raised', className)} {...props} />
}

export function CardHead({
  title,
  count,
  children,
  className,
}: {
  title: ReactNode
  count?: ReactNode
  children?: ReactNode
  className?: string
}) {
  return (
    <div className={cn('flex h-11 items-center gap-2 border-b px-4', className)}>
      <h2 className="text-13 font-semibold">{title}</h2>
      {count !== undefined && <span className="num text-text-3">{count}</span>}
      <span className="flex-1" />
      {children}
    </div>
  )
}
