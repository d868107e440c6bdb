import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { runSteps } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { acceptRun } from '@/server/services/runs/accept-run'
import { getRun } from '@/server/services/runs/get-run'
import type { DriverAnswer } from '@/workflows/runtime/driver-types'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { eventually } from '../tests/support/eventually'
import { type HttpSink, startHttpSink } from '../tests/support/http-sink'
import { graphOf, idOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'
import { createRoom } from './room'

let organization: TestOrganization
let sink: HttpSink
let advancer: Advancer
let holder: Holder
const hands = createHands()
const inUse = { megabytes: 100 }
/** Requests that the sink has not answered yet, by path. */
const open = new Map<string, () => void>()

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (request, response) => {
      open.set(request.path, () => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end('{"ok":true}')
      })
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  holder = createHolder(hands, 'test')
  let now = 0
  const room = createRoom(
    hands,
    () => inUse.megabytes * 1024 * 1024,
    () => (now += 10_000),
  )
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()), room })
  await holder.start()
})
afterAll(async () => {
  await holder.stop()
  await closePowers()
  await sink.close()
})

const advance = (runId: string): Promise<DriverAnswer> => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))

/** Makes a large value, calls outside, and calls once more. */
async function largeRun(name: string): Promise<string> {
  const call = (path: string) => ({ type: 'http.request', params: { url: `${sink.url}/${path}` }, settings: { retry: { attempts: 1 } } })
  const graph = graphOf('start -> big -> first -> second', {
    start: { type: 'trigger.manual' },
    big: { type: 'code.javascript', params: { source: 'return { text: "x".repeat(300000) }' } },
    first: call(`${name}-first`),
    second: call(`${name}-second`),
  })
  const workflow = await makeWorkflow(organization, { graph })
  const { runId } = await inOrganization(organization.id, (tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input: {},
    }),
  )
  return runId
}
const answer = async (path: string) => (await eventually(`${path} is asked for`, async () => open.get(`/${path}`)))()
const bigOf = (runId: string) =>
  inOrganization(organization.id, (tx) =>
    tx
      .select({ attempt: runSteps.attempt })
      .from(runSteps)
      .where(and(eq(runSteps.runId, runId), eq(runSteps.path, idOf('big')))),
  )
const lookAt = (runId: string) => getRun(organization.caller, { runId })

it('a large run waits, visibly, while another one needs the memory, and goes on behind its last step', async () => {
  const [one, two] = [await largeRun('one'), await largeRun('two')]
  const first = advance(one)
  await eventually('the first run calls', async () => open.has('/one-first'))
  const second = advance(two)
  await eventually('the second run calls', async () => open.has('/two-first'))
  for (const runId of [one, two]) await eventually('the large value is recorded', async () => (await bigOf(runId)).length > 0)

  inUse.megabytes = 450
  await answer('two-first')
  expect(await second).toMatchObject({ kind: 'held' })
  expect(await lookAt(two)).toMatchObject({ status: 'running', holder: null, waitingFor: { kind: 'worker', queue: 'memory' } })
  expect(await advance(two)).toMatchObject({ kind: 'held' })
  expect(open.has('/two-second')).toBe(false)

  await answer('one-first')
  await answer('one-second')
  expect(await first).toEqual({ kind: 'finished' })
  const third = advance(two)
  await answer('two-second')
  expect(await third).toEqual({ kind: 'finished' })
  expect(await lookAt(two)).toMatchObject({ status: 'succeeded', waitingFor: null })

  expect(await bigOf(two)).toEqual([{ attempt: 1 }])
  expect(sink.requests.filter(({ path }) => path === '/two-first')).toHaveLength(1)
})
