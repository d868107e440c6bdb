import { createRequire } from 'node:module'
import { CronExpressionParser } from 'cron-parser'
import { IANAZone } from 'luxon'
import { ServiceError } from '@/server/services/service-error'
import { limits } from '@/workflows/limits'
import { part } from '@/workflows/words/part'

// With all its languages it is CommonJS without an extension, and as an ES module it lacks the list of them.
const { default: cronstrue } = createRequire(import.meta.url)('cronstrue/i18n') as Pick<typeof import('cronstrue'), 'default'>

export interface CronReading {
  words: string
  next: Date[]
  warnings: string[]
  /** Day of month and day of week are both set, so it has to be asked what is meant. */
  bothDayFields: boolean
}

const ranges = [
  { name: part`minute`, from: 0, to: 59 },
  { name: part`hour`, from: 0, to: 23 },
  { name: part`day of the month`, from: 1, to: 31 },
  { name: part`month`, from: 1, to: 12 },
  { name: part`day of the week`, from: 0, to: 7 },
]

/** Five fields in a zone, in words, with the next fires after `now`. Throws for what would never fire or too often. */
export function readCron(cron: string, timeZone: string, now: Date, count = 5): CronReading {
  if (!IANAZone.isValidZone(timeZone)) {
    throw new ServiceError('BAD_REQUEST', `There is no time zone called “${timeZone}”.`, {
      pointer: '/timeZone',
      hint: 'Use a name such as Europe/Berlin or UTC.',
    })
  }
  const fields = cron.trim().split(/\s+/)
  if (fields.length !== 5 || cron.trim().startsWith('@')) {
    throw wrong(
      `A schedule has five fields (minute, hour, day, month, weekday); this has ${fields.length}.`,
      'For example “0 8 * * 1-5”: on weekdays at 8:00. Seconds and years are not taken.',
    )
  }
  for (const [index, field] of fields.entries()) checkField(field, index)
  const text = fields.join(' ')
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  const either = isSet(day) && isSet(weekday)
  if (!either && isSet(day) && neverComes(day, month)) {
    throw wrong('This never fires: no month that it names has such a day.', 'Choose a day that exists in these months.')
  }
  const next = nextFires(text, timeZone, now, Math.max(count, 2))
  if (next.length === 0) throw wrong('This never fires.', 'Choose a day that exists.')
  const gap = Math.min(...next.slice(1).map((time, index) => time.getTime() - (next[index]?.getTime() ?? 0)))
  if (gap < limits.scheduleMinIntervalMs) throw wrong('A schedule fires at most once a minute.', 'Use a longer distance.')
  return {
    words: wordsOf(text),
    next: next.slice(0, count),
    warnings: warningsOf(minute, hour, day, month, timeZone, now),
    bothDayFields: either,
  }
}

/** By expression, zone and count: looking ahead takes milliseconds, and the answer holds until the first of these times has passed. */
const remembered = new Map<string, { from: number; times: Date[] }>()

export function nextFires(cron: string, timeZone: string, after: Date, count: number): Date[] {
  const key = `${count} ${timeZone} ${cron}`
  const known = remembered.get(key)
  const first = known?.times[0]
  if (known && first && after.getTime() >= known.from && after < first) return known.times
  const times = lookAhead(cron, timeZone, after, count)
  if (remembered.size > 5_000) remembered.clear()
  remembered.set(key, { from: after.getTime(), times })
  return times
}

function lookAhead(cron: string, timeZone: string, after: Date, count: number): Date[] {
  try {
    const times = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: after })
    const found: Date[] = []
    while (found.length < count) found.push(times.next().toDate())
    return found
  } catch {
    return []
  }
}

/** A rule in the words of a language, in English where that one is not known. */
export function wordsOf(cron: string, language = 'en'): string {
  const locale = [language.replace('-', '_'), language.split('-')[0] ?? ''].find((one) => Object.hasOwn(cronstrue.locales, one)) ?? 'en'
  const text = cron.trim()
  // Of a rule that names times alone it otherwise does not say the day; of intervals it would say that as well, where nobody asks.
  const verbose = /^[\d,]+\s+[\d,]+\s/.test(text)
  try {
    return cronstrue.toString(text, { locale, verbose, use24HourTimeFormat: true, throwExceptionOnParseError: true })
  } catch {
    return cron
  }
}

function wrong(message: string, hint: string): ServiceError {
  return new ServiceError('BAD_REQUEST', message, { pointer: '/cron', hint })
}

const names: Record<number, readonly string[]> = {
  3: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  4: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
}

function checkField(field: string, index: number): void {
  const range = ranges[index]
  if (!range) return
  const bad = (what: string) =>
    wrong(`“${field}” is no ${range.name}: ${what}`, `Use ${range.from} to ${range.to}, “*”, lists (1,15), ranges (1-5) or steps (*/10).`)
  for (const piece of field.toLowerCase().split(',')) {
    const match = /^(\*|[a-z]{3}|\d{1,2})(?:-([a-z]{3}|\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(piece)
    if (!match) throw bad(part`it cannot be read.`)
    const [, first = '', last, step] = match
    for (const value of [first, last]) {
      if (value === undefined || value === '*') continue
      if (/^[a-z]/.test(value)) {
        if (!names[index]?.includes(value)) throw bad(part`there is no such name here.`)
        continue
      }
      if (Number(value) < range.from || Number(value) > range.to) throw bad(part`it has to be ${range.from} to ${range.to}.`)
    }
    if (first === '*' && last !== undefined) throw bad(part`it cannot be read.`)
    if (/^\d/.test(first) && last !== undefined && /^\d/.test(last) && Number(first) > Number(last))
      throw bad(part`the range runs backwards.`)
    if (step !== undefined && Number(step) === 0) throw bad(part`a step is at least 1.`)
  }
}

function isSet(field: string): boolean {
  return field !== '*'
}

const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function neverComes(day: string, month: string): boolean {
  const days = valuesOf(day, 1, 31, [])
  const months = valuesOf(month, 1, 12, names[3] ?? [])
  return !months.some((one) => days.some((wanted) => wanted <= (longest[one - 1] ?? 0)))
}

function valuesOf(field: string, from: number, to: number, named: readonly string[]): number[] {
  const found = new Set<number>()
  const numberOf = (text: string) => (named.includes(text) ? named.indexOf(text) + from : Number(text))
  for (const piece of field.toLowerCase().split(',')) {
    const [range = '', step] = piece.split('/')
    const [first = '', last] = range.split('-')
    const start = first === '*' ? from : numberOf(first)
    const end = first === '*' || (step !== undefined && last === undefined) ? to : numberOf(last ?? first)
    for (let value = start; value <= end; value += Number(step ?? 1)) found.add(value)
  }
  return [...found]
}

/** Hours that clocks skip or show twice in the coming year, where the schedule names them. */
function warningsOf(minute: string, hour: string, day: string, month: string, timeZone: string, now: Date): string[] {
  const warnings: string[] = []
  if (/^\d+$/.test(day) && Number(day) > 28 && month === '*') warnings.push(`Months without a ${day}th are left out.`)
  if (!/^\d{1,2}$/.test(hour) || !/^\d{1,2}$/.test(minute)) return warnings
  const zone = IANAZone.create(timeZone)
  const start = Math.floor(now.getTime() / 3_600_000) * 3_600_000
  for (let step = 0; step < 366 * 24; step++) {
    const at = start + step * 3_600_000
    const change = zone.offset(at + 3_600_000) - zone.offset(at)
    if (change === 0) continue
    const local = new Date(at + 3_600_000 + zone.offset(at) * 60_000)
    const from = local.getUTCHours() * 60 + local.getUTCMinutes()
    const wanted = Number(hour) * 60 + Number(minute)
    const date = local.toISOString().slice(0, 10)
    if (change > 0 && wanted >= from && wanted < from + change) {
      warnings.push(
        `On ${date} clocks in ${timeZone} skip ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}: that day it fires right after the change.`,
      )
    }
    if (change < 0 && wanted >= from + change && wanted < from) {
      warnings.push(`On ${date} clocks in ${timeZone} show ${hour.padStart(2, '0')}:${minute.padStart(2, '0')} twice: it fires once.`)
    }
  }
  return warnings.slice(0, 3)
}
