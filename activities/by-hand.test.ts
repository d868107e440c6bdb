import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { newId, toUuid } from '@/db/ids'
import { deadLetters, liveRuns, runEvents, runSteps, runs, runWaits, tasks, workflowTags, workflowVersions } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { listAuditEvents } from '@/server/services/audit/list-audit-events'
import { acceptRun } from '@/server/services/runs/accept-run'
import { getStep } from '@/server/services/runs/get-step'
import { pauseRun } from '@/server/services/runs/pause-run'
import { planReplay } from '@/server/services/runs/plan-replay'
import { replayRun } from '@/server/services/runs/replay-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import { setOutput } from '@/server/services/runs/set-output'
import { setVariables } from '@/server/services/runs/set-variables'
import { decideTask } from '@/server/services/tasks/decide-task'
import { setVariable } from '@/server/services/variables/set-variable'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { DriverAnswer } from '@/workflows/runtime/driver-types'
import { addMember, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'
import { type HttpSink, startHttpSink } from '../tests/support/http-sink'
import { graphOf, idOf, type NodeSketch } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let sink: HttpSink
let advancer: Advancer
let holder: Holder
let answering: (path: string) => number = () => 200

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (request, response) => {
      response.writeHead(answering(request.path), { 'content-type': 'application/json' })
      response.end(JSON.stringify({ path: request.path }))
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
})
afterAll(async () => {
  await holder.stop()
  await closePowers()
  await sink.close()
})

const trigger = { type: 'trigger.manual' }
const call = (path: string, more: Partial<NodeSketch> = {}): NodeSketch => ({
  type: 'http.request',
  ...more,
  params: { url: `${sink.url}/${path}`, method: 'POST', ...more.params },
  settings: { retry: { attempts: 1 }, ...more.settings },
})
const set = (name: string, value: Json): NodeSketch => ({ type: 'data.set', params: { fields: [{ name, value }] } })
const at = (...parts: (string | number)[]) => parts.map((part, index) => (index % 2 === 0 ? idOf(String(part)) : part)).join('/')
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const stepOf = async (runId: string, path: string) =>
  (
    await read((tx) =>
      tx
        .select()
        .from(runSteps)
        .where(and(eq(runSteps.runId, runId), eq(runSteps.path, path)))
        .orderBy(asc(runSteps.attempt)),
    )
  ).at(-1)
const advance = (runId: string): Promise<DriverAnswer> => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
const asked = () => sink.requests.map((request) => request.path)
const eventsOf = (runId: string) => read((tx) => tx.select().from(runEvents).where(eq(runEvents.runId, runId)).orderBy(asc(runEvents.id)))

async function begun(graph: Graph, input: Json = {}): Promise<{ runId: string; workflow: TestWorkflow }> {
  const workflow = await makeWorkflow(organization, { graph })
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input,
    }),
  )
  sink.requests.length = 0
  await advance(runId)
  return { runId, workflow }
}

async function publish(workflow: TestWorkflow, graph: Graph): Promise<string> {
  const versionId = newId('ver')
  await read(async (tx) => {
    const known = await tx.select().from(workflowVersions).where(eq(workflowVersions.workflowId, workflow.id))
    await tx.insert(workflowVersions).values({
      organizationId: organization.id,
      id: versionId,
      workflowId: workflow.id,
      number: known.length + 1,
      graph,
      contentHash: Buffer.alloc(32, known.length + 1),
      publishedBy: organization.owner.id,
    })
    await tx.update(workflowTags).set({ versionId }).where(eq(workflowTags.workflowId, workflow.id))
  })
  return versionId
}

describe('a result given by hand', () => {
  it('stands for what a failed step would have given: a new run goes on with it and resolves the dead letter', async () => {
    answering = (path) => (path === '/second' ? 400 : 200)
    const { runId } = await begun(
      graphOf('start -> first -> second -> third -> last', {
        start: trigger,
        first: call('first'),
        second: call('second'),
        third: call('third'),
        last: set('seen', `{{ steps.$${idOf('second')}.body }}`),
      }),
    )
    expect(await runOf(runId)).toMatchObject({ status: 'failed' })
    sink.requests.length = 0
    const path = idOf('second')
    const answer = await setOutput(organization.caller, { runId, path, output: { body: 'by hand' }, reason: 'Their system was down' })
    expect(answer.isNew).toBe(true)
    expect(await advance(answer.runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual(['/third'])
    expect(await runOf(answer.runId)).toMatchObject({ status: 'succeeded', replayOfId: runId, output: { seen: 'by hand' } })
    expect(await stepOf(answer.runId, path)).toMatchObject({ status: 'succeeded', port: 'main', output: { body: 'by hand' } })
    const [letter] = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
    expect(letter).toMatchObject({ state: 'resolved', retryRunId: answer.runId })
    const given = (await eventsOf(answer.runId)).find((event) => event.kind === 'given')
    expect(given).toMatchObject({ actorId: organization.owner.id, detail: { path, port: 'main', reason: 'Their system was down' } })
    const [audit] = (await listAuditEvents(organization.caller, { target: runId })).items
    expect(audit).toMatchObject({ action: 'run.set_output', detail: { reason: 'Their system was down', runId: answer.runId } })
    expect(await getStep(organization.caller, { runId: answer.runId, path })).toMatchObject({
      given: { by: { id: organization.owner.id }, reason: 'Their system was down' },
    })
  })

  it('ends what a waiting run waits for: its task, its timer, and the same run goes on', async () => {
    answering = () => 200
    const { runId } = await begun(
      graphOf('start -> ask; ask.approved -> yes; ask.declined -> no', {
        start: trigger,
        ask: { type: 'people.approval', params: { title: 'Well?' } },
        yes: call('yes'),
        no: call('no'),
      }),
    )
    const path = idOf('ask')
    await expect(setOutput(organization.caller, { runId, path, output: {}, port: 'perhaps' })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      hint: expect.stringContaining('declined'),
    })
    expect(await setOutput(organization.caller, { runId, path, output: { decision: 'declined' }, port: 'declined' })).toEqual({
      runId,
      isNew: false,
    })
    expect(await read((tx) => tx.select({ state: tasks.state }).from(tasks).where(eq(tasks.runId, runId)))).toEqual([
      { state: 'cancelled' },
    ])
    expect(await read((tx) => tx.select({ by: runWaits.settledBy }).from(runWaits).where(eq(runWaits.runId, runId)))).toEqual([
      { by: 'given' },
    ])
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual(['/no'])
    await expect(setOutput(organization.caller, { runId, path, output: {}, port: 'declined' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('does not undo a decision that was taken a moment before', async () => {
    const { runId } = await begun(graphOf('start -> ask', { start: trigger, ask: { type: 'people.approval', params: { title: 'Well?' } } }))
    const [task] = await read((tx) => tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.runId, runId)))
    await decideTask(organization.caller, { taskId: task?.id as string, decision: 'approved' })
    await expect(setOutput(organization.caller, { runId, path: idOf('ask'), output: {}, port: 'declined' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await stepOf(runId, idOf('ask'))).toMatchObject({ port: 'approved' })
  })

  it('takes the place of a try that is still to come', async () => {
    answering = () => 503
    const retry = { attempts: 3, backoff: 'fixed', delayMs: 60_000, jitter: 0 }
    const { runId } = await begun(
      graphOf('start -> get -> after', { start: trigger, get: call('busy', { settings: { retry } }), after: set('a', 1) }),
    )
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'retry' } })
    await setOutput(organization.caller, { runId, path: idOf('get'), output: { body: 'kept' } })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual(['/busy'])
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
    expect(await stepOf(runId, idOf('get'))).toMatchObject({ attempt: 2, status: 'succeeded', output: { body: 'kept' } })
  })

  it('works for one item of a loop, in a run that waits and in one that failed', async () => {
    const graph = graphOf('start -> loop; wait -> send', {
      start: trigger,
      loop: { type: 'flow.for_each' },
      wait: { type: 'flow.wait', parent: 'loop', params: { durationMs: 3_600_000 } },
      send: call('send/{{ index }}', { parent: 'loop' }),
    })
    answering = (path) => (path === '/send/1' ? 400 : 200)
    const { runId } = await begun(graph, ['a', 'b'])
    await setOutput(organization.caller, { runId, path: at('loop', 0, 'wait'), output: 'a' })
    await advance(runId)
    await setOutput(organization.caller, { runId, path: at('loop', 1, 'wait'), output: 'b' })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { path: at('loop', 1, 'send') } })
    sink.requests.length = 0
    const answer = await setOutput(organization.caller, { runId, path: at('loop', 1, 'send'), output: 'instead' })
    expect(await advance(answer.runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual([])
    expect(await runOf(answer.runId)).toMatchObject({ status: 'succeeded' })
  })

  it('sends what follows with another key where that was done before with something else', async () => {
    answering = (path) => (path === '/item/2' ? 400 : 200)
    const { runId } = await begun(
      graphOf('start -> loop -> report', {
        start: trigger,
        loop: { type: 'flow.for_each', params: { onItemError: 'collect' } },
        work: call('item/{{ item }}', { parent: 'loop' }),
        report: call('report', { params: { bodyMode: 'json', bodyJson: '{{ input }}' } }),
      }),
      [1, 2],
    )
    const keyOf = () => sink.requests.findLast(({ path }) => path === '/report')?.headers['idempotency-key']
    expect(keyOf()).toBe(`${runId}/${idOf('report')}/0/0`)
    const give = async (output: Json) => {
      const { runId: next } = await setOutput(organization.caller, { runId, path: at('loop', 1, 'work'), output })
      expect(await advance(next)).toEqual({ kind: 'finished' })
      return keyOf()
    }
    expect(await give('a')).toBe(`${runId}/${idOf('report')}/0/1`)
    expect(await give('b')).toBe(`${runId}/${idOf('report')}/0/2`)
  })

  it('keeps a large value apart and hands it on whole', async () => {
    const { runId } = await begun(
      graphOf('start -> pause -> length', {
        start: trigger,
        pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } },
        length: set('n', '{{ input.text.length }}'),
      }),
    )
    await setOutput(organization.caller, { runId, path: idOf('pause'), output: { text: 'x'.repeat(300_000) } })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { n: 300_000 } })
  })

  it('is refused for a step that is done, one that nobody knows, and a run that is executed at this moment', async () => {
    answering = () => 200
    const { runId } = await begun(
      graphOf('start -> first -> pause', {
        start: trigger,
        first: call('first'),
        pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } },
      }),
    )
    await expect(setOutput(organization.caller, { runId, path: idOf('first'), output: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(setOutput(organization.caller, { runId, path: 'nothing', output: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await withDatabase(workerDb(), () =>
      inOrganization(organization.id, (tx) => tx.update(liveRuns).set({ state: 'running' }).where(eq(liveRuns.runId, runId))),
    )
    await expect(setOutput(organization.caller, { runId, path: idOf('pause'), output: 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('executes'),
    })
  })

  it('decides no approval for those who could not change whom it asks', async () => {
    const { runId } = await begun(
      graphOf('start -> ask; ask.approved -> yes', {
        start: trigger,
        ask: { type: 'people.approval', params: { title: 'Well?', assignees: [organization.owner.id] } },
        yes: set('a', 1),
      }),
    )
    const target = { runId, path: idOf('ask'), output: { decision: 'approved' }, port: 'approved' }
    const { caller: operator } = await addMember(organization, 'operator')
    await expect(setOutput(operator, target)).rejects.toMatchObject({ code: 'FORBIDDEN', hint: expect.stringContaining('publish') })
    expect(await read((tx) => tx.select({ state: tasks.state }).from(tasks).where(eq(tasks.runId, runId)))).toEqual([{ state: 'open' }])
    const { caller: builder } = await addMember(organization, 'builder')
    expect(await setOutput(builder, target)).toEqual({ runId, isNew: false })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
  })

  it('is not for those who may only look, nor for others', async () => {
    const { runId } = await begun(
      graphOf('start -> pause', { start: trigger, pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    )
    const { caller: viewer } = await addMember(organization, 'viewer')
    const target = { runId, path: idOf('pause'), output: 1 }
    await expect(setOutput(viewer, target)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(setVariables(viewer, { runId, variables: { a: 1 } })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const other = await makeOrganization()
    await expect(setOutput(other.caller, target)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const [row] = await inOrganization(other.id, (tx) =>
      tx.execute<{ outcome: string }>(
        `select give_step('${toUuid(runId, 'run')}', '${idOf('pause')}', 'main', '1', null, 'usr_x', null) as outcome`,
      ),
    )
    expect(row?.outcome).toBe('ended')
  })
})

describe('variables of one run', () => {
  it('stand before those of the project, from the next slice on, and go along when it is run again', async () => {
    await setVariable(organization.caller, { name: 'rate', value: 1, projectId: null } as Parameters<typeof setVariable>[1])
    const { runId } = await begun(
      graphOf('start -> pause -> priced', {
        start: trigger,
        pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } },
        priced: set('rate', '{{ vars.rate }}'),
      }),
    )
    await setVariables(organization.caller, { runId, variables: { rate: 7, other: 'x' }, reason: 'The new rate' })
    await setVariables(organization.caller, { runId, variables: { other: null } })
    expect((await runOf(runId))?.vars).toEqual({ rate: 7 })
    await setOutput(organization.caller, { runId, path: idOf('pause'), output: {} })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ output: { rate: 7 } })
    const again = await replayRun(organization.caller, { runId, fromPath: idOf('priced') })
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    expect(await runOf(again.runId)).toMatchObject({ output: { rate: 7 } })
    await expect(setVariables(organization.caller, { runId, variables: { rate: 1 } })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await listAuditEvents(organization.caller, { target: runId })).items.map((event) => event.action)).toContain(
      'run.set_variables',
    )
  })
})

describe('pausing, resuming and cancelling', () => {
  it('say who did it and why, on the run and in the audit', async () => {
    const { runId } = await begun(
      graphOf('start -> pause', { start: trigger, pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    )
    await pauseRun(organization.caller, { runId, reason: 'Price list is wrong' })
    await resumeRun(organization.caller, { runId, reason: 'Corrected' })
    await requestCancel(organization.caller, { runId, reason: 'Sent twice' })
    const told = (await eventsOf(runId)).filter((event) => event.actorId !== null)
    expect(told.map((event) => [event.kind, (event.detail as { reason?: string } | null)?.reason])).toEqual([
      ['paused', 'Price list is wrong'],
      ['resumed', 'Corrected'],
      ['cancel_asked', 'Sent twice'],
    ])
    const { items } = await listAuditEvents(organization.caller, { target: runId })
    expect(items.map((event) => [event.action, (event.detail as { reason?: string }).reason])).toEqual([
      ['run.cancel', 'Sent twice'],
      ['run.resume', 'Corrected'],
      ['run.pause', 'Price list is wrong'],
    ])
  })
})

describe('running again', () => {
  const chain = (more: Record<string, NodeSketch> = {}) =>
    graphOf('start -> read -> put -> post -> done', {
      start: trigger,
      read: call('read', { params: { method: 'GET' } }),
      put: call('put', { params: { method: 'PUT' } }),
      post: call('post', { params: { url: `${sink.url}/post/{{ trigger.n }}` } }),
      done: set('n', '{{ trigger.n }}'),
      ...more,
    })

  it('says before what is reused, what is computed, and how each effect stands a repetition', async () => {
    answering = () => 200
    const { runId } = await begun(chain(), { n: 1 })
    expect(await planReplay(organization.caller, { runId })).toMatchObject({
      reusedTotal: 0,
      effects: [
        { nodeTitle: 'read', repeats: 'read' },
        { nodeTitle: 'put', repeats: 'idempotent' },
        { nodeTitle: 'post', repeats: 'unsafe' },
      ],
    })
    const plan = await planReplay(organization.caller, { runId, fromPath: idOf('post') })
    expect(plan).toMatchObject({ reusedTotal: 2, reused: [{ nodeTitle: 'read' }, { nodeTitle: 'put' }], effects: [{ nodeTitle: 'post' }] })
    expect(plan.again.map((step) => step.nodeTitle)).toEqual(['post', 'done'])
  })

  it('with other input reuses nothing that could have read it, says so before, and does what it said', async () => {
    const { runId } = await begun(chain(), { n: 1 })
    const plan = await planReplay(organization.caller, { runId, fromPath: idOf('done'), input: { n: 2 } })
    expect(plan.reusedTotal).toBe(0)
    expect(plan.again.map((step) => step.nodeTitle)).toEqual(['read', 'put', 'post', 'done'])
    sink.requests.length = 0
    const again = await replayRun(organization.caller, { runId, fromPath: idOf('done'), input: { n: 2 } })
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual(['/read', '/put', '/post/2'])
    expect(await runOf(again.runId)).toMatchObject({ output: { n: 2 }, generation: 1 })
  })

  it('with other input never sends a key that was sent with something else, however often and from whichever run', async () => {
    answering = () => 200
    const { runId } = await begun(chain(), { n: 1 })
    sink.requests.length = 0
    const first = await replayRun(organization.caller, { runId, input: { n: 2 } })
    const others = await Promise.all([{ n: 3 }, { n: 4 }].map((input) => replayRun(organization.caller, { runId, input })))
    const last = await replayRun(organization.caller, { runId, fromPath: idOf('post'), stepInput: { n: 5 } })
    for (const again of [first, ...others, last]) expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    const keys = sink.requests.filter(({ path }) => path.startsWith('/post')).map(({ headers }) => headers['idempotency-key'])
    expect([...keys].sort()).toEqual([1, 2, 3, 4].map((generation) => `${runId}/${idOf('post')}/0/${generation}`))
    const kept = await replayRun(organization.caller, { runId: first.runId })
    await advance(kept.runId)
    expect(sink.requests.at(-1)).toMatchObject({ path: '/post/2', headers: { 'idempotency-key': keys[0] } })
  })

  it('with another input of the step reuses all before it, and keeps that input when it is run on once more', async () => {
    answering = (path) => (path === '/tell/wrong' ? 400 : 200)
    const graph = graphOf('start -> read -> tell -> done', {
      start: trigger,
      read: call('read'),
      tell: call('tell', { params: { url: `${sink.url}/tell/{{ input.name || 'wrong' }}` } }),
      done: set('told', '{{ input.body.path }}'),
    })
    const { runId } = await begun(graph)
    expect(await runOf(runId)).toMatchObject({ status: 'failed' })
    sink.requests.length = 0
    const asking = { runId, fromPath: idOf('tell'), stepInput: { name: 'right' } }
    expect(await planReplay(organization.caller, asking)).toMatchObject({ reusedTotal: 1, effects: [{ nodeTitle: 'tell' }] })
    const again = await replayRun(organization.caller, asking)
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual(['/tell/right'])
    expect(sink.requests[0]?.headers['idempotency-key']).toBe(`${runId}/${idOf('tell')}/0/1`)
    expect(await runOf(again.runId)).toMatchObject({ status: 'succeeded', output: { told: '/tell/right' } })

    const onceMore = await replayRun(organization.caller, { runId: again.runId, fromPath: idOf('done') })
    expect(await advance(onceMore.runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual(['/tell/right'])
    expect(await runOf(onceMore.runId)).toMatchObject({ output: { told: '/tell/right' } })
    await expect(replayRun(organization.caller, { runId, stepInput: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('with another input of one item of a loop changes that item alone', async () => {
    answering = () => 200
    const graph = graphOf('start -> loop', {
      start: trigger,
      loop: { type: 'flow.for_each' },
      tell: call('tell', { parent: 'loop', params: { url: `${sink.url}/tell/{{ input }}` } }),
    })
    const { runId } = await begun(graph, ['a', 'b', 'c'])
    sink.requests.length = 0
    const again = await replayRun(organization.caller, { runId, fromPath: at('loop', 1, 'tell'), stepInput: 'x' })
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    expect(asked()).toContain('/tell/x')
    expect(asked()).not.toContain('/tell/b')
  })

  it('on another version reuses what is unchanged there, whatever it is called now', async () => {
    const { runId, workflow } = await begun(chain(), { n: 1 })
    const renamed = chain({ post: call('post', { params: { url: `${sink.url}/new` } }) })
    const graph = {
      ...renamed,
      nodes: renamed.nodes.map((node) => (node.id === idOf('put') ? { ...node, title: 'Stored', key: 'stored' } : node)),
    }
    const versionId = await publish(workflow, graph)
    const plan = await planReplay(organization.caller, { runId, fromPath: idOf('post'), versionId })
    expect(plan).toMatchObject({ version: 2, reused: [{ nodeTitle: 'read' }, { nodeTitle: 'Stored' }] })
    sink.requests.length = 0
    const again = await replayRun(organization.caller, { runId, fromPath: idOf('post'), versionId })
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    expect(asked()).toEqual(['/new'])
    expect(await runOf(again.runId)).toMatchObject({ status: 'succeeded', versionNumber: 2 })
  })

  it('on a version where the step is gone, off or elsewhere says which and what to do', async () => {
    const { runId, workflow } = await begun(chain(), { n: 1 })
    const from = async (graph: Graph) =>
      planReplay(organization.caller, { runId, fromPath: idOf('post'), versionId: await publish(workflow, graph) }).catch((error) => error)
    expect(await from(graphOf('start -> read', { start: trigger, read: call('read') }))).toMatchObject({
      code: 'UNPROCESSABLE',
      message: 'The step “post” is not in version 2 any more.',
      pointer: '/fromPath',
    })
    expect(await from(chain({ post: call('post', { settings: { disabled: true } }) }))).toMatchObject({
      message: 'The step “post” is switched off in version 3.',
    })
    const moved = graphOf('start -> loop', { start: trigger, loop: { type: 'flow.for_each' }, post: call('post', { parent: 'loop' }) })
    expect(await from(moved)).toMatchObject({ message: 'The step “post” stands elsewhere in version 4: inside “loop”.' })
  })
})
