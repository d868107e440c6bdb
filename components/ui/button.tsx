import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { Spinner } from './spinner'

export const buttonStyle = cva(
  [
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border text-13 font-medium whitespace-nowrap select-none',
    'transition-colors disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50',
    "[&_svg]:shrink-0 [&_svg:not([class*='size-'])]:size-3.5",
  ],
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-on-accent shadow-1 hover:bg-accent-hover active:bg-accent-active',
        secondary: 'border-border-strong bg-raised text-text shadow-1 hover:bg-hover active:bg-pressed [&_svg]:text-text-2',
        ghost: 'border-transparent text-text-2 hover:bg-hover hover:text-text active:bg-pressed data-[state=open]:bg-hover',
        danger: 'border-border-strong bg-raised text-failed shadow-1 hover:bg-failed-subtle hover:border-failed-border',
        destructive: 'border-transparent bg-failed text-surface shadow-1 hover:opacity-90',
        link: 'h-auto border-0 p-0 text-accent-text underline-offset-2 hover:underline',
      },
      size: {
        xs: 'h-6 px-1.5 text-12',
        sm: 'h-7 px-2',
        md: 'h-8 px-3',
        lg: 'h-10 px-4',
        xl: 'h-12 rounded-lg px-5 text-14',
      },
    },
    compoundVariants: [{ variant: 'link', className: 'h-auto px-0' }],
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
)

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonStyle> & { asChild?: boolean; pending?: boolean }

/** One `primary` in a view; everything else is `secondary` or `ghost`. */
export function Button({ className, variant, size, asChild, pending, children, disabled, type, ...props }: ButtonProps) {
  const style = cn(buttonStyle({ variant, size }), className)
  if (asChild) {
    return (
      <Slot.Root className={style} {...props}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button type={type ?? 'button'} className={style} disabled={disabled || pending} aria-busy={pending || undefined} {...props}>
      {pending && <Spinner />}
      {children}
    </button>
  )
}
