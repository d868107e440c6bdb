import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import type { Json } from '@/workflows/graph/schema'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { eventually } from '../support/eventually'
import { asOwner, type Signed } from '../support/owner'

interface Answer<Body = Record<string, unknown>> {
  status: number
  headers: Headers
  body: Body
}
interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  pointer?: string
  limit?: number
  hint: string
  requestId: string
}
// biome-ignore lint/suspicious/noExplicitAny: what REST answers is looked into freely here
type Loose = any

let url: string
let owner: Signed
let token: string

test.beforeAll(async ({ baseURL }) => {
  url = baseURL as string
  owner = await asOwner(url)
  token = (await owner.api.apiKeys.create.mutate({ name: `api.spec ${randomUUID().slice(0, 8)}`, role: 'builder' })).token
})

async function call<Body = Loose>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> {
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null }
}

/** Start, double a number, wait where asked, answer. */
function doubling({ waitMs = 0 } = {}): Json {
  return drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      step('pause', 'flow.wait', 'Pause', [1, 0], { durationMs: waitMs }),
      step('double', 'data.set', 'Double', [2, 0], {
        keep: 'only-set',
        fields: [{ name: 'doubled', value: '{{ (trigger.number ?? 1) * 2 }}' }],
      }),
    ],
    [waitMs > 0 ? 'start -> pause -> double' : 'start -> double', ...(waitMs > 0 ? [] : ['double -> pause'])],
  ) as unknown as Json
}

async function newWorkflow(graph: Json, name = `API ${randomUUID().slice(0, 8)}`): Promise<string> {
  const made = await call('POST', '/workflows', { name, graph })
  expect(made.status, JSON.stringify(made.body)).toBe(200)
  return made.body.id
}

async function live(graph: Json): Promise<string> {
  const id = await newWorkflow(graph)
  expect((await call('POST', `/workflows/${id}/publish`, { note: 'by API' })).status).toBe(200)
  return id
}

test('a workflow is created, listed, exported, imported, published, and an older version made live again', async () => {
  const id = await newWorkflow(doubling())
  const listed = await call('GET', '/workflows?search=API&limit=100')
  expect(listed.body.items.map((one: Loose) => one.id)).toContain(id)

  const document = await call('GET', `/workflows/${id}/export`)
  expect(document.body).toMatchObject({ millrace: 1, graph: { schema: 1 } })
  const imported = await call('POST', '/workflows/import', { document: document.body, name: `Imported ${randomUUID().slice(0, 8)}` })
  expect(imported.status).toBe(200)
  expect(imported.body.workflowId).not.toBe(id)
  const again = await call('GET', `/workflows/${imported.body.workflowId}/export`)
  expect(again.body.graph.nodes.map((node: Loose) => node.key)).toEqual(document.body.graph.nodes.map((node: Loose) => node.key))

  const first = await call('POST', `/workflows/${id}/publish`, { note: 'First' })
  expect(first.body).toMatchObject({ number: 1, unchanged: false })
  const { body: detail } = await call('GET', `/workflows/${id}`)
  const node = detail.draft.graph.nodes.find((one: Loose) => one.key === 'double')
  await owner.api.drafts.applyOperations.mutate({
    workflowId: id,
    baseRevision: detail.draft.revision,
    clientId: 'api-spec',
    operations: [
      { opId: randomUUID(), operation: { kind: 'setParam', nodeId: node.id, path: ['keep'], before: 'only-set', after: 'input' } },
    ],
  })
  const second = await call('POST', `/workflows/${id}/publish`, { note: 'Second' })
  expect(second.body.number).toBe(2)
  const versions = await call('GET', `/workflows/${id}/versions`)
  expect(versions.body.items.map((one: Loose) => [one.number, one.tags])).toEqual([
    [2, ['live']],
    [1, []],
  ])
  expect((await call('POST', `/workflows/${id}/tags`, { versionId: first.body.versionId })).status).toBe(200)
  expect((await call('GET', `/workflows/${id}`)).body.live).toMatchObject({ version: 1 })
})

test('a run is started with input, waited for, read with its steps, and listed page by page', async () => {
  const id = await live(doubling())
  const started = await call('POST', '/runs', { workflowId: id, input: { number: 21 }, waitSeconds: 20 })
  expect(started.body).toMatchObject({ status: 'succeeded', output: { doubled: 42 } })
  const { runId } = started.body
  expect((await call('GET', `/runs/${runId}`)).body).toMatchObject({ id: runId, status: 'succeeded', input: { number: 21 } })
  const steps = await call('GET', `/runs/${runId}/steps`)
  expect(steps.body.items.map((one: Loose) => one.status)).toEqual(['succeeded', 'succeeded', 'succeeded'])

  for (let more = 0; more < 2; more++) await call('POST', '/runs', { workflowId: id, waitSeconds: 20 })
  const firstPage = await call('GET', `/runs?workflowId=${id}&limit=2`)
  expect(firstPage.body.items).toHaveLength(2)
  const secondPage = await call('GET', `/runs?workflowId=${id}&limit=2&cursor=${encodeURIComponent(firstPage.body.nextCursor)}`)
  expect(secondPage.body.items.map((one: Loose) => one.id)).toEqual([runId])
  expect(secondPage.body.nextCursor).toBeNull()
})

test('the same idempotency key starts one run, in the body and as a header', async () => {
  const id = await live(doubling())
  const idempotencyKey = randomUUID()
  const first = await call('POST', '/runs', { workflowId: id, idempotencyKey })
  const second = await call('POST', '/runs', { workflowId: id, idempotencyKey })
  expect(first.body.duplicate).toBe(false)
  expect(second.body).toMatchObject({ runId: first.body.runId, duplicate: true })

  const header = { 'idempotency-key': randomUUID() }
  const one = await call('POST', '/runs', { workflowId: id }, header)
  const same = await call('POST', '/runs', { workflowId: id }, header)
  expect(same.body.runId).toBe(one.body.runId)
})

test('a waiting run is cancelled', async () => {
  const id = await live(doubling({ waitMs: 3_600_000 }))
  const { body: run } = await call('POST', '/runs', { workflowId: id })
  await eventually('waiting', async () => (await call('GET', `/runs/${run.runId}`)).body.status === 'waiting')
  expect((await call('POST', `/runs/${run.runId}/cancel`, { reason: 'No longer needed' })).status).toBe(200)
  await eventually('cancelled', async () => (await call('GET', `/runs/${run.runId}`)).body.status === 'cancelled')
})

test('a schedule is previewed, created, paused, resumed, fired and removed', async () => {
  const id = await live(doubling())
  const preview = await call('GET', `/schedules/preview?cron=${encodeURIComponent('30 7 * * 1-5')}&timeZone=Europe/Berlin`)
  expect(preview.body.next).toHaveLength(5)
  const made = await call('POST', '/schedules', { workflowId: id, name: 'Mornings', cron: '30 7 * * 1-5', timeZone: 'Europe/Berlin' })
  expect(made.body).toMatchObject({ paused: false, cron: '30 7 * * 1-5' })
  const at = `/schedules/${made.body.id}`
  await call('POST', `${at}/pause`, { reason: 'Holidays' })
  expect((await call('GET', at)).body).toMatchObject({ paused: true, pauseReason: 'Holidays' })
  await call('POST', `${at}/resume`)
  expect((await call('GET', at)).body.paused).toBe(false)
  const fired = await call('POST', `${at}/fire`)
  expect(fired.body.runId).toMatch(/^run_/)
  expect((await call('GET', '/schedules')).body.items.map((one: Loose) => one.id)).toContain(made.body.id)
  expect((await call('DELETE', at)).status).toBe(200)
  expect((await call('GET', at)).status).toBe(404)

  const sixFields = await call<Problem>('POST', '/schedules', {
    workflowId: id,
    name: 'Six',
    cron: '0 30 7 * * 1',
    timeZone: 'Europe/Berlin',
  })
  expect(sixFields.status).toBe(400)
  expect(sixFields.body.pointer).toBe('/cron')
})

test('dead letters are listed, resolved from the failed step, and discarded with a reason', async () => {
  const failing = drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      step('before', 'data.set', 'Before', [1, 0], { fields: [{ name: 'seen', value: true }] }),
      step('stop', 'flow.stop', 'Stop', [2, 0], { message: 'Nobody may pass.' }),
    ],
    ['start -> before -> stop'],
  ) as unknown as Json
  const id = await live(failing)
  for (let runs = 0; runs < 2; runs++) {
    const { body } = await call('POST', '/runs', { workflowId: id, waitSeconds: 20 })
    expect(body.status).toBe('failed')
  }
  const listed = await call('GET', `/dead-letters?state=open&workflowId=${id}`)
  expect(listed.body.items).toHaveLength(2)
  const [newest, older] = listed.body.items
  expect(newest).toMatchObject({ state: 'open', nodeTitle: 'Stop', message: 'Nobody may pass.' })

  const resolved = await call('POST', `/dead-letters/${newest.id}/resolve`, {})
  expect(resolved.status).toBe(200)
  const replay = await eventually('the end of the new run', async () => {
    const { body } = await call('GET', `/runs/${resolved.body.runId}`)
    return body.status === 'failed' && body
  })
  expect(replay.replayOfId).toBe(newest.runId)
  const steps = await call('GET', `/runs/${resolved.body.runId}/steps`)
  expect(steps.body.items.find((one: Loose) => one.nodeTitle === 'Before')).toMatchObject({ reused: true })

  const noReason = await call<Problem>('POST', `/dead-letters/${older.id}/discard`, {})
  expect([noReason.status, noReason.body.pointer]).toEqual([400, '/reason'])
  expect((await call('POST', `/dead-letters/${older.id}/discard`, { reason: 'A test' })).status).toBe(200)
  expect((await call('GET', `/dead-letters/${older.id}`)).body).toMatchObject({ state: 'discarded', reason: 'A test' })
})

test('templates are listed and imported as drafts', async () => {
  const templates = await call('GET', '/templates')
  expect(templates.body.items.length).toBeGreaterThanOrEqual(8)
  const imported = await call('POST', '/templates/order-intake/import', { name: `Orders ${randomUUID().slice(0, 8)}` })
  const workflow = await call('GET', `/workflows/${imported.body.workflowId}`)
  expect(workflow.body.live).toBeNull()
})

test('a credential is made and shown, its secret never', async () => {
  const { token: adminToken } = await owner.api.apiKeys.create.mutate({ name: 'admin', role: 'admin' })
  const secret = `canary-${randomUUID()}`
  const as = { authorization: `Bearer ${adminToken}` }
  const made = await call(
    'POST',
    '/credentials',
    { name: 'Shop', type: 'http.bearer', secret: { token: secret }, allowedHosts: ['shop.example.com'] },
    as,
  )
  expect(made.status, JSON.stringify(made.body)).toBe(200)
  const one = await call('GET', `/credentials/${made.body.id}`, undefined, as)
  const all = await call('GET', '/credentials', undefined, as)
  expect(one.body).toMatchObject({ name: 'Shop', hasSecret: true })
  expect(JSON.stringify([made.body, one.body, all.body])).not.toContain(secret)
})

test('the OpenAPI document is complete: 3.1, unique operations, declared parameters, references that lead somewhere', async () => {
  const response = await fetch(`${url}/api/openapi.json`)
  expect(response.status).toBe(200)
  const document = (await response.json()) as Loose
  expect(document.openapi).toMatch(/^3\.1\./)
  expect(Object.keys(document.components.securitySchemes).length).toBeGreaterThan(0)
  const operations = Object.entries<Loose>(document.paths).flatMap(([path, item]) =>
    Object.entries<Loose>(item).map(([method, operation]) => ({ path, method, operation })),
  )
  expect(operations.length).toBeGreaterThan(40)
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { path, method, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = (operation.parameters ?? []).filter((one: Loose) => one.in === 'path').map((one: Loose) => one.name)
    expect(declared.sort(), `${method} ${path}`).toEqual(named.sort())
    expect(operation.summary, `${method} ${path}`).toBeTruthy()
    expect(operation.responses['200'], `${method} ${path}`).toBeTruthy()
  }
  for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g)) {
    const found = (reference as string)
      .slice(2)
      .split('/')
      .reduce<Loose>((value, part) => value?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document)
    expect(found, reference).toBeTruthy()
  }
})

test('limits stand in headers, and every answer has a request id', async () => {
  const answer = await call('GET', '/workflows')
  const limits = [...answer.headers.keys()].filter((name) => name.startsWith('ratelimit'))
  expect(limits.length).toBeGreaterThan(0)
  expect(answer.headers.get('x-request-id')).toBeTruthy()
})

test.describe('what is wrong is said with code, pointer, detail, hint and request id', () => {
  function expectProblem(answer: Answer<Problem>, status: number, code: string, pointer?: string) {
    expect(answer.status, JSON.stringify(answer.body)).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body).toMatchObject({ status, code })
    for (const field of ['type', 'title', 'detail', 'hint', 'requestId'] as const) expect(answer.body[field], field).toBeTruthy()
    if (pointer !== undefined) expect(answer.body.pointer).toBe(pointer)
  }

  test('without a key, with a wrong one, and for what does not exist', async () => {
    expectProblem(await call('GET', '/workflows', undefined, { authorization: '' }), 401, 'UNAUTHORIZED')
    expectProblem(await call('GET', '/workflows', undefined, { authorization: 'Bearer mr_wrong' }), 401, 'UNAUTHORIZED')
    expectProblem(await call('GET', `/workflows/wf_${'0'.repeat(32)}`), 404, 'NOT_FOUND')
    expectProblem(await call('GET', '/nowhere'), 404, 'NOT_FOUND')
  })

  test('a role that may not', async () => {
    const { token: weak } = await owner.api.apiKeys.create.mutate({ name: 'viewer', role: 'viewer' })
    expectProblem(await call('POST', '/workflows', { name: 'No' }, { authorization: `Bearer ${weak}` }), 403, 'FORBIDDEN')
  })

  test('wrong types, missing and unknown fields', async () => {
    expectProblem(await call('POST', '/workflows', { name: 7 }), 400, 'BAD_REQUEST', '/name')
    expectProblem(await call('POST', '/workflows', {}), 400, 'BAD_REQUEST', '/name')
    expectProblem(await call('POST', '/workflows', { name: 'A', colour: 'red' }), 400, 'BAD_REQUEST', '/colour')
    expectProblem(await call('GET', '/runs?limit=1000'), 400, 'BAD_REQUEST', '/limit')
  })

  test('what is no JSON, or JSON with a trap', async () => {
    expectProblem(await call('POST', '/workflows', '{ "name": '), 400, 'BAD_REQUEST')
    expectProblem(await call('POST', '/workflows', '{"name":"A","name":"B"}'), 400, 'BAD_REQUEST')
    expectProblem(await call('POST', '/workflows', '{"name":"A","__proto__":{"role":"owner"}}'), 400, 'BAD_REQUEST')
    expectProblem(await call('POST', '/workflows', `{"name":"A","graph":${'['.repeat(5_000)}${']'.repeat(5_000)}}`), 400, 'BAD_REQUEST')
    expectProblem(await call('POST', '/workflows', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400, 'BAD_REQUEST')
    expectProblem(await call('POST', '/workflows', `{"name":"${'x'.repeat(12_000_000)}"}`), 413, 'PAYLOAD_TOO_LARGE')
    expect(({} as { role?: unknown }).role).toBeUndefined()
  })

  test('a graph that loops is refused at publish with the node', async () => {
    const looping = drawGraph(
      [step('start', 'trigger.manual', 'Start', [0, 0]), step('a', 'data.set', 'A', [1, 0]), step('b', 'data.set', 'B', [2, 0])],
      ['start -> a -> b'],
    )
    looping.edges.push({ id: 'back', from: 'b', fromPort: 'main', to: 'a', toPort: 'main' })
    const made = await call('POST', '/workflows', { name: `Loop ${randomUUID().slice(0, 8)}`, graph: looping })
    const refused = made.status === 200 ? await call('POST', `/workflows/${made.body.id}/publish`, {}) : made
    expect(refused.status).toBe(422)
    expect(refused.body.problems.length).toBeGreaterThan(0)
  })
})
