const units = [
  { ms: 86_400_000, one: 'day', many: 'days' },
  { ms: 3_600_000, one: 'hour', many: 'hours' },
  { ms: 60_000, one: 'min', many: 'min' },
  { ms: 1_000, one: 's', many: 's' },
] as const

/** `90000` → `1 min 30 s`; the two largest units. */
export function durationInWords(ms: number): string {
  const words: string[] = []
  let rest = Math.max(0, Math.round(ms))
  for (const unit of units) {
    const count = Math.floor(rest / unit.ms)
    rest -= count * unit.ms
    if (count > 0) words.push(`${count} ${count === 1 ? unit.one : unit.many}`)
  }
  return words.slice(0, 2).join(' ') || `${rest} ms`
}
