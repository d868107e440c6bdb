import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const badgeStyle = cva(
  "inline-flex h-5 shrink-0 items-center gap-1 align-middle rounded-sm border px-1.5 text-12 font-medium whitespace-nowrap [&_svg:not([class*='size-'])]:size-3",
  {
    variants: {
      tone: {
        neutral: 'bg-surface text-text-2',
        accent: 'border-accent-border bg-accent-subtle text-accent-text',
        running: 'border-running-border bg-running-subtle text-running',
        succeeded: 'border-succeeded-border bg-succeeded-subtle text-succeeded',
        failed: 'border-failed-border bg-failed-subtle text-failed',
        waiting: 'border-waiting-border bg-waiting-subtle text-waiting',
        cancelled: 'border-cancelled-border bg-cancelled-subtle text-cancelled',
        dead: 'border-dead-border bg-dead-subtle text-dead',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
)

export type BadgeTone = NonNullable<VariantProps<typeof badgeStyle>['tone']>

export function Badge({ className, tone, ...props }: ComponentProps<'span'> & VariantProps<typeof badgeStyle>) {
  return <span className={cn(badgeStyle({ tone }), className)} {...props} />
}
