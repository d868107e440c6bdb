'use client'

import { RadioGroup } from 'radix-ui'
import { type ReactNode, useId } from 'react'
import { cn } from './cn'

export type RadioOption = { value: string; label: ReactNode; description?: ReactNode }

/** Exclusive choices that need a sentence each. */
export function RadioList({
  value,
  onValueChange,
  options,
  className,
  ...aria
}: {
  value: string | undefined
  onValueChange: (value: string) => void
  options: readonly RadioOption[]
  className?: string
  id?: string
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}) {
  const base = useId()
  return (
    <RadioGroup.Root
      value={value ?? ''}
      onValueChange={onValueChange}
      className={cn('divide-y divide-border overflow-hidden rounded-md border bg-raised', className)}
      {...aria}
    >
      {options.map((option) => {
        const id = `${base}-${option.value}`
        return (
          <label key={option.value} htmlFor={id} className="flex items-start gap-2.5 px-3 py-2 hover:bg-hover">
            <RadioGroup.Item
              id={id}
              value={option.value}
              className="mt-0.5 size-4 shrink-0 rounded-full border-[1.5px] border-mark bg-raised data-[state=checked]:border-5 data-[state=checked]:border-accent"
            />
            <span className="min-w-0">
              {option.label}
              {option.description && <span className="block text-12 text-text-2">{option.description}</span>}
            </span>
          </label>
        )
      })}
    </RadioGroup.Root>
  )
}
