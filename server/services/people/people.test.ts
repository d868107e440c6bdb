import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { organizationsOf } from '@/db/definer'
import type { Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import { callerOfViewer } from '@/server/auth/caller-of'
import type { Viewer } from '@/server/auth/get-viewer'
import { hashPassword } from '@/server/auth/password'
import { listAuditEvents } from '@/server/services/audit/list-audit-events'
import { verifyAudit } from '@/server/services/audit/verify-audit'
import { createProject } from '@/server/services/projects/create-project'
import { setProjectRole } from '@/server/services/projects/set-project-role'
import { signIn } from '@/server/services/sessions/sign-in'
import { addMember, asAdmin, makeOrganization, makeUser, type TestOrganization } from '@/tests/support/database'
import { acceptInvitation } from './accept-invitation'
import { getInvitation } from './get-invitation'
import { invitePerson } from './invite-person'
import { listPeople } from './list-people'
import { removePerson } from './remove-person'
import { revokeInvitation } from './revoke-invitation'
import { setRole } from './set-role'
import { updateMe } from './update-me'

const password = 'brown-kettle-quiet-river'
let organization: TestOrganization
let made = 0
beforeEach(async () => {
  organization = await makeOrganization()
  made += 1
})

const tokenOf = (url: string) => url.split('/').at(-1) ?? ''
const viewerOf = (user: { id: string; name: string; email: string | null }): Viewer => ({
  user: { ...user, timeZone: null, locale: null },
  session: { id: 'ses_00000000000070008000000000000000', createdAt: new Date(), expiresAt: new Date() },
})

describe('an invitation', () => {
  it('makes an account, once, and its token stands nowhere in the database', async () => {
    const email = `new${made}@example.com`
    const { url } = await invitePerson(organization.caller, { email: email.toUpperCase(), role: 'builder' })
    expect(url).toMatch(/^http:\/\/localhost:3000\/invite\/[\w-]{43}$/)
    const token = tokenOf(url)
    expect(await getInvitation({ token })).toMatchObject({
      email,
      role: 'builder',
      knownAccount: false,
      maySetPassword: false,
      invitedBy: organization.owner.name,
    })
    const [row] = await asAdmin((db) =>
      db.execute<{ found: boolean }>(sql`select exists (select from invitations i where i::text like ${`%${token}%`}) as found`),
    )
    expect(row?.found).toBe(false)
    const joined = await acceptInvitation(null, { token, name: 'Grace', password })
    expect(joined).toEqual({ organizationId: organization.id, slug: organization.slug, email })
    expect(await signIn({ email, password }, { address: `192.0.2.${made}`, agent: null, previousToken: null })).not.toBeNull()
    await expect(acceptInvitation(null, { token, name: 'Again', password })).rejects.toMatchObject({ code: 'GONE' })
    const { members, invitations } = await listPeople(organization.caller)
    expect(members.find((member) => member.name === 'Grace')).toMatchObject({ role: 'builder', email, lastSeenAt: expect.any(Date) })
    expect(invitations).toEqual([])
    expect((await listAuditEvents(organization.caller)).items.map((item) => item.action)).toEqual(['person.join', 'person.invite'])
    expect((await verifyAudit(organization.caller)).ok).toBe(true)
  })

  it('lets one of two who press at the same moment in', async () => {
    const { url } = await invitePerson(organization.caller, { email: `race${made}@example.com`, role: 'viewer' })
    const people = [await makeUser(), await makeUser()]
    const results = await Promise.allSettled(people.map((person) => acceptInvitation(viewerOf(person), { token: tokenOf(url) })))
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await listPeople(organization.caller)).members).toHaveLength(2)
  })

  it('asks for the password of an account that is there', async () => {
    const known = await makeUser({ email: `known${made}@example.com`, secretHash: await hashPassword(password) })
    await makeOrganization({ owner: known })
    const { url } = await invitePerson(organization.caller, { email: known.email ?? '', role: 'operator' })
    const token = tokenOf(url)
    await expect(acceptInvitation(null, { token, name: 'Thief', password: 'seven green bottles hang' })).rejects.toMatchObject({
      pointer: '/password',
    })
    await expect(acceptInvitation(null, { token })).rejects.toMatchObject({ pointer: '/password' })
    await acceptInvitation(null, { token, password })
    expect((await organizationsOf(known.id)).map((each) => [each.id, each.role])).toContainEqual([organization.id, 'operator'])
  })

  it('replaces the forgotten password of a member who has rights nowhere else, in the same role', async () => {
    const member = await makeUser({ email: `forgot${made}@example.com`, secretHash: await hashPassword(password) })
    await addMember(organization, 'builder', member)
    const email = member.email ?? ''
    await expect(invitePerson(organization.caller, { email, role: 'admin' })).rejects.toMatchObject({ code: 'CONFLICT', pointer: '/role' })
    const { url } = await invitePerson(organization.caller, { email, role: 'builder' })
    const { url: second } = await invitePerson(organization.caller, { email, role: 'builder' })
    await expect(acceptInvitation(null, { token: tokenOf(url), password: 'seven green bottles hang' })).rejects.toMatchObject({
      code: 'GONE',
    })
    await acceptInvitation(null, { token: tokenOf(second), password: 'seven green bottles hang' })
    const client = { address: `192.0.2.${100 + made}`, agent: null, previousToken: null }
    expect(await signIn({ email, password }, client)).toBeNull()
    expect(await signIn({ email, password: 'seven green bottles hang' }, client)).not.toBeNull()
    const late = await invitePerson(organization.caller, { email, role: 'builder' })
    await setRole(organization.caller, { userId: member.id, role: 'owner' })
    await expect(acceptInvitation(null, { token: tokenOf(late.url), password: 'nine quiet yellow doors' })).rejects.toMatchObject({
      pointer: '/password',
    })
  })

  it('refuses a bad password and a missing name before it is used up', async () => {
    const { url } = await invitePerson(organization.caller, { email: `bad${made}@example.com`, role: 'viewer' })
    const token = tokenOf(url)
    await expect(acceptInvitation(null, { token, name: 'A', password: 'short' })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      limit: 15,
    })
    await expect(acceptInvitation(null, { token, password })).rejects.toMatchObject({ pointer: '/name' })
    await acceptInvitation(null, { token, name: 'A', password })
  })

  it('is worth nothing after it was taken back, replaced or is over', async () => {
    const email = `gone${made}@example.com`
    const first = await invitePerson(organization.caller, { email, role: 'viewer' })
    const second = await invitePerson(organization.caller, { email, role: 'builder' })
    await expect(getInvitation({ token: tokenOf(first.url) })).rejects.toMatchObject({ code: 'GONE' })
    await revokeInvitation(organization.caller, { invitationId: second.invitationId })
    await expect(acceptInvitation(null, { token: tokenOf(second.url), name: 'A', password })).rejects.toMatchObject({ code: 'GONE' })
    await expect(revokeInvitation(organization.caller, { invitationId: second.invitationId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const third = await invitePerson(organization.caller, { email, role: 'viewer' })
    await asAdmin((db) => db.execute(sql`update invitations set expires_at = now() - interval '1 second'`))
    await expect(getInvitation({ token: tokenOf(third.url) })).rejects.toMatchObject({
      code: 'GONE',
      message: expect.stringContaining('over'),
    })
    await expect(getInvitation({ token: 'made-up' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is worth nothing once who made it is removed, or may not give that role any more', async () => {
    const { caller, user } = await addMember(organization, 'admin')
    const invite = (by: Caller, role: Role) => invitePerson(by, { email: `${role}${made}@back.example`, role })
    const isOpen = ({ url }: { url: string }) =>
      getInvitation({ token: tokenOf(url) }).then(
        () => true,
        () => false,
      )
    await setRole(organization.caller, { userId: user.id, role: 'owner' })
    const asOwner = await callerOfViewer(viewerOf(user), organization.id)
    const links = { owner: await invite(asOwner, 'owner'), admin: await invite(asOwner, 'admin') }
    const another = await invite(organization.caller, 'viewer')
    await setRole(organization.caller, { userId: user.id, role: 'admin' })
    expect([await isOpen(links.owner), await isOpen(links.admin)]).toEqual([false, true])
    await setRole(organization.caller, { userId: user.id, role: 'builder' })
    expect(await isOpen(links.admin)).toBe(false)
    await setRole(organization.caller, { userId: user.id, role: 'admin' })
    const last = await invite(caller, 'admin')
    await removePerson(organization.caller, { userId: user.id })
    await expect(acceptInvitation(viewerOf(user), { token: tokenOf(last.url) })).rejects.toMatchObject({ code: 'GONE' })
    expect(await isOpen(another)).toBe(true)
    const taken = (await listAuditEvents(organization.caller)).items.filter((item) => item.action === 'person.uninvite')
    expect(taken).toHaveLength(3)
  })

  it('into one project gives the role there and only sight elsewhere', async () => {
    const person = await makeUser()
    const { url } = await invitePerson(organization.caller, {
      email: `p${made}@example.com`,
      role: 'builder',
      projectId: organization.projectId,
    })
    await acceptInvitation(viewerOf(person), { token: tokenOf(url) })
    const caller = await callerOfViewer(viewerOf(person), organization.id)
    expect(caller.role).toBe('viewer')
    expect([...caller.projectRoles]).toEqual([[organization.projectId, 'builder']])
  })

  it('is not for members, nor for a role above the inviter, nor into a project of others', async () => {
    const { user, caller } = await addMember(organization, 'admin')
    await expect(invitePerson(organization.caller, { email: user.email ?? '', role: 'viewer' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(invitePerson(caller, { email: 'x@example.com', role: 'owner' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      pointer: '/role',
    })
    const other = await makeOrganization()
    await expect(invitePerson(caller, { email: 'x@example.com', role: 'viewer', projectId: other.projectId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('roles', () => {
  it('are changed by who stands as high, and never above oneself', async () => {
    const admin = await addMember(organization, 'admin')
    const builder = await addMember(organization, 'builder')
    await setRole(admin.caller, { userId: builder.user.id, role: 'operator' })
    await expect(setRole(admin.caller, { userId: builder.user.id, role: 'owner' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(setRole(admin.caller, { userId: organization.owner.id, role: 'viewer' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(removePerson(admin.caller, { userId: organization.owner.id })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const [event] = (await listAuditEvents(organization.caller)).items
    expect(event).toMatchObject({ action: 'person.set_role', detail: { before: 'builder', after: 'operator' } })
  })

  it('leave an owner, also when two owners take each other away at the same moment', async () => {
    await expect(setRole(organization.caller, { userId: organization.owner.id, role: 'admin' })).rejects.toMatchObject({ code: 'CONFLICT' })
    const second = await addMember(organization, 'owner')
    const results = await Promise.allSettled([
      removePerson(organization.caller, { userId: second.user.id }),
      removePerson(second.caller, { userId: organization.owner.id }),
    ])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect((await listPeople(organization.caller)).members.filter((member) => member.role === 'owner')).toHaveLength(1)
  })

  it("of another organization's people answer like missing ones", async () => {
    const other = await makeOrganization()
    await expect(setRole(organization.caller, { userId: other.owner.id, role: 'viewer' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(setRole(organization.caller, { userId: 'usr_00000000000070008000000000000000', role: 'viewer' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('in a project are set and taken away', async () => {
    const { user } = await addMember(organization, 'viewer')
    const project = await createProject(organization.caller, { name: 'Billing' })
    await setProjectRole(organization.caller, { projectId: project.id, userId: user.id, role: 'builder' })
    await setProjectRole(organization.caller, { projectId: project.id, userId: user.id, role: 'operator' })
    expect([...(await callerOfViewer(viewerOf(user), organization.id)).projectRoles]).toEqual([[project.id, 'operator']])
    await setProjectRole(organization.caller, { projectId: project.id, userId: user.id, role: null })
    expect((await callerOfViewer(viewerOf(user), organization.id)).projectRoles.size).toBe(0)
  })
})

describe('a person who was removed', () => {
  it('has no rights, keeps a name in history, and may be invited again', async () => {
    const { user } = await addMember(organization, 'builder')
    await removePerson(organization.caller, { userId: user.id })
    await expect(callerOfViewer(viewerOf(user), organization.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await organizationsOf(user.id)).toEqual([])
    expect((await listPeople(organization.caller)).members.map((member) => member.userId)).toEqual([organization.owner.id])
    const { url } = await invitePerson(organization.caller, { email: user.email ?? '', role: 'viewer' })
    await acceptInvitation(viewerOf(user), { token: tokenOf(url) })
    expect((await callerOfViewer(viewerOf(user), organization.id)).role).toBe('viewer')
  })
})

describe('a profile', () => {
  it('takes a time zone and a language that exist', async () => {
    const viewer = viewerOf(organization.owner)
    await updateMe(viewer, { name: 'Ada', timeZone: 'Europe/Zurich', locale: 'de-CH' })
    await expect(updateMe(viewer, { timeZone: 'Mars/Olympus' })).rejects.toMatchObject({ pointer: '/timeZone' })
    await expect(updateMe(viewer, { locale: 'no such language' })).rejects.toMatchObject({ pointer: '/locale' })
    expect((await listPeople(organization.caller)).members[0]?.name).toBe('Ada')
  })
})
