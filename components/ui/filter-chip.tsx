'use client'

import { Check, ChevronDown, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { cn } from './cn'
import { Input } from './input'
import { Popover, PopoverContent, PopoverTrigger } from './popover'

export type FilterOption = { value: string; label: string; icon?: ReactNode }

/** A filter that says what it filters by. `multiple` lets several values stand; the cross clears it. */
export function FilterChip({
  label,
  options,
  values,
  onChange,
  multiple,
  clearable = true,
}: {
  label: string
  options: readonly FilterOption[]
  values: readonly string[]
  onChange: (values: string[]) => void
  multiple?: boolean
  clearable?: boolean
}) {
  const t = useTranslations('ui')
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const chosen = options.filter((option) => values.includes(option.value))
  const words =
    chosen.length === 0 ? t('any') : chosen.length > 2 ? t('nChosen', { count: chosen.length }) : chosen.map((one) => one.label).join(', ')
  const shown = options.filter((option) => option.label.toLowerCase().includes(search.toLowerCase()))
  const pick = (value: string) => {
    if (!multiple) {
      onChange(values.includes(value) && clearable ? [] : [value])
      setOpen(false)
      return
    }
    onChange(values.includes(value) ? values.filter((one) => one !== value) : [...values, value])
  }
  const clears = clearable && chosen.length > 0
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        if (!next) setSearch('')
      }}
    >
      <span className="inline-flex h-7 max-w-full shrink-0 items-stretch rounded-md border border-border-strong bg-raised text-12 text-text-2">
        <PopoverTrigger
          className={cn(
            'inline-flex min-w-0 items-center gap-1.5 rounded-md px-2 whitespace-nowrap transition-colors hover:bg-hover data-[state=open]:bg-hover',
            clears && 'rounded-r-none pr-1',
          )}
        >
          {label}
          <b className="max-w-44 truncate font-medium text-text">{words}</b>
          {!clears && <ChevronDown aria-hidden className="size-3.5 text-text-3" />}
        </PopoverTrigger>
        {clears && (
          <button
            type="button"
            aria-label={t('clearFilter', { name: label })}
            onClick={() => onChange([])}
            className="grid w-6 place-items-center rounded-r-md text-text-3 transition-colors hover:bg-hover hover:text-text"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        )}
      </span>
      <PopoverContent className="max-h-80 w-60 overflow-y-auto" aria-label={label}>
        {options.length > 8 && (
          <div className="p-1 pb-2">
            <Input
              size="sm"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              placeholder={t('find')}
              aria-label={t('find')}
            />
          </div>
        )}
        {shown.length === 0 && <p className="px-2 py-3 text-12 text-text-3">{t('nothingFits')}</p>}
        {shown.map((option) => {
          const on = values.includes(option.value)
          return (
            <button
              key={option.value}
              type="button"
              aria-pressed={on}
              onClick={() => pick(option.value)}
              className="focus-inset flex min-h-8 w-full items-center gap-2 rounded-md px-2 text-left text-13 hover:bg-hover phone:min-h-11"
            >
              <span className="flex size-4 items-center justify-center">
                {on && <Check aria-hidden className="size-3.5 text-accent-text" />}
              </span>
              {option.icon}
              <span className="min-w-0 flex-1 truncate">{option.label}</span>
            </button>
          )
        })}
      </PopoverContent>
    </Popover>
  )
}
