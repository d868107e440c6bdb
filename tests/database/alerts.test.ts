import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdvancer } from '@/activities/advance'
import { createHands } from '@/activities/hands'
import { createHolder, type Holder } from '@/activities/holder'
import { createNotices } from '@/activities/notices'
import { remind } from '@/db/alerts'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { alerts, deadLetters, tasks } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { getAlertTarget, removeAlertTarget, setAlertTarget } from '@/server/services/alerts/alert-target'
import { listAlerts } from '@/server/services/alerts/list-alerts'
import { sendAlerts } from '@/server/services/alerts/send-alerts'
import { testAlert } from '@/server/services/alerts/test-alert'
import { resolveDeadLetter } from '@/server/services/dead-letters/resolve-dead-letter'
import { acceptRun } from '@/server/services/runs/accept-run'
import { decideTask } from '@/server/services/tasks/decide-task'
import { getTask } from '@/server/services/tasks/get-task'
import type { Json } from '@/workflows/graph/schema'
import { addMember, asAdmin, makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { graphOf, type NodeSketch } from '../support/plan-of'

let organization: TestOrganization
let sink: HttpSink
let holder: Holder
let advance: (runId: string) => Promise<unknown>
let maya: string
let omar: string

beforeAll(async () => {
  // Nothing listens there: waking a run is a hint and fails at once.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  sink = await startHttpSink()
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  maya = (await addMember(organization, 'operator')).user.id
  omar = (await addMember(organization, 'operator')).user.id
  const hands = createHands()
  holder = createHolder(hands, 'test')
  const advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  advance = (runId) => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
  await holder.start()
})
afterAll(async () => {
  await holder?.stop()
  await closePowers()
  await sink?.close()
})

const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const kinds = ['task.opened', 'task.reminder', 'task.escalated', 'run.failed'] as const
const listen = (path = '/status/200', chosen: readonly (typeof kinds)[number][] = kinds) =>
  setAlertTarget(organization.caller, { url: `${sink.url}${path}`, credentialId: null, kinds: [...chosen] })
const told = () => sink.requests.map((request) => JSON.parse(request.body) as Record<string, Json> & { kind: string })
const send = () => withDatabase(workerDb(), () => sendAlerts())
const remindNow = () => remind(100)

const workflowWith = (node: NodeSketch) =>
  makeWorkflow(organization, { graph: graphOf('start -> node', { start: { type: 'trigger.manual' }, node }) })

async function runOf(workflow: { id: string; versionId: string | null }): Promise<string> {
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input: {},
    }),
  )
  await advance(runId)
  return runId
}
const ran = async (node: NodeSketch) => runOf(await workflowWith(node))
const ask = (params: Record<string, Json>) => ran({ type: 'people.approval', params: { title: 'Approve 20418?', ...params } })
const taskOf = async (runId: string) => (await read((tx) => tx.select().from(tasks).where(eq(tasks.runId, runId))))[0]
const due = (runId: string) =>
  asAdmin((db) =>
    db
      .update(tasks)
      .set({ alertAt: new Date(Date.now() - 1_000) })
      .where(eq(tasks.runId, runId)),
  )

describe('alerts', () => {
  it('are made for nobody where no address is set', async () => {
    await ask({})
    expect(await send()).toBe(0)
    expect(await getAlertTarget(organization.caller)).toEqual({ target: null })
  })

  it('tell of a task with who may decide it, and of each reminder, until it is decided', async () => {
    await listen()
    const from = told().length
    const runId = await ask({ assignees: [maya], remindEveryMs: 3_600_000 })
    expect(await send()).toBe(1)
    const task = await taskOf(runId)
    expect(told()[from]).toMatchObject({
      kind: 'task.opened',
      text: expect.stringContaining('“Approve 20418?” waits for a decision (Workflow'),
      task: { id: task?.id, assignees: [{ id: maya, email: expect.stringContaining('@') }] },
      run: { id: runId },
      organization: { id: organization.id },
    })
    expect(sink.requests.at(-1)?.headers['webhook-id']).toMatch(/^alert_/)

    expect(await remindNow()).toEqual([])
    expect(task?.alertAt?.getTime()).toBe((task?.createdAt.getTime() ?? 0) + 3_600_000)
    await due(runId)
    expect(await remindNow()).toMatchObject([{ organizationId: organization.id, kind: 'task', ids: [task?.id] }])
    expect(await remindNow()).toEqual([])
    await send()
    expect(told().at(-1)).toMatchObject({ kind: 'task.reminder', task: { reminders: 1 } })
    expect(await getTask(organization.caller, { taskId: task?.id as string })).toMatchObject({ reminders: 1, escalatedAt: null })

    await due(runId)
    await decideTask({ ...organization.caller, userId: maya }, { taskId: task?.id as string, decision: 'approved' })
    expect(await remindNow()).toEqual([])
  })

  it('say whom else is asked once nobody decided in time', async () => {
    const runId = await ask({ assignees: [maya], escalateAfterMs: 3_600_000, escalateTo: [omar] })
    await send()
    await asAdmin((db) =>
      db.execute(
        `update run_waits set detail = jsonb_set(detail, '{escalateAt}', '"2020-01-01T00:00:00Z"') where kind = 'approval' and settled_at is null`,
      ),
    )
    await due(runId)
    await remindNow()
    await send()
    const last = told().at(-1)
    expect(last).toMatchObject({ kind: 'task.escalated' })
    const asked = last?.task as { assignees: { id: string }[] }
    expect(asked.assignees.map(({ id }) => id).sort()).toEqual([maya, omar].sort())
    expect((await taskOf(runId))?.alertAt).toBeNull()
  })

  it('tell of failures that are the same once', async () => {
    const from = told().length
    const stops = await workflowWith({ type: 'flow.stop', params: { message: 'No customer' } })
    for (let n = 0; n < 3; n++) await runOf(stops)
    await ran({ type: 'code.javascript', params: { source: 'throw new Error("Broken")' } })
    await send()
    const failures = told().slice(from)
    expect(failures.map(({ error }) => (error as { class: string }).class).sort()).toEqual(['bad_data', 'business'])
    failures.sort((one) => ((one.error as { class: string }).class === 'business' ? -1 : 1))
    expect(failures[0]).toMatchObject({ error: { class: 'business', message: 'No customer' }, step: { title: 'node' }, owner: null })
  })

  it('tell of a repair that failed again', async () => {
    await listen()
    const runId = await ran({ type: 'flow.stop', params: { message: 'The ledger is closed.' } })
    expect(await send()).toBe(1)
    const [letter] = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
    const { runId: again } = await resolveDeadLetter(organization.caller, { deadLetterId: letter?.id as string })
    expect(await send()).toBe(0)
    await advance(again)
    expect(await send()).toBe(1)
    expect(told().at(-1)).toMatchObject({ kind: 'run.failed', text: expect.stringContaining('The ledger is closed.') })
  })

  it('are tried again, and given up in the end with why', async () => {
    await listen('/status/503')
    const runId = await ask({})
    await send()
    const mine = async () => (await listAlerts(organization.caller)).items[0]
    expect(await mine()).toMatchObject({ state: 'waiting', attempts: 1, error: `${sink.host} answered 503.` })
    expect(await send()).toBe(0)
    for (let n = 0; n < 7; n++) {
      await asAdmin((db) =>
        db
          .update(alerts)
          .set({ dueAt: new Date(0) })
          .where(eq(alerts.kind, 'task.opened')),
      )
      await send()
    }
    expect(await mine()).toMatchObject({ state: 'failed', attempts: 8 })
    expect((await taskOf(runId))?.state).toBe('open')
    expect(await testAlert(organization.caller)).toEqual({ ok: false, error: `${sink.host} answered 503.` })
  })

  it('never go to a private address that nobody allowed', async () => {
    await setAlertTarget(organization.caller, { url: 'http://169.254.169.254/latest', credentialId: null, kinds: ['run.failed'] })
    expect(await testAlert(organization.caller)).toMatchObject({ ok: false, error: expect.stringContaining('private') })
  })

  it('are of the kinds that were chosen, and end with their address', async () => {
    await listen('/status/200', ['run.failed'])
    await ask({})
    expect(await send()).toBe(0)
    const { caller } = await addMember(organization, 'viewer')
    expect((await getAlertTarget(caller)).target).toMatchObject({ url: null, host: sink.host })
    await expect(setAlertTarget(caller, { url: sink.url, credentialId: null, kinds: ['run.failed'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await removeAlertTarget(organization.caller)
    await ran({ type: 'flow.stop', params: { message: 'Nobody hears' } })
    expect(await send()).toBe(0)
  })
})
