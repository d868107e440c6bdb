import { phrase } from '../../words/spoken'

const units = [86_400_000, 3_600_000, 60_000, 1_000] as const

/** `90000` → `1 min 30 s`; the two largest units. */
export function durationInWords(ms: number): string {
  const words: string[] = []
  let rest = Math.max(0, Math.round(ms))
  for (const unit of units) {
    const count = Math.floor(rest / unit)
    rest -= count * unit
    if (count > 0) words.push(inUnit(count, unit))
  }
  return words.slice(0, 2).join(' ') || phrase`${rest} ms`
}

function inUnit(count: number, unit: (typeof units)[number]): string {
  if (unit === 86_400_000) return count === 1 ? phrase`1 day` : phrase`${count} days`
  if (unit === 3_600_000) return count === 1 ? phrase`1 hour` : phrase`${count} hours`
  return unit === 60_000 ? phrase`${count} min` : phrase`${count} s`
}
