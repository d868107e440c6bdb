/** Both day fields set: cron daemons and people read this differently, so we ask. */
export function hasBothDayFields(cron: string) {
  const fields = cron.trim().split(/\s+/)
  return fields.length === 5 && isSet(fields[2]) && isSet(fields[4])
}

function isSet(field: string | undefined) {
  return field !== undefined && field !== '*' && field !== '?'
}

/** Rules most people want, to begin from. */
export const presets = [
  { key: 'hourly', cron: '0 * * * *' },
  { key: 'daily', cron: '0 9 * * *' },
  { key: 'weekdays', cron: '0 9 * * 1-5' },
  { key: 'mondays', cron: '0 8 * * 1' },
  { key: 'monthly', cron: '0 6 1 * *' },
] as const

/** The time of day of a rule that starts once on each of its days, as `08:30`; null for any other rule. */
export function timeOfDay(cron: string): string | null {
  const [, minute, hour] = once.exec(cron.trim()) ?? []
  if (minute === undefined || hour === undefined || Number(minute) > 59 || Number(hour) > 23) return null
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}

/** The same days at another time, which is written `08:30`. */
export function atTimeOfDay(cron: string, time: string): string {
  const [hour, minute] = time.split(':')
  return cron.trim().replace(once, (_, _minute, _hour, days) => `${Number(minute)} ${Number(hour)} ${days}`)
}

const once = /^(\d{1,2})\s+(\d{1,2})\s+(\S+\s+\S+\s+\S+)$/
