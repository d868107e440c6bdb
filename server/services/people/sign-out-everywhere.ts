import { inOrganization } from '@/db/client'
import { endSessionsOf, organizationsOf } from '@/db/definer'
import { can } from '@/server/auth/caller'
import { callerOfViewer } from '@/server/auth/caller-of'
import type { Viewer } from '@/server/auth/get-viewer'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound, ServiceError } from '@/server/services/service-error'
import { requireManageable } from './require-manageable'

/** One's own sessions, this one too; or a member's, by who manages people in an organization of both. */
export async function signOutEverywhere(viewer: Viewer, input: { userId?: string | undefined } = {}): Promise<{ ok: true }> {
  const userId = input.userId ?? viewer.user.id
  if (userId === viewer.user.id) {
    await endSessionsOf(userId)
    return { ok: true }
  }
  for (const organization of await organizationsOf(viewer.user.id)) {
    const caller = await callerOfViewer(viewer, organization.id)
    if (!can(caller, 'people.manage')) continue
    const done = await inOrganization(organization.id, async (tx) => {
      await requireManageable(tx, caller, userId)
      await endSessionsOf(userId, {}, tx)
      await recordAudit(tx, { by: caller, action: 'person.sign_out', target: { kind: 'person', id: userId } })
      return true
    }).catch((error: unknown) => {
      // Not a member of this one: perhaps of the next.
      if (error instanceof ServiceError && error.code === 'NOT_FOUND') return false
      throw error
    })
    if (done) return { ok: true }
  }
  throw notFound('person')
}
