const hourMs = 3_600_000
const minuteMs = 60_000
const secondMs = 1_000

/** What people write, in English and German. */
const words = new Map<string, number>([
  ...['ms', 'msec', 'millisecond', 'milliseconds', 'millisekunde', 'millisekunden'].map((word) => [word, 1] as const),
  ...['s', 'sec', 'secs', 'second', 'seconds', 'sek', 'sekunde', 'sekunden'].map((word) => [word, secondMs] as const),
  ...['m', 'min', 'mins', 'minute', 'minutes', 'minuten'].map((word) => [word, minuteMs] as const),
  ...['h', 'hr', 'hrs', 'hour', 'hours', 'std', 'stunde', 'stunden'].map((word) => [word, hourMs] as const),
  ...['d', 'day', 'days', 't', 'tag', 'tage', 'tagen'].map((word) => [word, 24 * hourMs] as const),
  ...['w', 'week', 'weeks', 'woche', 'wochen'].map((word) => [word, 7 * 24 * hourMs] as const),
])

/**
 * Milliseconds of a text such as `1h 30m`, `90 s`, `1:30` (hours and minutes), `1:30:00` or `2 days`; a number alone counts `unit`. Null where it
 * says no time.
 */
export function typedDuration(text: string, unit: number): number | null {
  const typed = text.trim().toLowerCase().replaceAll(',', '.')
  if (/^\d+(\.\d+)?$|^\.\d+$/.test(typed)) return Math.round(Number(typed) * unit)
  const clock = /^(\d+):([0-5]?\d)(?::([0-5]?\d))?$/.exec(typed)
  if (clock) return Number(clock[1]) * hourMs + Number(clock[2]) * minuteMs + Number(clock[3] ?? 0) * secondMs
  const parts = [...typed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\.?\s*(?:and|und)?\s*/gy)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== typed) return null
  let sum = 0
  for (const [, count, word = ''] of parts) {
    const size = words.get(word)
    if (size === undefined) return null
    sum += Number(count) * size
  }
  return Math.round(sum)
}
