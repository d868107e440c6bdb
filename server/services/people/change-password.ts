import { endSessionsOf, secretHashOf, setSecretHash } from '@/db/definer'
import type { Viewer } from '@/server/auth/get-viewer'
import { hashPassword, requireGoodPassword, verifyPassword } from '@/server/auth/password'
import { throttleSignIn } from '@/server/auth/sign-in-throttle'
import { ServiceError } from '@/server/services/service-error'

/** Every other session ends: whoever knew the old password is out. */
export async function changePassword(viewer: Viewer, input: { current: string; next: string }): Promise<{ ok: true }> {
  const { id, email, name } = viewer.user
  const throttle = await throttleSignIn(`change:${id}`, null)
  if (!(await verifyPassword(await secretHashOf(id, 'password'), input.current)))
    throw new ServiceError('UNPROCESSABLE', 'The current password is not right.', { pointer: '/current', hint: 'Type it again.' })
  await throttle.forgive()
  requireGoodPassword(input.next, [email ?? '', name].filter(Boolean), '/next')
  await setSecretHash(id, 'password', await hashPassword(input.next))
  await endSessionsOf(id, { except: viewer.session.id })
  return { ok: true }
}
