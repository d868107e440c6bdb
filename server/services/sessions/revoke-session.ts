import { endSessionsOf } from '@/db/definer'
import type { Viewer } from '@/server/auth/get-viewer'
import { notFound } from '@/server/services/service-error'

export async function revokeSession(viewer: Viewer, input: { sessionId: string }): Promise<{ ok: true }> {
  if ((await endSessionsOf(viewer.user.id, { only: input.sessionId })) === 0) throw notFound('session')
  return { ok: true }
}
