import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { runs } from '@/db/schema'
import { takeCallback } from '@/server/services/callbacks/take-callback'
import { sendEvent } from '@/server/services/events/send-event'
import { requestCancel } from '@/server/services/runs/request-cancel'
import type { Json } from '@/workflows/graph/schema'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { graphOf, idOf } from '../support/plan-of'
import { ended, startRun, temporalServer, untilRun, workerProcess } from './support'

temporalServer()
let organization: TestOrganization

beforeAll(async () => {
  organization = await makeOrganization()
})

const trigger = { type: 'trigger.manual' }
const called = { type: 'trigger.sub_workflow' }
const set = (name: string, value: Json) => ({ type: 'data.set', params: { fields: [{ name, value }] } })
const childrenOf = (runId: string) => inOrganization(organization.id, (tx) => tx.select().from(runs).where(eq(runs.parentRunId, runId)))
const waits = (run: { status: string }) => run.status === 'waiting'

describe.each(['on', 'off'] as const)('runs that wait for others, with the lane %s,', (lane) => {
  workerProcess({ lane })
  it('go on by themselves when what they called ends', async () => {
    const leaf = await makeWorkflow(organization, { graph: graphOf('start -> n', { start: called, n: set('n', '{{ input.n + 1 }}') }) })
    const middle = await makeWorkflow(organization, {
      graph: graphOf('start -> call', { start: called, call: { type: 'flow.sub_workflow', params: { workflow: leaf.id } } }),
    })
    const top = await makeWorkflow(organization, {
      graph: graphOf('start -> call', { start: trigger, call: { type: 'flow.sub_workflow', params: { workflow: middle.id } } }),
    })
    const runId = await startRun(organization, top, { n: 1 })
    expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'succeeded', output: { n: 2 } })
  })

  it('take those below along when they are cancelled', async () => {
    const leaf = await makeWorkflow(organization, {
      graph: graphOf('start -> pause', { start: called, pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    })
    const top = await makeWorkflow(organization, {
      graph: graphOf('start -> call', { start: trigger, call: { type: 'flow.sub_workflow', params: { workflow: leaf.id } } }),
    })
    const runId = await startRun(organization, top, {})
    await untilRun(organization, runId, waits)
    const [child] = await childrenOf(runId)
    await untilRun(organization, child?.id ?? '', waits)
    await requestCancel(organization.caller, { runId })
    expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'cancelled' })
    expect(await untilRun(organization, child?.id ?? '', ended)).toMatchObject({ status: 'cancelled' })
  })

  it('go on with a callback and with an event', async () => {
    const workflow = await makeWorkflow(organization, {
      graph: graphOf('start -> hear -> paid', {
        start: trigger,
        hear: { type: 'flow.wait_callback' },
        paid: { type: 'flow.wait_event', params: { name: 'paid', key: '{{ input.order }}' } },
      }),
    })
    const runId = await startRun(organization, workflow, {})
    await untilRun(organization, runId, waits)
    await takeCallback({ organizationId: organization.id, runId, path: idOf('hear') }, { order: 9 })
    await untilRun(organization, runId, (run) => run.waitingFor !== null && JSON.stringify(run.waitingFor).includes('event'))
    expect(await sendEvent(organization.caller, { name: 'paid', key: '9', data: { amount: 3 } })).toEqual({ runIds: [runId] })
    expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'succeeded', output: { data: { amount: 3 } } })
  })

  it('are told by the clock when nobody calls', async () => {
    const workflow = await makeWorkflow(organization, {
      graph: graphOf('start -> hear; hear.timeout -> late', {
        start: trigger,
        hear: { type: 'flow.wait_callback', params: { withinMs: 1_000, onTimeout: 'timeout' } },
        late: set('late', true),
      }),
    })
    const runId = await startRun(organization, workflow, {})
    expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'succeeded', output: { late: true } })
  })
})
