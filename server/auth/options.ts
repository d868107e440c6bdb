import type { NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { endSession, findSession } from '@/db/definer'
import { addressOf } from '@/server/auth/address'
import { readSessionToken, sessionCookie, sessionSeconds } from '@/server/auth/session-cookie'
import { hashToken } from '@/server/auth/token'
import { config } from '@/server/config'
import { log } from '@/server/log'
import { ServiceError } from '@/server/services/service-error'
import { signIn } from '@/server/services/sessions/sign-in'

/**
 * next-auth knows e-mail and password only together with its strategy `jwt`; with our own encode and decode the cookie is no JWT but
 * the token of a row in `sessions`, so that a session can be ended from anywhere.
 */
export function authOptions(): NextAuthOptions {
  const cookie = sessionCookie()
  // next-auth takes the address it is reached at from here only.
  process.env.NEXTAUTH_URL ??= config().url
  return {
    secret: config().secret.toString('base64'),
    useSecureCookies: cookie.secure,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    pages: { signIn: '/signin', signOut: '/signin', error: '/signin' },
    cookies: {
      sessionToken: { name: cookie.name, options: { httpOnly: true, sameSite: 'lax', path: '/', secure: cookie.secure } },
    },
    jwt: {
      maxAge: sessionSeconds,
      async encode({ token }) {
        if (typeof token?.sessionToken !== 'string') throw new Error('a session without its token')
        return token.sessionToken
      },
      async decode({ token }) {
        const found = token ? await findSession(hashToken(token)) : null
        if (!found || !token) return null
        return { sub: found.user.id, name: found.user.name, email: found.user.email, sessionToken: token }
      },
    },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        async authorize(credentials, request) {
          const headers = new Headers(plain(request.headers))
          const email = typeof credentials?.email === 'string' ? credentials.email.slice(0, 320) : ''
          const password = typeof credentials?.password === 'string' ? credentials.password : ''
          const client = { address: addressOf(headers), agent: headers.get('user-agent'), previousToken: readSessionToken(headers) }
          // Whatever is thrown here ends up in an address: only these two words may.
          const signedIn = await signIn({ email, password }, client).catch((error: unknown) => {
            if (error instanceof ServiceError && error.code === 'TOO_MANY_REQUESTS') throw new Error('TOO_MANY')
            log.error('sign-in failed', { error })
            throw new Error('UNAVAILABLE')
          })
          return signedIn && { id: signedIn.user.id, name: signedIn.user.name, email: signedIn.user.email, sessionToken: signedIn.token }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user && 'sessionToken' in user ? { ...token, sub: user.id, sessionToken: user.sessionToken } : token),
      session: ({ session, token }) => ({ ...session, user: { id: token.sub, name: token.name, email: token.email } }),
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sessionToken === 'string') await endSession(hashToken(token.sessionToken))
      },
    },
    logger: {
      error: (code) => log.error('next-auth failed', { code }),
      warn: (code) => log.debug('next-auth warns', { code }),
      debug: () => {},
    },
  }
}

function plain(headers: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((headers ?? {}) as Record<string, unknown>).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
