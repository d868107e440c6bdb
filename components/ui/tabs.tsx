'use client'

import { Tabs as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export const Tabs = Radix.Root

export function TabsList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  return <Radix.List className={cn('flex gap-5 overflow-x-auto border-b [scrollbar-width:none]', className)} {...props} />
}

export const tabStyle = cn(
  'focus-inset -mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent font-medium whitespace-nowrap text-text-2 transition-colors hover:text-text',
  'data-[state=active]:border-accent data-[state=active]:text-text',
)

export function Tab({ className, count, children, ...props }: ComponentProps<typeof Radix.Trigger> & { count?: ReactNode }) {
  return (
    <Radix.Trigger className={cn(tabStyle, className)} {...props}>
      {children}
      {count !== undefined && count !== null && <span className="num text-12 font-normal text-text-3">{count}</span>}
    </Radix.Trigger>
  )
}

export function TabPanel({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return <Radix.Content className={cn('focus-visible:outline-none', className)} {...props} />
}
