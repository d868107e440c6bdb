'use client'

import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { cn } from './cn'
import { useFloatInto } from './float-into'
import { fieldStyle } from './input'

export type SelectOption = { value: string; label: ReactNode; text?: string; description?: ReactNode; disabled?: boolean }

const sizes = { sm: 'h-7 px-2 text-12', md: 'h-8 px-2.5', lg: 'h-9 px-3', xl: 'h-10 px-3' } as const

// Radix keeps the empty string for "nothing chosen", so an option of '' travels under this name.
const empty = '__empty'

/** One of a short list. */
export function Select({
  value,
  onValueChange,
  options,
  placeholder,
  size = 'md',
  className,
  ...props
}: {
  value: string | undefined
  onValueChange: (value: string) => void
  options: readonly SelectOption[]
  placeholder?: string
  size?: keyof typeof sizes
  className?: string
  id?: string
  disabled?: boolean
  name?: string
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}) {
  const { id, disabled, name, ...aria } = props
  const into = useFloatInto()
  const chosen = options.find((option) => option.value === value)
  const trigger = useRef<HTMLButtonElement>(null)
  // In a form Radix keeps a native list beside it, which forgets its value without the options.
  const [inForm, setInForm] = useState(false)
  useLayoutEffect(() => setInForm(trigger.current?.closest('form') !== null), [])
  const [near, setNear] = useState(false)
  const [open, setOpen] = useState(false)
  return (
    <Radix.Root
      open={open}
      onOpenChange={setOpen}
      value={chosen ? chosen.value || empty : ''}
      onValueChange={(next) => onValueChange(next === empty ? '' : next)}
      disabled={disabled}
      name={name}
    >
      <Radix.Trigger
        ref={trigger}
        id={id}
        onFocus={() => setNear(true)}
        onBlur={() => setNear(false)}
        {...aria}
        className={cn(
          fieldStyle,
          'inline-flex items-center justify-between gap-2 text-left data-placeholder:text-text-3',
          sizes[size],
          className,
        )}
      >
        <span className="min-w-0 truncate">
          {/* Options may come after the value; Radix takes the text from the option only when that is mounted. */}
          <Radix.Value placeholder={placeholder}>{chosen?.label}</Radix.Value>
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-text-3" />
      </Radix.Trigger>
      {/* A page may hold dozens of these: options that nobody is about to choose from cost nothing. */}
      {(near || open || inForm) && (
        <Radix.Portal container={into}>
          <Radix.Content
            position="popper"
            sideOffset={4}
            collisionPadding={8}
            className="z-60 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-lg border bg-raised shadow-3 animate-in fade-in-0 slide-in-from-top-1 duration-(--base)"
          >
            <Radix.Viewport className="p-1">
              {options.map((option) => (
                <Radix.Item
                  key={option.value || empty}
                  value={option.value || empty}
                  disabled={option.disabled}
                  textValue={option.text}
                  className="flex min-h-8 items-start gap-2 rounded-md py-1.5 pr-3 pl-2 text-13 outline-none data-disabled:text-text-3 data-highlighted:bg-hover phone:min-h-11 phone:items-center"
                >
                  <span className="flex size-5 shrink-0 items-center justify-center">
                    <Radix.ItemIndicator>
                      <Check aria-hidden className="size-3.5 text-accent-text" />
                    </Radix.ItemIndicator>
                  </span>
                  <span className="min-w-0">
                    <Radix.ItemText>{option.label}</Radix.ItemText>
                    {option.description && <span className="block text-12 text-text-3">{option.description}</span>}
                  </span>
                </Radix.Item>
              ))}
            </Radix.Viewport>
          </Radix.Content>
        </Radix.Portal>
      )}
    </Radix.Root>
  )
}
