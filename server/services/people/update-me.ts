import { updateUser } from '@/db/definer'
import type { Viewer } from '@/server/auth/get-viewer'
import { requireTimeZone } from '@/server/services/organizations/require-time-zone'
import { ServiceError } from '@/server/services/service-error'

export interface UpdateMeInput {
  name?: string | undefined
  timeZone?: string | null | undefined
  /** A language tag such as `en` or `de-CH`. */
  locale?: string | null | undefined
}

export async function updateMe(viewer: Viewer, input: UpdateMeInput): Promise<{ ok: true }> {
  const { name = viewer.user.name, timeZone = viewer.user.timeZone, locale = viewer.user.locale } = input
  if (timeZone) requireTimeZone(timeZone)
  if (locale && !isLocale(locale))
    throw new ServiceError('UNPROCESSABLE', `"${locale}" is not a language tag. Write one such as en or de-CH.`, { pointer: '/locale' })
  await updateUser(viewer.user.id, { name, timeZone: timeZone || null, locale: locale || null })
  return { ok: true }
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}
