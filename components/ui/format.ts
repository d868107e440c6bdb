/** Words for times, durations and money. Pure: the clock and the zone are passed in. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The page's language, for whoever passes none. English is written as in Britain: day before month, 24 hours. */
function pageLocale(): string {
  const lang = typeof document === 'undefined' ? '' : document.documentElement.lang
  return lang === '' || lang === 'en' ? 'en-GB' : lang
}

/** British English writes US$ for what everybody here means by $. */
const numberLocale = () => (pageLocale() === 'en-GB' ? 'en' : pageLocale())

const isEnglish = (locale: string) => locale.startsWith('en')

/** `< 0.1 ms`, `850 ms`, `1.2 s`, `3.5 min`, `2 h`, `3 days`. */
export function formatDuration(ms: number, locale = pageLocale()) {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: value < 10 ? Math.min(1, digits) : 0 }).format(
      value,
    )
  if (ms < 0.1) return `< ${number(0.1, 1)} ms`
  if (ms < 1) return `${number(ms, 1)} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${number(ms / 1000, 1)} s`
  if (ms < hour) return `${number(ms / minute, ms < 10 * minute ? 1 : 0)} min`
  if (ms < 2 * day) return `${number(ms / hour, ms < 10 * hour ? 1 : 0)} h`
  return new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(Math.round(ms / day))
}

/** `just now`, `3 min ago`, `in 14 min`, `yesterday`, `12 Nov`. */
export function formatRelative(at: Date, now: number, options: { locale?: string; timeZone?: string; bare?: boolean } = {}) {
  const { locale = pageLocale(), timeZone, bare } = options
  const difference = at.getTime() - now
  const size = Math.abs(difference)
  if (!isEnglish(locale) && size < 7 * day - day / 2) return relativeIn(locale, difference, bare ?? false)
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

/** In the words that the browser has for the language; English is shorter than those. */
function relativeIn(locale: string, difference: number, bare: boolean): string {
  const size = Math.abs(difference)
  const [unit, ms] =
    size < minute
      ? (['second', 1000] as const)
      : size < hour
        ? (['minute', minute] as const)
        : size < day
          ? (['hour', hour] as const)
          : (['day', day] as const)
  const count = size < 10_000 ? 0 : ms === 1000 || ms === day ? Math.round(size / ms) : Math.floor(size / ms)
  if (bare && count > 0)
    return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: unit === 'day' ? 'long' : 'short' }).format(count)
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }).format(difference < 0 ? -count : count, unit)
}

export function formatExact(at: Date, options: { locale?: string; timeZone?: string } = {}) {
  return new Intl.DateTimeFormat(options.locale ?? pageLocale(), {
    dateStyle: 'full',
    timeStyle: 'long',
    timeZone: options.timeZone,
  }).format(at)
}

/** A moment in full, to the millisecond. */
export function formatInstant(at: Date, options: { locale?: string; timeZone?: string } = {}) {
  return new Intl.DateTimeFormat(options.locale ?? pageLocale(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hour12: false,
    timeZoneName: 'short',
    timeZone: options.timeZone,
  }).format(at)
}

export function formatClock(at: Date, options: { locale?: string; timeZone?: string; seconds?: boolean; milliseconds?: boolean } = {}) {
  return new Intl.DateTimeFormat(options.locale ?? pageLocale(), {
    hour: '2-digit',
    minute: '2-digit',
    ...(options.seconds ? { second: '2-digit' } : {}),
    ...(options.milliseconds ? { fractionalSecondDigits: 3 } : {}),
    hour12: false,
    timeZone: options.timeZone,
  }).format(at)
}

/** By the clock, and with its day where that is further than a day from now. */
export function formatMoment(at: Date, now: number, options: { locale?: string; timeZone?: string } = {}) {
  const clock = formatClock(at, options)
  return Math.abs(now - at.getTime()) < day ? clock : `${formatDay(at, options)} ${clock}`
}

/** The same where there is room for one of them only. */
export function formatMomentShort(at: Date, now: number, options: { locale?: string; timeZone?: string } = {}) {
  return Math.abs(now - at.getTime()) < day ? formatClock(at, options) : formatDay(at, options)
}

export function formatDay(at: Date, options: { locale?: string; timeZone?: string; year?: boolean; weekday?: 'long' | 'short' } = {}) {
  const locale = options.locale ?? pageLocale()
  const text = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: options.weekday === 'long' ? 'long' : 'short',
    ...(options.weekday ? { weekday: options.weekday } : {}),
    ...(options.year ? { year: 'numeric' } : {}),
    timeZone: options.timeZone,
  }).format(at)
  return isEnglish(locale) ? text.replace(',', '') : text
}

/** The day of the week alone: `Mon`, or by one letter for a narrow column. */
export function formatWeekday(at: Date, options: { locale?: string; timeZone?: string; weekday?: 'narrow' | 'short' } = {}) {
  const { locale = pageLocale(), timeZone, weekday = 'short' } = options
  return new Intl.DateTimeFormat(locale, { weekday, timeZone }).format(at)
}

export function formatMonth(at: Date, options: { locale?: string; timeZone?: string } = {}) {
  return new Intl.DateTimeFormat(options.locale ?? pageLocale(), { month: 'long', timeZone: options.timeZone }).format(at)
}

/** `87%`, of a number from 0 to 1. */
export function formatPercent(share: number, digits = 0, locale = numberLocale()) {
  return new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share)
}

/** Millionths of the currency to words; amounts under a cent keep the digits that matter. */
export function formatMoney(micros: number, currency: string, options: { locale?: string; whole?: boolean; precise?: boolean } = {}) {
  const amount = micros / 1_000_000
  const small = amount !== 0 && Math.abs(amount) < 0.01
  const most = small ? 4 : options.precise && Math.abs(amount) < 1 ? 3 : 2
  return new Intl.NumberFormat(options.locale ?? numberLocale(), {
    style: 'currency',
    currency,
    minimumFractionDigits: options.whole ? 0 : 2,
    maximumFractionDigits: options.whole ? 0 : most,
  }).format(amount)
}

export function formatNumber(value: number, locale = numberLocale()) {
  return new Intl.NumberFormat(locale).format(value)
}

export function formatBytes(bytes: number, locale = pageLocale()) {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }).format(value)
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${number(bytes / 1000, bytes < 10_000 ? 1 : 0)} kB`
  return `${number(bytes / 1_000_000, 1)} MB`
}

/** Whole seconds: a countdown that shows tenths reads as noise. */
export function roundSeconds(ms: number) {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : formatDuration(ms)
}
