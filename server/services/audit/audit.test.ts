import { eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { auditEvents, auditPeople } from '@/db/schema'
import { asAdmin, makeOrganization, type TestOrganization } from '@/tests/support/database'
import type { AuditAction } from './actions'
import { listAuditEvents } from './list-audit-events'
import { recordAudit } from './record-audit'
import { verifyAudit } from './verify-audit'

let organization: TestOrganization
beforeEach(async () => {
  organization = await makeOrganization()
})

const act = (action: AuditAction, detail: Record<string, unknown> = {}) =>
  inOrganization(organization.id, (tx) =>
    recordAudit(tx, { by: organization.caller, action, target: { kind: 'workflow', id: newId('wf'), name: 'Orders' }, detail }),
  )

describe('the chain', () => {
  it('is whole when acts happen at the same time', async () => {
    await Promise.all(Array.from({ length: 25 }, (_, index) => act('workflow.publish', { index })))
    expect(await verifyAudit({ organizationId: organization.id })).toEqual({ ok: true, checked: 25, brokenAt: null })
  })

  it('holds odd values as the table does', async () => {
    await act('workflow.update', { z: 1, a: { y: [undefined, Number.NaN, 1e21, 0.1], b: undefined }, text: 'a\0b\ud800 é' })
    expect((await verifyAudit({ organizationId: organization.id })).ok).toBe(true)
  })

  it('writes nothing when the act fails', async () => {
    await expect(
      inOrganization(organization.id, async (tx) => {
        await recordAudit(tx, { by: organization.caller, action: 'workflow.publish', target: { kind: 'workflow', id: null } })
        throw new Error('the act failed')
      }),
    ).rejects.toThrow('the act failed')
    expect((await verifyAudit({ organizationId: organization.id })).checked).toBe(0)
  })

  it.each([
    ['changed', sql`update audit_events set detail = '{"targetName":"Else"}' where seq = 3`],
    ['given to somebody else', sql`update audit_events set actor_id = 'usr_0' where seq = 3`],
    ['moved in time', sql`update audit_events set at = at - interval '1 hour' where seq = 3`],
  ])('shows an event that was %s', async (_, change) => {
    for (let index = 0; index < 5; index++) await act('workflow.publish')
    await asAdmin((db) => db.execute(sql`${change} and organization_id = ${uuidOf(organization.id)}`))
    expect(await verifyAudit({ organizationId: organization.id })).toEqual({ ok: false, checked: 2, brokenAt: 3 })
  })

  it('shows a missing event by the one behind it', async () => {
    for (let index = 0; index < 4; index++) await act('workflow.publish')
    await asAdmin((db) => db.execute(sql`delete from audit_events where seq = 2 and organization_id = ${uuidOf(organization.id)}`))
    expect(await verifyAudit({ organizationId: organization.id })).toEqual({ ok: false, checked: 1, brokenAt: 3 })
  })

  it('stays whole when personal data is erased', async () => {
    await act('workflow.publish')
    await asAdmin((db) => db.delete(auditPeople))
    expect((await verifyAudit({ organizationId: organization.id })).ok).toBe(true)
    const { items } = await listAuditEvents(organization.caller)
    expect(items[0]?.actor).toEqual({ kind: 'person', id: organization.owner.id, name: null })
  })

  it('cannot be rewritten through the roles that log in', async () => {
    await act('workflow.publish')
    await expect(inOrganization(organization.id, (tx) => tx.update(auditEvents).set({ action: 'x' }))).rejects.toMatchObject({
      cause: { code: '42501' },
    })
    await expect(inOrganization(organization.id, (tx) => tx.delete(auditEvents).where(eq(auditEvents.seq, 1)))).rejects.toMatchObject({
      cause: { code: '42501' },
    })
  })
})

describe('the list', () => {
  it('is filtered by who, what and when, newest first, in pages', async () => {
    for (const action of ['workflow.publish', 'workflow.update', 'schedule.pause', 'workflow.publish'] as const) await act(action)
    await inOrganization(organization.id, (tx) =>
      recordAudit(tx, {
        by: { organizationId: organization.id, system: 'schedule' },
        action: 'run.cancel',
        target: { kind: 'run', id: null },
      }),
    )
    const all = await listAuditEvents(organization.caller, { limit: 3 })
    expect(all.items.map((item) => item.seq)).toEqual([5, 4, 3])
    expect(all.items[0]?.actor).toEqual({ kind: 'system', id: 'schedule', name: 'schedule' })
    const rest = await listAuditEvents(organization.caller, { cursor: all.nextCursor ?? undefined })
    expect(rest.items.map((item) => item.seq)).toEqual([2, 1])
    expect(rest.nextCursor).toBeNull()
    const published = await listAuditEvents(organization.caller, { action: 'workflow.publish' })
    expect(published.items).toHaveLength(2)
    expect(published.items[0]?.target.name).toBe('Orders')
    expect((await listAuditEvents(organization.caller, { action: 'workflow.' })).items).toHaveLength(3)
    expect((await listAuditEvents(organization.caller, { actor: organization.owner.id })).items).toHaveLength(4)
    expect((await listAuditEvents(organization.caller, { to: new Date(0) })).items).toEqual([])
    expect((await listAuditEvents(organization.caller, { target: all.items[1]?.target.id ?? '' })).items).toHaveLength(1)
  })

  it('refuses a cursor that it did not give out', async () => {
    await expect(listAuditEvents(organization.caller, { cursor: 'x' })).rejects.toMatchObject({ code: 'BAD_REQUEST', pointer: '/cursor' })
  })
})

function uuidOf(id: string): string {
  return id.slice(4).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
}
