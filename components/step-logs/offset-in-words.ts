import { formatDuration } from '@/components/ui/format'

/** How long after its step's start a line was written: `+12 ms`, `+1.204 s`, `+3.5 min`. */
export function offsetInWords(ms: number, locale: string): string {
  // Clocks of two processes may differ by a millisecond.
  const after = Math.max(0, Math.round(ms))
  if (after < 1_000) return `+${after} ms`
  if (after >= 60_000) return `+${formatDuration(after, locale)}`
  return `+${new Intl.NumberFormat(locale, { minimumFractionDigits: 3 }).format(after / 1_000)} s`
}
