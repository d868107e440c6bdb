import { and, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { schedules } from '@/db/schema'
import { countLetters } from '@/server/services/dead-letters/count-letters'
import { getOrganization } from '@/server/services/organizations/get-organization'
import { removeWorkflow } from '@/server/services/workflows/remove-workflow'
import { makeOrganization, makeRun, makeWorkflow, type TestOrganization } from '@/tests/support/database'
import { makeEverything, smallGraph } from '@/tests/support/make-things'
import { getOverview } from './get-overview'

let organization: TestOrganization
beforeEach(async () => {
  organization = await makeOrganization()
})

describe('the overview', () => {
  it('tells runs that wait for their next try from those that wait for something else', async () => {
    const workflow = await makeWorkflow(organization, { graph: smallGraph })
    const waiting = (kind: string) =>
      makeRun(organization, workflow, { status: 'waiting', waitingFor: { kind, path: 'setfields1', dueAt: null } as never })
    await waiting('approval')
    await waiting('retry')
    await waiting('retry')
    const { workflows, attention } = await getOverview(organization.caller, {})
    expect(workflows[0]?.last24h).toMatchObject({ waiting: 1, retrying: 2 })
    expect(workflows[0]?.lastRun).toMatchObject({ status: 'waiting', waitingFor: 'retry' })
    expect(attention).toMatchObject([{ kind: 'retrying', count: 2 }])
  })

  it('names a schedule that was paused for a reason, with the reason, until it goes on', async () => {
    const { scheduleId } = await makeEverything(organization)
    const set = (values: { paused: boolean; pauseReason: string | null }) =>
      inOrganization(organization.id, (tx) =>
        tx
          .update(schedules)
          .set(values)
          .where(and(eq(schedules.organizationId, organization.id), eq(schedules.id, scheduleId))),
      )
    const paused = async () => (await getOverview(organization.caller, {})).attention.filter((one) => one.kind === 'schedule_paused')
    await set({ paused: true, pauseReason: 'The books are closed.' })
    expect(await paused()).toMatchObject([{ id: scheduleId, detail: 'The books are closed.' }])
    await set({ paused: true, pauseReason: null })
    expect(await paused()).toEqual([])
    await set({ paused: false, pauseReason: null })
    expect(await paused()).toEqual([])
  })

  it('counts what is open as the frame and the lists do, also of a workflow that was removed', async () => {
    const { workflowId } = await makeEverything(organization)
    const before = (await getOverview(organization.caller, {})).counts
    expect(before.openDeadLetters).toBeGreaterThan(0)
    await removeWorkflow(organization.caller, { workflowId })
    const { counts } = await getOverview(organization.caller, {})
    const frame = (await getOrganization(organization.caller)).counts
    const { open } = await countLetters(organization.caller, {})
    expect(counts).toMatchObject({ openDeadLetters: open.count, openTasks: frame.openTasks, workflows: frame.workflows })
    expect(frame.openDeadLetters).toBe(open.count)
    expect(counts.openDeadLetters).toBe(before.openDeadLetters)
  })
})
