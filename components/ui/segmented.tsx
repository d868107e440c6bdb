'use client'

import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn'

export type SegmentedOption<Value extends string> = { value: Value; label: ReactNode; icon?: ReactNode; title?: string }

/** A few exclusive choices side by side; one is always chosen. */
export function Segmented<Value extends string>({
  value,
  onValueChange,
  options,
  size = 'md',
  className,
  'aria-label': label,
}: {
  value: Value
  onValueChange: (value: Value) => void
  options: readonly SegmentedOption<Value>[]
  size?: 'sm' | 'md'
  className?: string
  'aria-label': string
}) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => next && onValueChange(next as Value)}
      aria-label={label}
      className={cn('inline-flex shrink-0 rounded-md border bg-sunken p-0.5', className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          aria-label={option.title}
          title={option.title}
          className={cn(
            'inline-flex items-center gap-1.5 rounded-sm border border-transparent px-2 font-medium whitespace-nowrap text-text-2 transition-colors hover:text-text [&_svg]:size-3.5',
            'data-[state=on]:border-border data-[state=on]:bg-raised data-[state=on]:text-text data-[state=on]:shadow-1',
            size === 'sm' ? 'h-5.5 text-12' : 'h-6.5 text-13',
          )}
        >
          {option.icon}
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
