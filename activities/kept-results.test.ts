import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { keptResults, runSteps, runs, tasks } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { acceptRun } from '@/server/services/runs/accept-run'
import { getStep } from '@/server/services/runs/get-step'
import { replayRun } from '@/server/services/runs/replay-run'
import { decideTask } from '@/server/services/tasks/decide-task'
import type { Graph, Json } from '@/workflows/graph/schema'
import { asAdmin, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'
import { type HttpSink, startHttpSink } from '../tests/support/http-sink'
import { graphOf, idOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let sink: HttpSink
let advancer: Advancer
let holder: Holder
let answer: { status: number; text: string } = { status: 200, text: 'ok' }

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (_request, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ text: answer.text, number: sink.requests.length }))
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
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
const asking = (cache: Record<string, Json>, url = `${sink.url}/rate/{{ input.country }}`): Graph =>
  graphOf('start -> ask -> done', {
    start: trigger,
    ask: { type: 'http.request', params: { url }, settings: { cache, retry: { attempts: 1 } } },
    done: { type: 'data.set', params: { fields: [{ name: 'text', value: '{{ input.body.text.length }}' }] } },
  })
const made = (graph: Graph) => makeWorkflow(organization, { graph })

async function run(workflow: TestWorkflow, input: Json, kind = 'manual'): Promise<string> {
  const { runId } = await inOrganization(organization.id, (tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: kind,
      triggerNodeId: null,
      input,
    }),
  )
  await advance(runId)
  return runId
}
const advance = (runId: string) => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
const runOf = async (runId: string) => (await inOrganization(organization.id, (tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const askedBy = async (work: () => Promise<unknown>) => {
  const before = sink.requests.length
  await work()
  return sink.requests.length - before
}

describe('a result that is kept', () => {
  it('is taken over by later runs of the workflow with the same settings and input, and says where it is from', async () => {
    const workflow = await made(asking({ forMs: 60_000 }))
    const first = await run(workflow, { country: 'de' })
    let second = ''
    expect(await askedBy(async () => (second = await run(workflow, { country: 'de' })))).toBe(0)
    expect(await runOf(second)).toMatchObject({ status: 'succeeded', output: { text: 2 } })
    expect(await getStep(organization.caller, { runId: second, path: idOf('ask') })).toMatchObject({
      status: 'succeeded',
      reused: true,
      originRunId: first,
      costMicros: 0,
    })
    expect(await askedBy(() => run(workflow, { country: 'fr' }))).toBe(1)
  })

  it('goes by its key where one is named', async () => {
    const workflow = await made(asking({ key: '{{ input.country }}', forMs: 60_000 }))
    await run(workflow, { country: 'de', n: 1 })
    expect(await askedBy(() => run(workflow, { country: 'de', n: 2 }))).toBe(0)
    expect(await askedBy(() => run(workflow, { country: 'at', n: 2 }))).toBe(1)
  })

  it('is done anew when its time is over, and in other workflows and other versions of the step', async () => {
    const cache = { key: 'same', forMs: 60_000 }
    const workflow = await made(asking(cache))
    await run(workflow, { country: 'de' })
    expect(await askedBy(async () => run(await made(asking(cache)), { country: 'de' }))).toBe(1)
    await asAdmin((db) =>
      db
        .update(keptResults)
        .set({ expiresAt: new Date(Date.now() - 1_000) })
        .where(eq(keptResults.workflowId, workflow.id)),
    )
    expect(await askedBy(() => run(workflow, { country: 'de' }))).toBe(1)
    expect(await askedBy(() => run(workflow, { country: 'de' }))).toBe(0)
  })

  it('is not a failure', async () => {
    const workflow = await made(asking({ forMs: 60_000 }))
    answer = { status: 404, text: '' }
    expect(await askedBy(() => run(workflow, { country: 'x' }))).toBe(1)
    answer = { status: 200, text: 'ok' }
    const again = await run(workflow, { country: 'x' })
    expect(await runOf(again)).toMatchObject({ status: 'succeeded' })
  })

  it('is asked for anew by a test and by a run that somebody runs again', async () => {
    const workflow = await made(asking({ forMs: 60_000 }))
    const first = await run(workflow, { country: 'de' })
    expect(await askedBy(() => run(workflow, { country: 'de' }, 'test'))).toBe(1)
    expect(await askedBy(async () => advance((await replayRun(organization.caller, { runId: first, fromPath: idOf('ask') })).runId))).toBe(
      1,
    )
  })

  it('may be large', async () => {
    const workflow = await made(asking({ forMs: 60_000 }))
    answer = { status: 200, text: 'x'.repeat(200_000) }
    await run(workflow, { country: 'de' })
    answer = { status: 200, text: 'ok' }
    const second = await run(workflow, { country: 'de' })
    expect(await runOf(second)).toMatchObject({ output: { text: 200_000 } })
  })

  it('is kept for each item of a list by itself', async () => {
    const graph = graphOf('start -> ask', {
      start: trigger,
      ask: {
        type: 'http.request',
        params: { url: `${sink.url}/rate/{{ item }}` },
        settings: { each: { items: '{{ input }}' }, cache: { key: '{{ item }}', forMs: 60_000 }, retry: { attempts: 1 } },
      },
    })
    const workflow = await made(graph)
    expect(await askedBy(() => run(workflow, ['a', 'b']))).toBe(2)
    expect(await askedBy(() => run(workflow, ['b', 'c', 'a']))).toBe(1)
  })

  it('fails the step where its key cannot be worked out', async () => {
    const workflow = await made(asking({ key: '{{ input.country.code.letters }}', forMs: 60_000 }))
    const runId = await run(workflow, null)
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { path: idOf('ask') } })
  })
})

describe('values that are marked as sensitive', () => {
  it('are gone from the step and from all that follows when the run has ended, however it ended', async () => {
    const graph = graphOf('start -> before -> secret -> after -> stop', {
      start: trigger,
      before: { type: 'data.set', params: { fields: [{ name: 'a', value: 1 }] } },
      secret: { type: 'data.set', params: { fields: [{ name: 'iban', value: 'canary-iban' }] }, settings: { sensitive: true } },
      after: { type: 'http.request', params: { url: `${sink.url}/pay`, method: 'POST', bodyMode: 'json', bodyJson: '{{ input }}' } },
      stop: { type: 'flow.stop', params: { message: 'No.' } },
    })
    const runId = await run(await made(graph), {})
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { message: 'No.' } })
    const steps = await inOrganization(organization.id, (tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
    expect(JSON.stringify(steps)).not.toContain('canary')
    const kept = Object.fromEntries(steps.map((step) => [step.path, [step.output !== null, step.inputHash !== null]]))
    expect(kept).toMatchObject({ [idOf('before')]: [true, true], [idOf('secret')]: [false, false], [idOf('after')]: [false, false] })
  })

  it('are gone from what an approval asked and heard', async () => {
    const graph = graphOf('start -> secret -> ask', {
      start: trigger,
      secret: { type: 'data.set', params: { fields: [{ name: 'iban', value: 'canary-iban' }] }, settings: { sensitive: true } },
      ask: {
        type: 'people.approval',
        params: { title: 'Pay {{ input.iban }}?', description: 'To {{ input.iban }}' },
      },
    })
    const runId = await run(await made(graph), {})
    const tasksOf = () => inOrganization(organization.id, (tx) => tx.select().from(tasks).where(eq(tasks.runId, runId)))
    const [open] = await tasksOf()
    expect(open).toMatchObject({ state: 'open', title: 'Pay canary-iban?' })
    await decideTask(organization.caller, { taskId: open?.id as string, decision: 'approved', comment: 'canary is fine' })
    await advance(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
    const [closed] = await tasksOf()
    expect(closed).toMatchObject({ state: 'approved', title: 'ask', description: '', comment: null, decidedBy: organization.owner.id })
    expect(JSON.stringify(closed)).not.toContain('canary')
  })
})
