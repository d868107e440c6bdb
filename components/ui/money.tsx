import { cn } from './cn'
import { formatMoney } from './format'

/** An amount in millionths of its currency. */
export function Money({
  micros,
  currency,
  whole,
  precise,
  className,
}: {
  micros: number | null | undefined
  currency: string | null | undefined
  whole?: boolean
  /** Three decimals under one: for what a single run costs. */
  precise?: boolean
  className?: string
}) {
  if (micros === null || micros === undefined || !currency) return null
  return <span className={cn('num whitespace-nowrap', className)}>{formatMoney(micros, currency, { whole, precise })}</span>
}
