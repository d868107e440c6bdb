import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '@/db/ids'
import { runDedupe } from '@/db/schema'
import { asAdmin, makeOrganization, type TestOrganization } from '@/tests/support/database'
import type { GateCall } from '@/workflows/runtime/types'
import { passGate } from './pass-gate'

let organization: TestOrganization
beforeAll(async () => {
  organization = await makeOrganization()
})

const workflow = () => {
  const workflowId = newId('wf')
  return { run: () => ({ organizationId: organization.id, workflowId, runId: newId('run') }) }
}
const throttle = (more: Partial<Extract<GateCall, { kind: 'throttle' }>> = {}): GateCall => ({
  kind: 'throttle',
  path: 'gate',
  nodeId: 'gate',
  key: '',
  limit: 2,
  withinMs: 60_000,
  ...more,
})
const debounce = (isNew: boolean, key = ''): GateCall => ({ kind: 'debounce', path: 'gate', nodeId: 'gate', key, quietMs: 10_000, isNew })
const forget = () =>
  asAdmin((db) =>
    db
      .update(runDedupe)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(runDedupe.organizationId, organization.id)),
  )

describe('a throttle', () => {
  it('lets no more pass than it says, however many ask at once', async () => {
    const { run } = workflow()
    const answers = await Promise.all(Array.from({ length: 10 }, () => passGate(run(), throttle())))
    expect(answers.filter((answer) => answer.outcome === 'pass')).toHaveLength(2)
    const wait = answers.find((answer) => answer.outcome === 'wait')
    expect(wait?.outcome === 'wait' && wait.until.getTime() - Date.now()).toBeGreaterThan(50_000)
  })
  it('counts one step of one run once, each key and each workflow by itself', async () => {
    const { run } = workflow()
    const one = run()
    const limit = { limit: 1 }
    expect([await passGate(one, throttle(limit)), await passGate(one, throttle(limit))]).toEqual([{ outcome: 'pass' }, { outcome: 'pass' }])
    expect(await passGate(run(), throttle(limit))).toMatchObject({ outcome: 'wait' })
    expect(await passGate(run(), throttle({ ...limit, key: 'b' }))).toEqual({ outcome: 'pass' })
    expect(await passGate(one, throttle({ ...limit, path: 'gate#2' }))).toMatchObject({ outcome: 'wait' })
    expect(await passGate(workflow().run(), throttle(limit))).toEqual({ outcome: 'pass' })
  })
  it('counts what a test of the draft does by itself', async () => {
    const { run } = workflow()
    const limit = { limit: 1 }
    const test = { ...run(), byHand: true }
    expect(await passGate(test, throttle(limit))).toEqual({ outcome: 'pass' })
    expect(await passGate(test, throttle({ ...limit, path: 'gate#2' }))).toMatchObject({ outcome: 'wait' })
    expect(await passGate({ ...run(), byHand: true }, throttle(limit))).toEqual({ outcome: 'pass' })
    expect(await passGate(run(), throttle(limit))).toEqual({ outcome: 'pass' })
    expect(await passGate(run(), throttle(limit))).toMatchObject({ outcome: 'wait' })
  })
  it('lets pass again when its time is over', async () => {
    const { run } = workflow()
    for (let n = 0; n < 2; n++) await passGate(run(), throttle())
    expect(await passGate(run(), throttle())).toMatchObject({ outcome: 'wait' })
    await forget()
    expect(await passGate(run(), throttle())).toEqual({ outcome: 'pass' })
  })
})

/** A run that was accepted at that time; ids made by `newId` never go back in time. */
let made = 0
function runAt(ms: number): string {
  made += 1
  return `run_${ms.toString(16).padStart(12, '0')}7000800000000000${made.toString(16).padStart(4, '0')}`
}

describe('a debounce', () => {
  it('lets only the newest of a burst go on', async () => {
    const { run } = workflow()
    const place = run()
    const [earlier, later] = [1_000_000, 1_000_001].map((ms) => ({ ...place, runId: runAt(ms) })) as [typeof place, typeof place]
    expect(await passGate(earlier, debounce(true))).toMatchObject({ outcome: 'wait' })
    expect(await passGate(later, debounce(true))).toMatchObject({ outcome: 'wait' })
    expect(await passGate(earlier, debounce(false))).toEqual({ outcome: 'superseded' })
    expect(await passGate(later, debounce(false))).toEqual({ outcome: 'pass' })
    expect(await passGate(earlier, debounce(true, 'other'))).toMatchObject({ outcome: 'wait' })
    expect(await passGate(earlier, debounce(false, 'other'))).toEqual({ outcome: 'pass' })
  })
  it('lets no test of the draft take the place of a run', async () => {
    const { run } = workflow()
    const waiting = run()
    expect(await passGate(waiting, debounce(true))).toMatchObject({ outcome: 'wait' })
    const test = { ...run(), byHand: true }
    expect(await passGate(test, debounce(true))).toMatchObject({ outcome: 'wait' })
    expect(await passGate(waiting, debounce(false))).toEqual({ outcome: 'pass' })
    expect(await passGate(test, debounce(false))).toEqual({ outcome: 'pass' })
  })
  it('does not let an older run that comes late take the place of a newer one', async () => {
    const place = workflow().run()
    const [older, newer] = [1_000_000, 1_000_001].map((ms) => ({ ...place, runId: runAt(ms) })) as [typeof place, typeof place]
    expect(await passGate(newer, debounce(true))).toMatchObject({ outcome: 'wait' })
    expect(await passGate(older, debounce(true))).toEqual({ outcome: 'superseded' })
    expect(await passGate(newer, debounce(false))).toEqual({ outcome: 'pass' })
  })
})
