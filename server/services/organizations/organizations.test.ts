import { beforeEach, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { liveRuns } from '@/db/schema'
import { callerOfApiKey, callerOfViewer } from '@/server/auth/caller-of'
import type { Viewer } from '@/server/auth/get-viewer'
import { createApiKey } from '@/server/services/api-keys/create-api-key'
import { listApiKeys } from '@/server/services/api-keys/list-api-keys'
import { revokeApiKey } from '@/server/services/api-keys/revoke-api-key'
import { listAuditEvents } from '@/server/services/audit/list-audit-events'
import { removePerson } from '@/server/services/people/remove-person'
import { setRole } from '@/server/services/people/set-role'
import { createProject } from '@/server/services/projects/create-project'
import { listProjects } from '@/server/services/projects/list-projects'
import { removeProject } from '@/server/services/projects/remove-project'
import { renameProject } from '@/server/services/projects/rename-project'
import { addMember, callerOf, makeOrganization, makeRun, makeUser, makeWorkflow, type TestOrganization } from '@/tests/support/database'
import { templates } from '@/workflows/templates'
import { createOrganization } from './create-organization'
import { deleteOrganization } from './delete-organization'
import { getOrganization } from './get-organization'
import { listMyOrganizations } from './list-my-organizations'
import { makeSlug } from './make-slug'
import { updateOrganization } from './update-organization'

let organization: TestOrganization
beforeEach(async () => {
  organization = await makeOrganization({ name: 'Acme' })
})
const viewerOf = (user: { id: string; name: string; email: string | null }): Viewer => ({
  user: { ...user, timeZone: 'Europe/Zurich', locale: null },
  session: { id: newId('ses'), createdAt: new Date(), expiresAt: new Date() },
})

describe('an organization', () => {
  it('comes with a project, an environment and its owner, and an address of its own', async () => {
    const viewer = viewerOf(await makeUser())
    const one = await createOrganization(viewer, { name: 'Müller & Söhne' })
    const two = await createOrganization(viewer, { name: 'Müller & Söhne' })
    expect([one.slug, two.slug]).toEqual(['muller-sohne', 'muller-sohne-2'])
    const mine = await listMyOrganizations(viewer)
    expect(mine.items.map((item) => [item.id, item.role, item.projects.length])).toEqual([
      [one.id, 'owner', 1],
      [two.id, 'owner', 1],
    ])
    const caller = await callerOfViewer(viewer, one.id)
    expect(await getOrganization(caller)).toMatchObject({
      name: 'Müller & Söhne',
      timeZone: 'Europe/Zurich',
      counts: { members: 1, workflows: 0 },
      me: { role: 'owner' },
    })
    expect((await listAuditEvents(caller)).items.map((item) => item.action)).toEqual(['organization.create'])
  })

  it('is filled with the templates, published, when asked for', async () => {
    const viewer = viewerOf(await makeUser())
    const { id } = await createOrganization(viewer, { name: 'With examples', examples: true })
    const { counts } = await getOrganization(await callerOfViewer(viewer, id))
    expect(counts.workflows).toBe(templates.length)
    expect(counts.workflows).toBeGreaterThan(0)
  })

  it('is not there for who is not a member, exactly like one that does not exist', async () => {
    const stranger = viewerOf(await makeUser())
    const errors = await Promise.all(
      [organization.id, newId('org'), 'nonsense'].map((id) =>
        callerOfViewer(stranger, id).catch((error: { code: string; message: string }) => [error.code, error.message]),
      ),
    )
    expect(new Set(errors.map((error) => JSON.stringify(error))).size).toBe(1)
  })

  it('is changed with before and after in the audit', async () => {
    await updateOrganization(organization.caller, { name: 'Acme', timeZone: 'Asia/Tokyo', currency: 'EUR' })
    expect((await listAuditEvents(organization.caller)).items[0]?.detail).toEqual({
      timeZone: { before: 'UTC', after: 'Asia/Tokyo' },
      currency: { before: 'USD', after: 'EUR' },
    })
    await expect(updateOrganization(organization.caller, { currency: 'ABC' })).rejects.toMatchObject({ pointer: '/currency' })
    await expect(updateOrganization(organization.caller, { timeZone: 'Nowhere' })).rejects.toMatchObject({ pointer: '/timeZone' })
  })

  it('is deleted by its name, with all that could still act', async () => {
    const { token } = await createApiKey(organization.caller, { name: 'ci', role: 'builder' })
    const run = await makeRun(organization, await makeWorkflow(organization))
    await expect(deleteOrganization(organization.caller, { confirmName: 'Acme Inc' })).rejects.toMatchObject({ pointer: '/confirmName' })
    await deleteOrganization(organization.caller, { confirmName: 'Acme' })
    expect(await callerOfApiKey(token)).toBeNull()
    await expect(callerOfViewer(viewerOf(organization.owner), organization.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const [live] = await inOrganization(organization.id, (tx) => tx.select().from(liveRuns))
    expect(live).toMatchObject({ runId: run.id, cancelAt: expect.any(Date), wakeSeq: 1 })
  })

  it.each([
    ['Ünïcödé Größe', 'unicode-grosse'],
    ['  --  ', 'organization'],
    ['東京', 'organization'],
    [`${'long '.repeat(30)}`, 'long-long-long-long-long-long-long-long-long-lon'],
  ])('named %s stands at %s', (name, slug) => {
    expect(makeSlug(name, 'organization')).toBe(slug)
  })
})

describe('a project', () => {
  it('has a name of its own, is renamed, and removed when it is empty and not the last', async () => {
    const { id } = await createProject(organization.caller, { name: 'Billing' })
    await expect(createProject(organization.caller, { name: 'billing' })).rejects.toMatchObject({ code: 'CONFLICT', pointer: '/name' })
    await renameProject(organization.caller, { projectId: id, name: 'Invoices' })
    await makeWorkflow({ ...organization, projectId: id })
    expect((await listProjects(organization.caller)).items.map((item) => [item.name, item.workflows])).toEqual([
      ['Main', 0],
      ['Invoices', 1],
    ])
    await expect(removeProject(organization.caller, { projectId: id })).rejects.toMatchObject({ code: 'CONFLICT' })
    const empty = await createProject(organization.caller, { name: 'Empty' })
    await removeProject(organization.caller, { projectId: empty.id })
    await expect(removeProject(organization.caller, { projectId: empty.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const other = await makeOrganization()
    await expect(removeProject(other.caller, { projectId: other.projectId })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(renameProject(other.caller, { projectId: id, name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('made twice at the same moment is made once', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => createProject(organization.caller, { name: 'Twice' })))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  })
})

describe('an API key', () => {
  it('acts with the lesser of its rights and its maker’s, until it is revoked', async () => {
    const { user, caller } = await addMember(organization, 'builder')
    await expect(createApiKey(caller, { name: 'more', role: 'admin' })).rejects.toMatchObject({ code: 'FORBIDDEN', pointer: '/role' })
    const { id, token } = await createApiKey(caller, { name: 'ci', role: 'builder' })
    expect(token).toMatch(/^mr_[\w-]{43}$/)
    expect(await callerOfApiKey(token)).toMatchObject({
      kind: 'api_key',
      apiKeyId: id,
      organizationId: organization.id,
      role: 'builder',
      userId: user.id,
    })
    await setRole(organization.caller, { userId: user.id, role: 'viewer' })
    expect((await callerOfApiKey(token))?.role).toBe('viewer')
    const listed = (await listApiKeys(organization.caller)).items
    expect(listed).toMatchObject([{ id, name: 'ci', role: 'builder', createdBy: { id: user.id }, lastUsedAt: expect.any(Date) }])
    expect(JSON.stringify(listed)).not.toContain(token)
    await revokeApiKey(organization.caller, { apiKeyId: id })
    expect(await callerOfApiKey(token)).toBeNull()
    await expect(revokeApiKey(organization.caller, { apiKeyId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is worth nothing once it is over or its maker left', async () => {
    const { user, caller } = await addMember(organization, 'operator')
    const { token } = await createApiKey(caller, { name: 'ci', role: 'viewer' })
    await removePerson(organization.caller, { userId: user.id })
    expect(await callerOfApiKey(token)).toBeNull()
    await expect(createApiKey(organization.caller, { name: 'x', role: 'viewer', expiresAt: new Date(0) })).rejects.toMatchObject({
      pointer: '/expiresAt',
    })
    expect(await callerOfApiKey('mr_made-up')).toBeNull()
    expect(await callerOfApiKey(`mr_${'a'.repeat(43)}`)).toBeNull()
  })

  it('made by a key stays in that key’s project', async () => {
    const key = {
      ...callerOf(organization.id, organization.owner, 'admin'),
      kind: 'api_key' as const,
      onlyProjectId: organization.projectId,
    }
    const { token } = await createApiKey(key, { name: 'narrow', role: 'viewer' })
    expect((await callerOfApiKey(token))?.onlyProjectId).toBe(organization.projectId)
  })
})
