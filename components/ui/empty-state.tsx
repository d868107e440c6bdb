import type { ReactNode } from 'react'
import { cn } from './cn'

/** Says in one sentence what belongs here, shows a picture made of real things, then offers starts that work. */
export function EmptyState({
  title,
  description,
  picture,
  children,
  className,
}: {
  title: ReactNode
  description?: ReactNode
  picture?: ReactNode
  children?: ReactNode
  className?: string
}) {
  return (
    <div className={cn('mx-auto flex max-w-120 flex-col items-center px-4 py-16 text-center', className)}>
      {picture && <div className="mb-5">{picture}</div>}
      <h2 className="text-16 font-semibold">{title}</h2>
      {description && <p className="mt-1 text-pretty text-text-2">{description}</p>}
      {children && <div className="mt-5 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}
