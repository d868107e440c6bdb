import { ServiceError } from '@/server/services/service-error'

/** Throws for a name that is no IANA time zone. */
export function requireTimeZone(timeZone: string, pointer = '/timeZone'): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw new ServiceError('UNPROCESSABLE', `"${timeZone.slice(0, 60)}" is not a time zone.`, {
      pointer,
      hint: 'Write one such as Europe/Zurich.',
    })
  }
}
