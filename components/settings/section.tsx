import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'

export function Section({
  title,
  description,
  actions,
  children,
}: {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="mb-8">
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="min-w-60 flex-1">
          <h2 className="text-14 font-semibold">{title}</h2>
          {description && <p className="mt-0.5 max-w-160 text-text-2">{description}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}

export function FormCard({
  children,
  footer,
  onSubmit,
}: {
  children: ReactNode
  footer: ReactNode
  onSubmit: (event: React.FormEvent) => void
}) {
  return (
    <Card>
      <form noValidate onSubmit={onSubmit}>
        <div className="flex max-w-120 flex-col gap-5 p-5">{children}</div>
        <div className="flex items-center justify-end gap-2 border-t px-5 py-3">{footer}</div>
      </form>
    </Card>
  )
}
