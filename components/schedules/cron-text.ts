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
