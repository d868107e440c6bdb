import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { getViewer, type Viewer } from '@/server/auth/get-viewer'
import { hashPassword } from '@/server/auth/password'
import { changePassword } from '@/server/services/people/change-password'
import { signOutEverywhere } from '@/server/services/people/sign-out-everywhere'
import { addMember, asAdmin, makeOrganization, makeUser } from '@/tests/support/database'
import { listSessions } from './list-sessions'
import { revokeSession } from './revoke-session'
import { signIn } from './sign-in'

const password = 'brown-kettle-quiet-river'
let secretHash: string
let user: { id: string; name: string; email: string | null }
let made = 0

beforeEach(async () => {
  secretHash ??= await hashPassword(password)
  made += 1
  user = await makeUser({ email: `Sign.In${made}@Example.com`, secretHash })
})

/** An address of its own for each test, so that one does not throttle the other. */
const client = (previousToken: string | null = null) => ({ address: `198.51.100.${made}`, agent: 'a browser', previousToken })
const cookie = (token: string) => new Headers({ cookie: `millrace.session=${token}` })

async function enter(previousToken: string | null = null): Promise<{ token: string; viewer: Viewer }> {
  const signedIn = await signIn({ email: user.email ?? '', password }, client(previousToken))
  if (!signedIn) throw new Error('not signed in')
  const viewer = await getViewer(cookie(signedIn.token))
  if (!viewer) throw new Error('no viewer')
  return { token: signedIn.token, viewer }
}

describe('signing in', () => {
  it('makes a session whose token stands nowhere in the database', async () => {
    const { token, viewer } = await enter()
    expect(viewer.user).toMatchObject({ id: user.id, email: user.email })
    const [row] = await asAdmin((db) =>
      db.execute<{ found: boolean }>(sql`select exists (select from sessions s where s::text like ${`%${token}%`}) as found`),
    )
    expect(row?.found).toBe(false)
  })

  it('takes the address however it is written', async () => {
    expect(await signIn({ email: `  ${user.email?.toUpperCase()} `, password }, client())).not.toBeNull()
  })

  it('answers a wrong password and an unknown account alike', async () => {
    expect(await signIn({ email: user.email ?? '', password: 'brown-kettle-quiet-rivers' }, client())).toBeNull()
    expect(await signIn({ email: 'nobody@example.com', password }, client())).toBeNull()
    expect(await signIn({ email: '', password: '' }, client())).toBeNull()
  })

  it('ends the session that the browser had before', async () => {
    const first = await enter()
    await enter(first.token)
    expect(await getViewer(cookie(first.token))).toBeNull()
  })

  it('is throttled for guesses at one account from one place, and says how long', async () => {
    const guess = () => signIn({ email: user.email ?? '', password: 'wrong' }, client())
    for (let attempt = 0; attempt < 8; attempt++) expect(await guess()).toBeNull()
    await expect(guess()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: expect.any(Number) })
    const elsewhere = { ...client(), address: '203.0.113.200' }
    expect(await signIn({ email: user.email ?? '', password }, elsewhere)).not.toBeNull()
  })

  it('is not throttled by signing in rightly again and again', async () => {
    for (let attempt = 0; attempt < 12; attempt++) expect(await signIn({ email: user.email ?? '', password }, client())).not.toBeNull()
  })
})

describe('a session', () => {
  it('is over at its time, and when nobody used it for two weeks', async () => {
    const over = await enter()
    await asAdmin((db) => db.execute(sql`update sessions set expires_at = now() - interval '1 second'`))
    expect(await getViewer(cookie(over.token))).toBeNull()
    const idle = await enter()
    await asAdmin((db) => db.execute(sql`update sessions set last_seen_at = now() - interval '15 days'`))
    expect(await getViewer(cookie(idle.token))).toBeNull()
  })

  it('is seen and ended by its person only', async () => {
    const one = await enter()
    const two = await enter()
    const { items } = await listSessions(two.viewer)
    expect(items.map((item) => [item.id === two.viewer.session.id, item.current])).toEqual(
      expect.arrayContaining([
        [true, true],
        [false, false],
      ]),
    )
    const mine = one.viewer.session.id
    user = await makeUser({ email: `other${made}@example.com`, secretHash })
    const stranger = await enter()
    await expect(revokeSession(stranger.viewer, { sessionId: mine })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await getViewer(cookie(one.token))).not.toBeNull()
    await revokeSession(two.viewer, { sessionId: mine })
    expect(await getViewer(cookie(one.token))).toBeNull()
    expect(await getViewer(cookie(two.token))).not.toBeNull()
  })

  it('ends everywhere at once', async () => {
    const sessions = [await enter(), await enter(), await enter()]
    await signOutEverywhere(sessions[0]?.viewer as Viewer)
    expect(await Promise.all(sessions.map(({ token }) => getViewer(cookie(token))))).toEqual([null, null, null])
  })

  it('of a member is ended by who manages people, not by others', async () => {
    const admin = await enter()
    const organization = await makeOrganization({ owner: user })
    const { user: member } = await addMember(organization, 'builder', await makeUser({ email: `member${made}@example.com`, secretHash }))
    user = member
    const theirs = await enter()
    const stranger = await makeUser({ email: `stranger${made}@example.com`, secretHash })
    user = stranger
    const outside = await enter()
    await expect(signOutEverywhere(outside.viewer, { userId: member.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(signOutEverywhere(theirs.viewer, { userId: admin.viewer.user.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await signOutEverywhere(admin.viewer, { userId: member.id })
    expect(await getViewer(cookie(theirs.token))).toBeNull()
  })

  it('of somebody who guesses a password again and again lets others change theirs', async () => {
    const guesser = await enter()
    for (let attempt = 0; attempt < 70; attempt++)
      await changePassword(guesser.viewer, { current: 'wrong', next: 'seven green bottles hang' }).catch(() => {})
    await expect(changePassword(guesser.viewer, { current: password, next: 'seven green bottles hang' })).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
    })
    user = await makeUser({ email: `bystander${made}@example.com`, secretHash })
    const bystander = await enter()
    expect(await changePassword(bystander.viewer, { current: password, next: 'seven green bottles hang' })).toEqual({ ok: true })
  })

  it('stays when its person changes the password, and all others end', async () => {
    const here = await enter()
    const there = await enter()
    await expect(changePassword(here.viewer, { current: 'not this', next: 'seven green bottles hang' })).rejects.toMatchObject({
      pointer: '/current',
    })
    await expect(changePassword(here.viewer, { current: password, next: 'passwordpassword' })).rejects.toMatchObject({ pointer: '/next' })
    await changePassword(here.viewer, { current: password, next: 'seven green bottles hang' })
    expect(await getViewer(cookie(here.token))).not.toBeNull()
    expect(await getViewer(cookie(there.token))).toBeNull()
    expect(await signIn({ email: user.email ?? '', password }, client())).toBeNull()
    expect(await signIn({ email: user.email ?? '', password: 'seven green bottles hang' }, client())).not.toBeNull()
  })
})
