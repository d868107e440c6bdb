'use client'

import { useState } from 'react'
import { cn } from './cn'
import { fieldStyle } from './input'
import { microsFrom, moneyText } from './money-text'

/** An amount as people write it, with its currency before it; kept in millionths. */
export function MoneyInput({
  micros,
  fallback,
  currency,
  onChange,
  onText,
  text,
  readOnly,
  className,
  ...props
}: {
  micros: number | undefined
  /** What holds while nothing is typed. */
  fallback?: number
  currency: string
  onChange?: (micros: number | undefined) => void
  /** For forms that check the text themselves. */
  text?: string
  onText?: (text: string) => void
  readOnly?: boolean
  className?: string
  id?: string
  name?: string
  'aria-label'?: string
  'aria-invalid'?: boolean
  'aria-describedby'?: string
  onBlur?: () => void
}) {
  const [draft, setDraft] = useState<string | null>(null)
  const shown = text ?? draft ?? (micros === undefined ? '' : moneyText(micros))
  return (
    <span className={cn('relative block', className)}>
      <span className="pointer-events-none absolute inset-y-0 left-3 flex items-center text-12 text-text-3">{currency}</span>
      <input
        {...props}
        inputMode="decimal"
        autoComplete="off"
        readOnly={readOnly}
        placeholder={fallback === undefined ? '' : moneyText(fallback)}
        value={shown}
        className={cn(fieldStyle, 'num h-9 pr-3 pl-12')}
        onChange={(event) => {
          const next = event.target.value
          onText?.(next)
          if (!onChange) return
          setDraft(next)
          const parsed = microsFrom(next)
          if (next.trim() === '') onChange(undefined)
          else if (parsed !== null) onChange(parsed)
        }}
        onBlur={() => {
          setDraft(null)
          props.onBlur?.()
        }}
      />
    </span>
  )
}
