import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdvancer } from '@/activities/advance'
import { createHands } from '@/activities/hands'
import { createHolder, type Holder } from '@/activities/holder'
import { createNotices } from '@/activities/notices'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { newId } from '@/db/ids'
import { liveRuns, projects, runs, runWaits } from '@/db/schema'
import { callbackToken, callbackUrl, readCallbackToken } from '@/server/services/callbacks/callback-token'
import { acceptRun } from '@/server/services/runs/accept-run'
import type { Graph, Json } from '@/workflows/graph/schema'
import { asAdmin, makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { makeApiKey } from '../support/make-things'
import { graphOf, idOf } from '../support/plan-of'
import { startWeb, type TestWeb } from '../support/web-server'

let organization: TestOrganization
let web: TestWeb
let token: string
let holder: Holder
let advance: (runId: string) => Promise<{ kind: string }>

beforeAll(async () => {
  // Nothing listens there: waking a run is a hint and fails at once.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  organization = await makeOrganization()
  token = (await makeApiKey(organization)).token
  web = await startWeb()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  const advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  advance = (runId) => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
  await holder.start()
})
afterAll(async () => {
  await holder.stop()
  await web.stop()
})

const trigger = { type: 'trigger.manual' }
const set = (name: string, value: Json) => ({ type: 'data.set', params: { fields: [{ name, value }] } })
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const waitsOf = (runId: string) => read((tx) => tx.select().from(runWaits).where(eq(runWaits.runId, runId)))

async function accepted(graph: Graph, input: Json = {}, of = organization): Promise<string> {
  const workflow = await makeWorkflow(of, { graph })
  const { runId } = await inOrganization(of.id, (tx) =>
    acceptRun(tx, {
      organizationId: of.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input,
    }),
  )
  return runId
}
async function letTimePass(runId: string) {
  const past = new Date(Date.now() - 1_000)
  await asAdmin(async (db) => {
    await db.update(runWaits).set({ dueAt: past }).where(eq(runWaits.runId, runId))
    await db.update(liveRuns).set({ dueAt: past }).where(eq(liveRuns.runId, runId))
  })
}
const urlFor = (runId: string, path = 'hear') => {
  const { pathname } = new URL(callbackUrl({ organizationId: organization.id, runId, path: idOf(path) }))
  return `${web.url}${pathname}`
}
const post = (url: string, body: unknown, method = 'POST') =>
  fetch(url, { method, headers: { 'content-type': 'application/json' }, ...(method === 'GET' ? {} : { body: JSON.stringify(body) }) })

const hearing = (params: Record<string, Json> = {}) =>
  graphOf('start -> tell -> hear -> after', {
    start: trigger,
    tell: set('url', '{{ run.callbacks.hear }}'),
    hear: { type: 'flow.wait_callback', params },
    after: set('got', '{{ steps.$hear____.ok }}'),
  })

describe('a callback', () => {
  it('is handed out before its step, and what is posted there goes on in the run', async () => {
    const runId = await accepted(hearing())
    expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'callback' } })
    const answer = await post(urlFor(runId), { ok: 'yes' })
    expect([answer.status, await answer.json()]).toEqual([202, { accepted: true }])
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { ok: 'yes', got: 'yes' } })
  })

  it('works once, also when two come at the same moment', async () => {
    const runId = await accepted(hearing())
    await advance(runId)
    const answers = await Promise.all([1, 2, 3].map((n) => post(urlFor(runId), { ok: n })))
    expect(answers.map((one) => one.status).sort()).toEqual([202, 409, 409])
    await advance(runId)
    const again = await post(urlFor(runId), { ok: 4 })
    expect([again.status, ((await again.json()) as { detail: string }).detail]).toEqual([409, expect.stringContaining('called already')])
  })

  it('that comes before its step is kept', async () => {
    const runId = await accepted(hearing())
    expect((await post(urlFor(runId), { ok: 'early' })).status).toBe(202)
    expect((await post(urlFor(runId), { ok: 'twice' })).status).toBe(409)
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ output: { got: 'early' } })
  })

  it('after its time is told so, and the step fails or leaves by its own way', async () => {
    const fails = await accepted(hearing())
    const leaves = await accepted(
      graphOf('start -> hear; hear.timeout -> late', {
        start: trigger,
        hear: { type: 'flow.wait_callback', params: { onTimeout: 'timeout' } },
        late: set('late', true),
      }),
    )
    for (const runId of [fails, leaves]) {
      await advance(runId)
      await letTimePass(runId)
      expect(await advance(runId)).toEqual({ kind: 'finished' })
      const late = await post(urlFor(runId), {})
      expect([late.status, ((await late.json()) as { detail: string }).detail]).toEqual([410, expect.stringContaining('time')])
    }
    expect(await runOf(fails)).toMatchObject({ status: 'failed', error: { code: 'callback.timeout', class: 'timeout' } })
    expect(await runOf(leaves)).toMatchObject({ status: 'succeeded', output: { late: true } })
  })

  it('that a run went on without, because another branch came first, is gone', async () => {
    const runId = await accepted(
      graphOf('start -> race -> hold', {
        start: trigger,
        race: { type: 'flow.parallel', params: { until: 'race' } },
        hear: { type: 'flow.wait_callback', parent: 'race' },
        quick: { type: 'flow.wait', parent: 'race', params: { durationMs: 50 } },
        hold: { type: 'flow.wait', params: { durationMs: 3_600_000 } },
      }),
    )
    await advance(runId)
    await new Promise((go) => setTimeout(go, 100))
    await advance(runId)
    const path = `${idOf('race')}/0/${idOf('hear')}`
    const late = await post(`${web.url}/callbacks/${callbackToken({ organizationId: organization.id, runId, path })}`, {})
    expect([late.status, ((await late.json()) as { detail: string }).detail]).toEqual([410, 'Nothing waits for this callback any more.'])
    expect(await runOf(runId)).toMatchObject({ status: 'waiting' })
  })

  it('of a run that ended is gone', async () => {
    const runId = await accepted(graphOf('start -> a', { start: trigger, a: set('a', 1) }))
    await advance(runId)
    expect((await post(urlFor(runId), {})).status).toBe(410)
    expect(await waitsOf(runId)).toEqual([])
  })

  it('is not used up by whoever looks at the address', async () => {
    const runId = await accepted(hearing())
    await advance(runId)
    for (const method of ['GET', 'HEAD', 'DELETE']) expect((await fetch(urlFor(runId), { method })).status).toBe(405)
    expect((await post(urlFor(runId), { ok: 1 })).status).toBe(202)
  })

  it('cannot be made up: another run, step or letter is nothing', async () => {
    const runId = await accepted(hearing())
    const mine = callbackToken({ organizationId: organization.id, runId, path: idOf('hear') })
    expect(readCallbackToken(mine)).toEqual({ organizationId: organization.id, runId, path: idOf('hear') })
    for (let at = 0; at < mine.length; at += 7) {
      const other = `${mine.slice(0, at)}${mine[at] === 'A' ? 'B' : 'A'}${mine.slice(at + 1)}`
      expect(readCallbackToken(other), `letter ${at}`).toBeNull()
    }
    for (const wrong of ['', 'x', `${mine}A`, mine.slice(0, -2), '%00']) {
      expect((await post(`${web.url}/callbacks/${wrong}`, {})).status).toBe(404)
    }
  })

  it.each([
    ['what is not JSON', '{"a":', 400],
    ['a body that is too large', JSON.stringify({ a: 'x'.repeat(1_100_000) }), 413],
    ['a key that reaches a prototype', '{"__proto__": 1}', 400],
    ['a number that is not exact', '{"n": 9007199254740993}', 400],
  ])('refuses %s and goes on waiting', async (_words, body, status) => {
    const runId = await accepted(hearing())
    await advance(runId)
    const answer = await fetch(urlFor(runId), { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => null)
    expect(answer?.status ?? status).toBe(status)
    expect((await post(urlFor(runId), { ok: 1 })).status).toBe(202)
  })
})

describe('an event', () => {
  const waiting = graphOf('start -> paid -> after', {
    start: trigger,
    paid: { type: 'flow.wait_event', params: { name: 'payment', key: '{{ input.order }}' } },
    after: set('amount', '{{ input.data.amount }}'),
  })
  const send = async (body: unknown, key = token) => {
    const answer = await fetch(`${web.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as { runIds: string[] } }
  }

  it('moves on all runs that wait for its name and key, and nobody else', async () => {
    const ids: string[] = []
    for (const order of [7, 7, 8]) ids.push(await accepted(waiting, { order }))
    for (const runId of ids) expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    expect((await send({ name: 'refund', key: '7' })).body).toEqual({ runIds: [] })
    const sent = await send({ name: 'payment', key: 7, data: { amount: 12 } })
    expect([sent.status, sent.body.runIds.sort()]).toEqual([200, ids.slice(0, 2).sort()])
    expect((await send({ name: 'payment', key: '7' })).body).toEqual({ runIds: [] })
    for (const runId of ids.slice(0, 2)) {
      expect(await advance(runId)).toEqual({ kind: 'finished' })
      expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { amount: 12 } })
    }
    expect(await advance(ids[2] as string)).toMatchObject({ kind: 'waiting' })
  })

  it('does not reach another organization, or a project where the caller may start nothing', async () => {
    const foreign = await makeOrganization()
    const theirs = await accepted(waiting, { order: 'x' }, foreign)
    const projectId = newId('prj')
    await read((tx) => tx.insert(projects).values({ organizationId: organization.id, id: projectId, name: 'Shut', slug: 'shut' }))
    const mine = await accepted(waiting, { order: 'x' }, { ...organization, projectId })
    for (const runId of [theirs, mine]) await advance(runId)
    const viewer = await makeApiKey(organization, 'viewer')
    expect((await send({ name: 'payment', key: 'x' }, viewer.token)).status).toBe(403)
    expect((await send({ name: 'payment', key: 'x' })).body.runIds).toEqual([mine])
    expect(await advance(theirs)).toMatchObject({ kind: 'waiting' })
  })

  it('is sent once for one idempotency key', async () => {
    const runId = await accepted(waiting, { order: 'once' })
    await advance(runId)
    const call = () =>
      fetch(`${web.url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'evt-1' },
        body: JSON.stringify({ name: 'payment', key: 'once', data: { amount: 1 } }),
      })
    expect(await (await call()).json()).toEqual(await (await call()).json())
  })

  it('says what it lacks', async () => {
    expect((await send({ name: '', key: 'a' })).status).toBe(400)
    expect((await send({ name: 'a' })).status).toBe(400)
    expect((await send({ name: 'a', key: 'b', more: 1 })).status).toBe(400)
  })

  it('whose time passes while another step runs is over all the same', async () => {
    const runId = await accepted(
      graphOf('start -> paid; start -> slow', {
        start: trigger,
        paid: { type: 'flow.wait_event', params: { name: 'payment', key: 'late', withinMs: 1_000 } },
        slow: { type: 'code.javascript', params: { source: 'const end = Date.now() + 1200; while (Date.now() < end) {} return 1' } },
      }),
    )
    expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { code: 'event.timeout' } })
  })
})
