'use client'

import { Tabs as Radix } from 'radix-ui'
import { type ComponentProps, type ReactNode, useEffect, useRef } from 'react'
import { cn } from './cn'

export const Tabs = Radix.Root

/** Where there is no room for all of them they are scrolled, and the one that is open is in sight. */
export function TabsList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  const list = useRef<HTMLDivElement>(null)
  const shown = useRef<Element | null>(null)
  useEffect(() => {
    const active = list.current?.querySelector<HTMLElement>('[data-state="active"]')
    if (!list.current || !active || active === shown.current) return
    shown.current = active
    const { left, right } = list.current.getBoundingClientRect()
    const tab = active.getBoundingClientRect()
    if (tab.right > right) list.current.scrollLeft += tab.right - right
    else if (tab.left < left) list.current.scrollLeft -= left - tab.left
  })
  return <Radix.List ref={list} className={cn(tabsStyle, className)} {...props} />
}

/** The line is drawn inside, under the tabs: one that stood below them would be cut off with whatever reaches over it. */
export const tabsStyle = 'flex gap-3 overflow-x-auto shadow-[inset_0_-1px_var(--border)] [scrollbar-width:none]'

export const tabStyle = cn(
  'focus-inset inline-flex h-9 shrink-0 items-center gap-1.5 rounded-t-sm border-b-2 px-1 border-transparent font-medium whitespace-nowrap text-text-2 transition-colors hover:text-text',
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
