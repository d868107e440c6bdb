'use client'

import { useOrganization } from '@/components/frame/organization'
import { MoneyInput } from '@/components/ui/money-input'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

/** An amount in the organization's currency, kept in millionths. */
export function MoneyWidget({ id, hint, value, fallback, onChange, problem }: WidgetProps) {
  const { currency } = useOrganization()
  const { readOnly } = useNodeForm()
  return (
    <MoneyInput
      id={id}
      aria-label={hint.label}
      aria-invalid={problem ? true : undefined}
      className="max-w-60"
      currency={currency}
      micros={typeof value === 'number' ? value : undefined}
      fallback={typeof fallback === 'number' ? fallback : undefined}
      readOnly={readOnly}
      onChange={onChange}
    />
  )
}
