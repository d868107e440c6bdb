import { findSession } from '@/db/definer'
import { readSessionToken } from '@/server/auth/session-cookie'
import { hashToken } from '@/server/auth/token'

export interface Viewer {
  user: { id: string; name: string; email: string | null; timeZone: string | null; locale: string | null }
  session: { id: string; createdAt: Date; expiresAt: Date }
}

/** The signed-in person of a request, or null. The cookie is a token; what counts is the session's row. */
export async function getViewer(headers: Headers): Promise<Viewer | null> {
  const token = readSessionToken(headers)
  return token ? findSession(hashToken(token)) : null
}
