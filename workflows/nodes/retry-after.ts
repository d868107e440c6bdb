/** A day: what the other side may ask us to wait at most. */
export const longestRetryAfterMs = 86_400_000

/** Milliseconds to wait by a Retry-After header: seconds or an HTTP date; null where it says neither. */
export function retryAfter(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? ''
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : isHttpDate(text) ? Date.parse(text) - now.getTime() : Number.NaN
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, Math.round(ms)), longestRetryAfterMs)
}

/** Begins with a day of the week, as all three forms do; `Date.parse` alone would read dates into many other texts. */
function isHttpDate(text: string): boolean {
  return /^(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? /i.test(text)
}
