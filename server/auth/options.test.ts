import NextAuth from 'next-auth'
import { beforeAll, describe, expect, it } from 'vitest'
import { getViewer } from '@/server/auth/get-viewer'
import { hashPassword } from '@/server/auth/password'
import { config } from '@/server/config'
import { makeUser } from '@/tests/support/database'
import { addressHeader } from './address'
import { authOptions } from './options'

const password = 'brown-kettle-quiet-river'
const email = 'browser@example.com'

beforeAll(async () => {
  await makeUser({ email, secretHash: await hashPassword(password) })
})

/** A browser as far as next-auth sees one: it keeps cookies. */
function browser(address = '198.51.100.77') {
  const jar = new Map<string, string>()
  const cookies: string[] = []
  const ask = async (method: 'GET' | 'POST', path: string, body: Record<string, string> = {}) => {
    const answer: { status: number; body: unknown } = { status: 200, body: null }
    const response = {
      status: (code: number) => {
        answer.status = code
        return response
      },
      getHeader: () => undefined,
      setHeader: (name: string, value: string | string[]) => {
        if (name === 'Set-Cookie') {
          for (const line of [value].flat()) {
            cookies.push(line)
            const [pair = ''] = line.split(';')
            const at = pair.indexOf('=')
            if (/Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(pair.slice(0, at))
            else jar.set(pair.slice(0, at), decodeURIComponent(pair.slice(at + 1)))
          }
        }
        return response
      },
      json: (value: unknown) => {
        answer.body = value
      },
      send: (value: unknown) => {
        answer.body = value
      },
      end: () => {},
    }
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    await NextAuth(authOptions())(
      {
        method,
        query: { nextauth: path.split('/') },
        cookies: Object.fromEntries(jar),
        headers: { cookie, host: 'localhost:3000', 'user-agent': 'a browser', [addressHeader]: address },
        body,
      } as never,
      response as never,
    )
    return answer
  }
  return {
    jar,
    cookies,
    ask,
    headers: () => new Headers({ cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
    async signIn(given: string) {
      const { body } = await ask('GET', 'csrf')
      return ask('POST', 'callback/credentials', {
        email,
        password: given,
        csrfToken: (body as { csrfToken: string }).csrfToken,
        json: 'true',
      })
    },
  }
}

describe('signing in through the browser', () => {
  it('sets an opaque cookie that scripts cannot read, and finds the session by it', async () => {
    const visitor = browser()
    await visitor.signIn(password)
    const line = visitor.cookies.find((each) => each.startsWith('millrace.session='))
    expect(line).toMatch(/^millrace\.session=[\w-]{43};/)
    expect(line).toMatch(/HttpOnly/)
    expect(line).toMatch(/SameSite=Lax/i)
    expect((await getViewer(visitor.headers()))?.user.email).toBe(email)
    const session = await visitor.ask('GET', 'session')
    expect(session.body).toMatchObject({ user: { email } })
    expect(JSON.stringify(session.body)).not.toContain(visitor.jar.get('millrace.session'))
  })

  it('over https sets a cookie that is bound to the host', () => {
    const { url } = config()
    try {
      config().url = 'https://millrace.example.com'
      expect(authOptions().cookies?.sessionToken).toEqual({
        name: '__Host-millrace.session',
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: true },
      })
    } finally {
      config().url = url
    }
  })

  it('refuses a wrong password without a cookie', async () => {
    const visitor = browser()
    const answer = await visitor.signIn('wrong')
    expect(answer.status).toBe(401)
    expect(visitor.jar.has('millrace.session')).toBe(false)
  })

  it('refuses a form that came without its token against forgery', async () => {
    const visitor = browser()
    await visitor.ask('POST', 'callback/credentials', { email, password, json: 'true' })
    expect(visitor.jar.has('millrace.session')).toBe(false)
  })

  it('says when there were too many attempts', async () => {
    const visitor = browser('203.0.113.50')
    for (let attempt = 0; attempt < 8; attempt++) await visitor.signIn('wrong')
    expect(JSON.stringify((await visitor.signIn(password)).body)).toContain('TOO_MANY')
  })

  it('changes the session at each sign-in and ends it at sign-out', async () => {
    const visitor = browser()
    await visitor.signIn(password)
    const first = visitor.headers()
    await visitor.signIn(password)
    expect(await getViewer(first)).toBeNull()
    const second = visitor.headers()
    const { body } = await visitor.ask('GET', 'csrf')
    await visitor.ask('POST', 'signout', { csrfToken: (body as { csrfToken: string }).csrfToken, json: 'true' })
    expect(await getViewer(second)).toBeNull()
    expect(visitor.jar.has('millrace.session')).toBe(false)
  })
})
