'use client'

import { Switch as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'relative h-4 w-7 shrink-0 rounded-full bg-mark transition-colors after:absolute after:-inset-2 data-[state=checked]:bg-accent disabled:opacity-50',
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="block size-3 translate-x-0.5 rounded-full bg-raised transition-transform data-[state=checked]:translate-x-3.5" />
    </Radix.Root>
  )
}
