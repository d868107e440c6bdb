import { and, eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { sweepLinks } from '@/db/engine'
import { newId, toUuid } from '@/db/ids'
import { liveRuns, runEvents, runStarts, runs } from '@/db/schema'
import { startDue } from '@/db/upkeep'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import type { Json } from '@/workflows/graph/schema'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'
import { asAdmin, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'
import { graphOf } from '../tests/support/plan-of'

let organization: TestOrganization
beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
})

type Rate = NonNullable<WorkflowSettings['rate']>
const rate = (more: Partial<Rate> = {}): Rate => ({ runs: 2, everyMs: 60_000, whenFull: 'queue', key: '', ...more })
const made = (settings: WorkflowSettings) =>
  makeWorkflow(organization, { graph: { ...graphOf('start', { start: { type: 'trigger.manual' } }), settings } })
const start = (workflow: TestWorkflow, input: Json = {}) =>
  inOrganization(organization.id, (tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input,
    }),
  )
async function look(runId: string) {
  return inOrganization(organization.id, async (tx) => {
    const [run] = await tx.select().from(runs).where(eq(runs.id, runId))
    const [live] = await tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))
    return { status: run?.status, waitingFor: run?.waitingFor as { kind: string; dueAt: string } | null, live }
  })
}
/** As if that much time had passed. */
const later = (workflow: TestWorkflow, ms: number) =>
  asAdmin(async (db) => {
    const key = toUuid(workflow.id, 'wf')
    await db.execute(
      sql`update run_starts set start_at = start_at - make_interval(secs => ${ms / 1_000}::float8) where rate_key like ${`${key}%`}`,
    )
    await db.execute(
      sql`update live_runs set not_before = not_before - make_interval(secs => ${ms / 1_000}::float8) where workflow_id = ${key}::uuid`,
    )
  })

describe('a rate', () => {
  it('holds back what is too much until its time, and says until when', async () => {
    const workflow = await made({ rate: rate() })
    const runIds: string[] = []
    for (let n = 0; n < 5; n++) runIds.push((await start(workflow, { n })).runId)
    const [a, b, c, d, e] = runIds as [string, string, string, string, string]
    expect([(await look(a)).status, (await look(b)).status]).toEqual(['accepted', 'accepted'])
    expect(await look(c)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'rate', path: null }, live: { hasSlot: false } })
    const starts = await inOrganization(organization.id, (tx) => tx.select().from(runStarts).orderBy(runStarts.startAt))
    const at = starts.map((row) => row.startAt.getTime())
    // In no minute do more than two begin.
    for (const [index, moment] of at.entries())
      expect(at.filter((other) => other >= moment && other < moment + 60_000).length, `${index}`).toBeLessThanOrEqual(2)
    expect(new Date((await look(c)).waitingFor?.dueAt ?? 0).getTime()).toBe(at[2])

    expect(await startDue()).toBe(0)
    await later(workflow, 61_000)
    expect(await startDue()).toBe(2)
    expect([await look(c), await look(d), await look(e)].map(({ status }) => status)).toEqual(['accepted', 'accepted', 'waiting'])
    expect(await look(c)).toMatchObject({ waitingFor: null, live: { state: 'accepted', hasSlot: true } })
  })

  it('is not passed by pausing and resuming, and what waits can be cancelled', async () => {
    const workflow = await made({ rate: rate({ runs: 1 }) })
    await start(workflow)
    const { runId } = await start(workflow)
    await pauseRun(organization.caller, { runId })
    await resumeRun(organization.caller, { runId })
    const held = await look(runId)
    expect(held.live).toMatchObject({ state: 'waiting', hasSlot: false })
    expect(held.live?.wakeSeq).toBe(held.live?.wakeSeen)
    await requestCancel(organization.caller, { runId })
    const asked = await look(runId)
    expect(asked.live?.wakeSeq).toBeGreaterThan(asked.live?.wakeSeen ?? 0)
    await later(workflow, 61_000)
    expect(await startDue()).toBe(0)
  })

  it('skips or refuses where it is set so', async () => {
    const skipping = await made({ rate: rate({ runs: 1, whenFull: 'skip' }) })
    await start(skipping)
    const skipped = await start(skipping)
    expect(skipped.skipped).toBe(true)
    const events = await inOrganization(organization.id, (tx) =>
      tx
        .select()
        .from(runEvents)
        .where(and(eq(runEvents.runId, skipped.runId), eq(runEvents.kind, 'skipped'))),
    )
    expect(events).toHaveLength(1)
    const refusing = await made({ rate: rate({ runs: 1, whenFull: 'refuse' }) })
    await start(refusing)
    await expect(start(refusing)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 60, limit: 1 })
  })

  it('counts each key by itself, and tests of drafts not at all', async () => {
    const workflow = await made({ rate: rate({ runs: 1, key: '{{ input.customer }}' }) })
    const runIds = [
      await start(workflow, { customer: 'a' }),
      await start(workflow, { customer: 'b' }),
      await start(workflow, { customer: 'a' }),
    ]
    expect((await Promise.all(runIds.map(({ runId }) => look(runId)))).map(({ status }) => status)).toEqual([
      'accepted',
      'accepted',
      'waiting',
    ])
    const test = await inOrganization(organization.id, (tx) =>
      acceptRun(tx, {
        organizationId: organization.id,
        workflowId: workflow.id,
        versionId: workflow.versionId as string,
        trigger: 'test',
        triggerNodeId: null,
        input: { customer: 'a' },
      }),
    )
    expect((await look(test.runId)).status).toBe('accepted')
  })

  it('holds for runs that also share slots: they need both', async () => {
    const workflow = await made({ rate: rate({ runs: 1 }), concurrency: { limit: 1, whenFull: 'queue', key: '' } })
    const first = await start(workflow)
    const second = await start(workflow)
    await later(workflow, 61_000)
    expect(await startDue()).toBe(0)
    await sweepLinks()
    expect((await look(second.runId)).status).toBe('waiting')
    await asAdmin((db) => db.delete(liveRuns).where(eq(liveRuns.runId, first.runId)))
    expect((await look(second.runId)).status).toBe('accepted')
  })

  it('never lets more begin than it says, however many start at the same moment', async () => {
    const workflow = await made({ rate: rate({ runs: 3 }) })
    const runIds = await Promise.all(Array.from({ length: 10 }, (_, n) => start(workflow, { n })))
    const found = await Promise.all(runIds.map(({ runId }) => look(runId)))
    expect(found.filter(({ status }) => status === 'accepted')).toHaveLength(3)
  })
})

describe('the time of runs', () => {
  it('is not given by anybody else', async () => {
    const other = await makeOrganization()
    await expect(
      inOrganization(other.id, (tx) =>
        tx.insert(runStarts).values({
          organizationId: organization.id,
          rateKey: 'x',
          startAt: new Date(),
          runId: newId('run'),
          expiresAt: new Date(),
        }),
      ),
    ).rejects.toThrow()
  })
})
