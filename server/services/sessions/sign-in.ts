import { createSession, findIdentity } from '@/db/definer'
import { newId } from '@/db/ids'
import { verifyPassword } from '@/server/auth/password'
import { sessionSeconds } from '@/server/auth/session-cookie'
import { throttleSignIn } from '@/server/auth/sign-in-throttle'
import { hashToken, newToken } from '@/server/auth/token'
import { log } from '@/server/log'

export interface Client {
  address: string | null
  agent: string | null
  /** The session token that the browser sent; that session ends. */
  previousToken: string | null
}
export interface SignedIn {
  /** For the cookie; the database holds only its hash. */
  token: string
  user: { id: string; name: string; email: string | null }
}

/** E-mail and password to a new session, or null: the same answer after the same time for a wrong password and an unknown account. */
export async function signIn(given: { email: string; password: string }, client: Client): Promise<SignedIn | null> {
  const email = given.email.trim().toLowerCase()
  const throttle = await throttleSignIn(email, client.address)
  const identity = await findIdentity('password', email)
  const right = await verifyPassword(identity?.secretHash ?? null, given.password)
  if (!identity || !right) {
    log.warn('sign-in refused')
    return null
  }
  await throttle.forgive()
  const user = { id: identity.userId, name: identity.name, email: identity.email }
  const token = await startSession(user.id, client)
  log.info('signed in', { userId: user.id })
  return { token, user }
}

async function startSession(userId: string, client: Client): Promise<string> {
  const token = newToken()
  await createSession({
    id: newId('ses'),
    userId,
    tokenHash: hashToken(token),
    expiresAt: new Date(Date.now() + sessionSeconds * 1000),
    address: client.address?.slice(0, 64) ?? null,
    agent: client.agent?.slice(0, 300) ?? null,
    previousTokenHash: client.previousToken ? hashToken(client.previousToken) : null,
  })
  return token
}
