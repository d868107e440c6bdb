/** Words for times, durations and money. Pure: the clock and the zone are passed in. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `850 ms`, `1.2 s`, `3.5 min`, `2 h`, `3 days`. */
export function formatDuration(ms: number, locale = 'en') {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: value < 10 ? Math.min(1, digits) : 0 }).format(
      value,
    )
  if (ms < 1) return `${number(ms, 1)} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${number(ms / 1000, 1)} s`
  if (ms < hour) return `${number(ms / minute, ms < 10 * minute ? 1 : 0)} min`
  if (ms < 2 * day) return `${number(ms / hour, ms < 10 * hour ? 1 : 0)} h`
  return `${Math.round(ms / day)} days`
}

/** `just now`, `3 min ago`, `in 14 min`, `yesterday`, `12 Nov`. */
export function formatRelative(at: Date, now: number, options: { locale?: string; timeZone?: string; bare?: boolean } = {}) {
  const { locale = 'en-GB', timeZone, bare } = options
  const difference = at.getTime() - now
  const size = Math.abs(difference)
  const say = (text: string) => (bare ? text : difference < 0 ? `${text} ago` : `in ${text}`)
  if (size < 10_000) return difference < 0 || bare ? 'just now' : 'now'
  if (size < minute) return say(`${Math.round(size / 1000)} s`)
  if (size < hour) return say(`${Math.floor(size / minute)} min`)
  if (size < day) return say(`${Math.floor(size / hour)} h`)
  const days = Math.round(size / day)
  if (days === 1) return difference < 0 ? 'yesterday' : 'tomorrow'
  if (days < 7) return say(`${days} days`)
  const sameYear = at.getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }), timeZone }).format(at)
}

export function formatExact(at: Date, options: { locale?: string; timeZone?: string } = {}) {
  return new Intl.DateTimeFormat(options.locale ?? 'en-GB', {
    dateStyle: 'full',
    timeStyle: 'long',
    timeZone: options.timeZone,
  }).format(at)
}

export function formatClock(at: Date, options: { locale?: string; timeZone?: string; seconds?: boolean } = {}) {
  return new Intl.DateTimeFormat(options.locale ?? 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(options.seconds ? { second: '2-digit' } : {}),
    hour12: false,
    timeZone: options.timeZone,
  }).format(at)
}

export function formatDay(at: Date, options: { locale?: string; timeZone?: string; year?: boolean; weekday?: 'long' | 'short' } = {}) {
  return new Intl.DateTimeFormat(options.locale ?? 'en-GB', {
    day: 'numeric',
    month: options.weekday === 'long' ? 'long' : 'short',
    ...(options.weekday ? { weekday: options.weekday } : {}),
    ...(options.year ? { year: 'numeric' } : {}),
    timeZone: options.timeZone,
  })
    .format(at)
    .replace(',', '')
}

/** Millionths of the currency to words; amounts under a cent keep the digits that matter. */
export function formatMoney(micros: number, currency: string, options: { locale?: string; whole?: boolean; precise?: boolean } = {}) {
  const amount = micros / 1_000_000
  const small = amount !== 0 && Math.abs(amount) < 0.01
  const most = small ? 4 : options.precise && Math.abs(amount) < 1 ? 3 : 2
  return new Intl.NumberFormat(options.locale ?? 'en', {
    style: 'currency',
    currency,
    minimumFractionDigits: options.whole ? 0 : 2,
    maximumFractionDigits: options.whole ? 0 : most,
  }).format(amount)
}

export function formatNumber(value: number, locale = 'en') {
  return new Intl.NumberFormat(locale).format(value)
}

export function formatBytes(bytes: number) {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
