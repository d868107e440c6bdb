import { sessionsOf } from '@/db/definer'
import type { Viewer } from '@/server/auth/get-viewer'

export async function listSessions(viewer: Viewer) {
  const sessions = await sessionsOf(viewer.user.id)
  return { items: sessions.map((session) => ({ ...session, current: session.id === viewer.session.id })) }
}
