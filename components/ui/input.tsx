import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export const fieldStyle = cn(
  'w-full min-w-0 rounded-md border border-border-strong bg-raised text-13 text-text transition-[border-color,box-shadow]',
  'hover:border-mark focus:border-accent focus:shadow-[0_0_0_3px_var(--accent-subtle)] focus:outline-none',
  'disabled:bg-sunken disabled:text-text-3 disabled:hover:border-border-strong',
  'aria-invalid:border-failed-mark aria-invalid:focus:shadow-[0_0_0_3px_var(--failed-subtle)]',
  'phone:text-16',
)

const sizes = { sm: 'h-7 px-2 text-12', md: 'h-8 px-2.5', lg: 'h-9 px-3', xl: 'h-10 px-3' } as const

export type InputProps = Omit<ComponentProps<'input'>, 'size'> & { size?: keyof typeof sizes; icon?: ReactNode; trailing?: ReactNode }

export function Input({ className, size = 'md', icon, trailing, ...props }: InputProps) {
  const input = (
    <input className={cn(fieldStyle, sizes[size], icon && 'pl-8', trailing && 'pr-8', !icon && !trailing && className)} {...props} />
  )
  if (!icon && !trailing) return input
  return (
    <span className={cn('relative block min-w-0', className)}>
      {icon && (
        <span className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-text-3 [&_svg]:size-3.5">{icon}</span>
      )}
      {input}
      {trailing && <span className="absolute inset-y-0 right-1 flex items-center">{trailing}</span>}
    </span>
  )
}
