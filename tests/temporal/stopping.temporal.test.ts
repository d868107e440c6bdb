import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { liveRuns, runSteps, runs } from '@/db/schema'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { graphOf, idOf } from '../support/plan-of'
import { ended, startRun, temporalServer, untilRun, workerProcess } from './support'

let organization: TestOrganization
let sink: HttpSink
/** Answers that the other side holds back until it is let go. */
let held: (() => void)[] = []
let holds = true

temporalServer()
beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (_, response) => {
      const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
      if (holds) held.push(answer)
      else answer()
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
})
afterAll(() => sink.close())

const callingGraph = (settings: Record<string, unknown>) =>
  graphOf('start -> call -> end', {
    start: { type: 'trigger.manual' },
    call: { type: 'http.request', params: { method: 'POST', url: sink.url }, settings: { timeoutMs: 5_000, ...settings } },
    end: { type: 'data.set', params: { fields: [{ name: 'done', value: true }] } },
  })

describe.each(['on', 'off'] as const)('a worker that stops, with the lane %s,', (lane) => {
  const worker = workerProcess({ lane, finishMs: 300 })
  beforeAll(async () => {
    organization = await makeOrganization()
  })

  async function underWay(settings: Record<string, unknown> = {}): Promise<string> {
    holds = true
    held = []
    const before = sink.requests.length
    const runId = await startRun(organization, await makeWorkflow(organization, { graph: callingGraph(settings) }), {})
    await expect.poll(() => sink.requests.length, { timeout: 20_000 }).toBe(before + 1)
    return runId
  }
  const liveOf = async (runId: string) =>
    (await inOrganization(organization.id, (tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]
  const callsOf = (runId: string) =>
    inOrganization(organization.id, (tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId))).then((steps) =>
      steps.filter(({ path }) => path === idOf('call')).map(({ attempt, status }) => [attempt, status]),
    )

  it('gives back what does not end in time: nobody holds it, no crash is counted, and another worker does it again', async () => {
    const runId = await underWay()
    await worker.stop()
    expect(await liveOf(runId)).toMatchObject({ holderId: null, crashes: 0, soloCrashes: 0 })
    expect((await liveOf(runId))?.state).not.toBe('running')
    holds = false
    await worker.start()
    expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'succeeded', moves: 0 })
    expect(await callsOf(runId)).toEqual([[1, 'succeeded']])
  })

  it('lets what ends in time end, and records it', async () => {
    const runId = await underWay()
    const before = sink.requests.length
    const stopping = worker.stop()
    for (const answer of held) answer()
    await stopping
    expect(await callsOf(runId)).toEqual([[1, 'succeeded']])
    await worker.start()
    expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'succeeded', moves: 0 })
    expect(sink.requests).toHaveLength(before)
  })

  it('never lets a step happen twice that may happen once only', async () => {
    const runId = await underWay({ atMostOnce: true })
    const before = sink.requests.length
    await worker.stop()
    holds = false
    await worker.start()
    await untilRun(organization, runId, ended)
    const [run] = await inOrganization(organization.id, (tx) => tx.select().from(runs).where(eq(runs.id, runId)))
    expect(run).toMatchObject({ status: 'failed', error: { path: idOf('call') } })
    expect(sink.requests).toHaveLength(before)
  })
})
