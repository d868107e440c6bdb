import { someCurrency } from '@/workflows/nodes/some-currency'
import { formatMoney } from './format'

const amount = new RegExp(`${someCurrency}(\\d+(?:\\.\\d+)?)`, 'g')

/** A node's words with their amounts in the organization's currency; without one the amount alone. */
export function inCurrency(text: string, currency: string | null): string {
  if (!text.includes(someCurrency)) return text
  return text.replace(amount, (_, figure: string) => (currency ? formatMoney(Number(figure) * 1_000_000, currency) : figure))
}
