import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOrganizationRow, organizationsOf } from '@/db/definer'
import { newId } from '@/db/ids'
import { organizations, setupTokens, users } from '@/db/schema'
import { config } from '@/server/config'
import { verifyAudit } from '@/server/services/audit/verify-audit'
import { signIn } from '@/server/services/sessions/sign-in'
import { asAdmin } from '@/tests/support/database'
import { completeSetup } from './complete-setup'
import { createSetupToken } from './create-setup-token'
import { getSetupStatus } from './get-setup-status'
import { setUpUnattended } from './set-up-unattended'

const person = {
  name: 'Ada',
  email: 'Ada@Example.com',
  password: 'brown-kettle-quiet-river',
  organizationName: 'Acme',
  examples: 'hand-over' as const,
}
let examplesId: string

beforeEach(async () => {
  examplesId = newId('org')
  await createOrganizationRow({
    id: examplesId,
    name: 'Examples',
    slug: 'examples',
    timeZone: 'UTC',
    isExamples: true,
    projectId: newId('prj'),
    projectName: 'Main',
    ownerId: null,
  })
})
afterEach(async () => {
  config().owner = null
  await asAdmin(async (db) => {
    await db.delete(organizations)
    await db.delete(users)
    await db.delete(setupTokens)
  })
})

const signedIn = async () => {
  const found = await signIn(
    { email: person.email, password: person.password },
    { address: newId('ses'), agent: null, previousToken: null },
  )
  return found ? organizationsOf(found.user.id) : null
}

describe('set-up', () => {
  it('makes the owner and the organization, hands the examples over, and works once', async () => {
    expect(await getSetupStatus()).toEqual({ needed: true })
    const token = (await createSetupToken()) ?? ''
    const { organizationId, slug } = await completeSetup({ ...person, token })
    expect(slug).toBe('acme')
    expect(await getSetupStatus()).toEqual({ needed: false })
    expect((await signedIn())?.map((each) => [each.id, each.role, each.isExamples])).toEqual([
      [organizationId, 'owner', false],
      [examplesId, 'owner', true],
    ])
    for (const id of [organizationId, examplesId]) expect(await verifyAudit({ organizationId: id })).toMatchObject({ ok: true, checked: 1 })
    await expect(completeSetup({ ...person, token, email: 'other@example.com' })).rejects.toMatchObject({
      code: 'GONE',
      message: 'This Millrace is set up already.',
    })
    expect(await createSetupToken()).toBeNull()
  })

  it('removes the examples when asked to', async () => {
    const token = (await createSetupToken()) ?? ''
    await completeSetup({ ...person, token, examples: 'remove' })
    expect((await signedIn())?.map((each) => each.isExamples)).toEqual([false])
  })

  it('takes the newest link only', async () => {
    const old = (await createSetupToken()) ?? ''
    const token = (await createSetupToken()) ?? ''
    await expect(completeSetup({ ...person, token: old })).rejects.toMatchObject({
      code: 'GONE',
      message: 'This set-up link is not the newest one.',
    })
    await expect(completeSetup({ ...person, token: 'made up' })).rejects.toMatchObject({ code: 'GONE' })
    await completeSetup({ ...person, token })
  })

  it('keeps the link when the password is refused', async () => {
    const token = (await createSetupToken()) ?? ''
    await expect(completeSetup({ ...person, token, password: 'Ada Ada Ada Ada Ada' })).rejects.toMatchObject({ pointer: '/password' })
    await completeSetup({ ...person, token })
  })

  it('lets one of two who are set up at the same moment through', async () => {
    const token = (await createSetupToken()) ?? ''
    const results = await Promise.allSettled([
      completeSetup({ ...person, token }),
      completeSetup({ ...person, token, email: 'eve@example.com' }),
    ])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('goes unattended with an owner in the settings, once', async () => {
    expect(await setUpUnattended()).toBeNull()
    config().owner = { email: person.email, password: person.password }
    expect(await setUpUnattended()).toMatchObject({ slug: 'my-organization' })
    expect(await setUpUnattended()).toBeNull()
    expect((await signedIn())?.map((each) => each.isExamples)).toEqual([false])
  })
})
