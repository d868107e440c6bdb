'use client'

import { Popover as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export const Popover = Radix.Root
export const PopoverTrigger = Radix.Trigger

export const floatStyle =
  'z-60 rounded-lg border bg-raised shadow-3 animate-in fade-in-0 slide-in-from-top-1 duration-(--base) focus:outline-none'

export function PopoverContent({ className, sideOffset = 4, align = 'start', ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content sideOffset={sideOffset} align={align} collisionPadding={8} className={cn(floatStyle, 'p-1', className)} {...props} />
    </Radix.Portal>
  )
}
