import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { circuitFailed, circuitIdOf, circuitWorked, enterCircuit, turnCircuits } from '@/db/circuits'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { auditEvents } from '@/db/schema'
import { createCredential } from '@/server/services/credentials/create-credential'
import { removeCredential } from '@/server/services/credentials/remove-credential'
import { updateCredential } from '@/server/services/credentials/update-credential'
import { getOverview } from '@/server/services/home/get-overview'
import { asAdmin, makeOrganization, makeRun, makeWorkflow, type TestOrganization } from '@/tests/support/database'
import type { ErrorClass } from '@/workflows/nodes/errors'
import { listCircuits } from './list-circuits'
import { retryCircuit } from './retry-circuit'

let organization: TestOrganization
const host = 'api.example.com'

beforeEach(async () => {
  organization = await makeOrganization()
})

const placeOf = (credentialId: string | null = null) => ({
  organizationId: organization.id,
  id: circuitIdOf(organization.id, credentialId, host),
  credentialId,
  host,
})
const rules = { threshold: 3, forgetMs: 60_000, firstWaitMs: 15_000, longestWaitMs: 60_000, retryAfterMs: 0, beganMs: 0, probe: false }
const fail = (place = placeOf(), kind: ErrorClass = 'transient', more: Partial<typeof rules> = {}) =>
  circuitFailed(place, { class: kind, code: 'x', message: `${host} answered 503.` }, { ...rules, ...more })
async function open(place = placeOf(), kind: ErrorClass = 'transient') {
  for (let n = 0; n < rules.threshold; n++) await fail(place, kind)
}
const step = { runId: newId('run'), path: 'call', leaseMs: 60_000 }
const only = (items: Awaited<ReturnType<typeof listCircuits>>) => items.items[0]
const overview = async () => (await getOverview(organization.caller, {})).attention

describe('circuits', () => {
  it('are seen once they are open, on their page and on the home page', async () => {
    await fail()
    expect(await listCircuits(organization.caller)).toEqual({ items: [] })
    await open()
    expect(only(await listCircuits(organization.caller))).toMatchObject({
      host,
      credential: null,
      state: 'open',
      refused: false,
      waitingRuns: 0,
      message: 'api.example.com answered 503.',
      canRetry: true,
    })
    expect(await overview()).toMatchObject([{ kind: 'circuit_open', title: 'api.example.com answered 503.', detail: 'down', count: 0 }])
    const other = await makeOrganization()
    expect(await listCircuits(other.caller)).toEqual({ items: [] })
  })

  it('count the runs that wait for them', async () => {
    await open()
    const { id: runId } = await makeRun(organization, await makeWorkflow(organization), { status: 'running' })
    expect(await enterCircuit(placeOf(), { ...step, runId })).toMatchObject({ outcome: 'held', kind: 'transient' })
    await enterCircuit(placeOf(), { ...step, runId, path: 'other' })
    expect(only(await listCircuits(organization.caller))).toMatchObject({ waitingRuns: 1 })
  })

  it('may be tried at once by who may repair runs, and that is audited', async () => {
    await open()
    await enterCircuit(placeOf(), step)
    await expect(retryCircuit({ ...organization.caller, role: 'viewer' }, { circuitId: placeOf().id })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await retryCircuit(organization.caller, { circuitId: placeOf().id })
    expect(await enterCircuit(placeOf(), step)).toMatchObject({ outcome: 'probe' })
    expect(await enterCircuit(placeOf(), step)).toMatchObject({ outcome: 'held' })
    const acts = await inOrganization(organization.id, (tx) => tx.select().from(auditEvents))
    expect(acts.filter(({ action }) => action === 'circuit.retry')).toMatchObject([{ targetKind: 'circuit', detail: { targetName: host } }])
    await expect(retryCircuit((await makeOrganization()).caller, { circuitId: placeOf().id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('where nothing waits are closed by that', async () => {
    await open()
    await retryCircuit(organization.caller, { circuitId: placeOf().id })
    expect(await listCircuits(organization.caller)).toEqual({ items: [] })
    expect(await enterCircuit(placeOf(), step)).toEqual({ outcome: 'go', known: null })
  })

  it('of a credential are tried when it changes, not when it is renamed', async () => {
    const { id } = await createCredential(organization.caller, {
      name: 'Registry',
      type: 'http.bearer',
      settings: {},
      secret: { token: 'token-4711' },
      allowedHosts: [host],
    })
    await open(placeOf(id), 'unauthorized')
    await enterCircuit(placeOf(id), step)
    expect(only(await listCircuits(organization.caller))).toMatchObject({
      refused: true,
      tryAt: null,
      credential: { id, name: 'Registry' },
    })
    await updateCredential(organization.caller, { credentialId: id, name: 'Register' })
    expect(await enterCircuit(placeOf(id), step)).toMatchObject({ outcome: 'held' })
    await updateCredential(organization.caller, { credentialId: id, secret: { token: 'token-4712' } })
    expect(await enterCircuit(placeOf(id), step)).toMatchObject({ outcome: 'probe' })
  })

  it('of a credential that goes elsewhere or is removed let everybody go on', async () => {
    const { id } = await createCredential(organization.caller, {
      name: 'Registry',
      type: 'http.bearer',
      settings: {},
      secret: { token: 'token-4711' },
      allowedHosts: [host],
    })
    await open(placeOf(id), 'unauthorized')
    await enterCircuit(placeOf(id), step)
    await updateCredential(organization.caller, { credentialId: id, allowedHosts: ['other.example.com'] })
    expect(await enterCircuit(placeOf(id), step)).toMatchObject({ outcome: 'go' })
    await fail(placeOf(id), 'unauthorized')
    expect(await enterCircuit(placeOf(id), step)).toMatchObject({ outcome: 'held' })
    await removeCredential(organization.caller, { credentialId: id })
    expect(await enterCircuit(placeOf(id), step)).toMatchObject({ outcome: 'go' })
  })

  it('do not count failures long apart, nor refusals together with trouble', async () => {
    await fail()
    await fail()
    await asAdmin((db) => db.execute(sql`update circuits set failed_at = now() - interval '2 minutes'`))
    expect((await fail()).known).toMatchObject({ state: 'counting', failures: 1 })
    await fail()
    expect((await fail(placeOf(), 'unauthorized')).known).toMatchObject({ state: 'counting', failures: 1 })
  })

  it('learn nothing from calls that began before they opened', async () => {
    await open()
    expect((await circuitWorked(placeOf(), { beganMs: 60_000, probe: false })).known).toMatchObject({ state: 'open' })
    await enterCircuit(placeOf(), step)
    expect((await circuitWorked(placeOf(), { beganMs: 60_000, probe: true })).known).toMatchObject({ state: 'returning' })
    expect((await fail(placeOf(), 'transient', { beganMs: 60_000 })).known).toMatchObject({ state: 'returning' })
    expect((await fail()).known).toMatchObject({ state: 'open' })
  })

  it('let another call try where the one that did was lost', async () => {
    await open()
    await retryCircuit(organization.caller, { circuitId: placeOf().id })
    await open()
    await enterCircuit(placeOf(), step)
    await retryCircuit(organization.caller, { circuitId: placeOf().id })
    expect(await enterCircuit(placeOf(), step)).toMatchObject({ outcome: 'probe' })
    await asAdmin((db) => db.execute(sql`update circuits set probe_until = now() - interval '1 second'`))
    expect(await enterCircuit(placeOf(), step)).toMatchObject({ outcome: 'probe' })
  })

  it('are forgotten when nobody calls any more', async () => {
    await open()
    await asAdmin((db) => db.execute(sql`update circuits set failed_at = now() - interval '2 days', try_at = now() - interval '2 days'`))
    await fail(placeOf(), 'transient', {})
    await asAdmin((db) => db.execute(sql`update circuits set failed_at = now() - interval '2 days'`))
    await turnCircuits({ first: 5, most: 100, forgetMs: 60_000 })
    expect(await listCircuits(organization.caller)).toEqual({ items: [] })
  })

  it('give two workers that ask at once one call to try', async () => {
    await open()
    await enterCircuit(placeOf(), step)
    await retryCircuit(organization.caller, { circuitId: placeOf().id })
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => enterCircuit(placeOf(), { ...step, path: `call${n}` })))
    expect(answers.filter(({ outcome }) => outcome === 'probe')).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === 'held')).toHaveLength(7)
  })
})
