import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { finishRun, releaseHolder, renewHolder, takeRun } from '@/db/engine'
import { newId } from '@/db/ids'
import { runs } from '@/db/schema'
import { openApiDocument } from '@/server/api/openapi'
import { restRoutes } from '@/server/api/rest-routes'
import { captureWebhook } from '@/server/services/drafts/capture-webhook'
import { listDraftResults } from '@/server/services/drafts/list-draft-results'
import { countRows, makeOrganization, type TestOrganization } from '@/tests/support/database'
import { eventually } from '@/tests/support/eventually'
import { makeApiKey, smallGraph } from '@/tests/support/make-things'
import { startWeb, type TestWeb } from '@/tests/support/web-server'
import type { Graph } from '@/workflows/graph/schema'

let organization: TestOrganization
let web: TestWeb
let token: string

beforeAll(async () => {
  // Nothing listens there: starting a run is a hint and fails at once.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  organization = await makeOrganization()
  token = (await makeApiKey(organization)).token
  web = await startWeb()
})
afterAll(() => web?.stop())

interface Answer {
  status: number
  headers: Headers
  body: Record<string, never> & { [key: string]: unknown }
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${web.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null }
}

async function published(name: string, graph: Graph = smallGraph): Promise<string> {
  const made = await call('POST', '/workflows', { name, graph })
  expect(made.status, JSON.stringify(made.body)).toBe(200)
  const id = String(made.body.workflowId)
  const version = await call('POST', `/workflows/${id}/publish`, { note: 'first' })
  expect(version.body).toMatchObject({ number: 1, unchanged: false })
  return id
}

describe('the REST API', () => {
  it('makes, publishes, lists, tags and compares a workflow', async () => {
    const id = await published('Orders')
    expect((await call('POST', `/workflows/${id}/publish`, {})).body).toMatchObject({ number: 1, unchanged: true })
    const list = await call('GET', '/workflows?search=order&limit=10')
    expect(list.body.items).toMatchObject([
      { id, name: 'Orders', live: { version: 1 }, draft: { changed: false, problems: 0 }, triggers: ['manual', 'webhook'] },
    ])
    const versions = await call('GET', `/workflows/${id}/versions`)
    const [version] = versions.body.items as unknown as { id: string; tags: string[] }[]
    expect(version?.tags).toEqual(['live'])
    expect((await call('GET', `/workflows/${id}/compare?from=${version?.id}&to=draft`)).body).toMatchObject({ same: true })
    expect((await call('POST', `/workflows/${id}/tags`, { versionId: version?.id })).status).toBe(200)
  })

  it('exports a workflow and imports it under new ids', async () => {
    const id = await published('Exported')
    const document = (await call('GET', `/workflows/${id}/export`)).body
    expect(JSON.stringify(document)).not.toContain('wf_')
    const imported = await call('POST', '/workflows/import', { document, name: 'Imported' })
    expect(imported.status, JSON.stringify(imported.body)).toBe(200)
    const copy = await call('GET', `/workflows/${imported.body.workflowId}`)
    expect(JSON.stringify(copy.body.draft)).not.toContain('setfields1')
  })

  it('packs large answers for whoever takes them packed, and those of changes for nobody', async () => {
    const params = { fields: [{ name: 'text', value: 'What the next person should know. '.repeat(400) }] }
    const graph: Graph = { ...smallGraph, nodes: smallGraph.nodes.map((node) => (node.type === 'data.set' ? { ...node, params } : node)) }
    const { body } = await call('POST', '/workflows', { name: 'Long', graph })
    const asked = async (encoding: string, method = 'GET', path = `/workflows/${body.id}`) => {
      const answer = await call(method, path, method === 'GET' ? undefined : {}, { 'accept-encoding': encoding })
      return { encoding: answer.headers.get('content-encoding'), body: answer.body }
    }
    const packed = await asked('gzip, br')
    const plain = await asked('identity')
    expect(packed.encoding).toBe('gzip')
    expect(plain.encoding).toBeNull()
    expect(packed.body).toEqual(plain.body)
    expect((await asked('gzip', 'POST', `/workflows/${body.id}/publish`)).encoding).toBeNull()
    expect((await asked('gzip', 'GET', '/workflows?limit=1')).encoding).toBeNull()
    const trpc = await fetch(
      `${web.url}/api/trpc/workflows.get?input=${encodeURIComponent(JSON.stringify({ json: { workflowId: body.id } }))}`,
      {
        headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' },
      },
    )
    expect(trpc.status).toBe(200)
    expect(trpc.headers.get('content-encoding')).toBe('gzip')
    expect(((await trpc.json()) as { result: { data: { json: { id: string } } } }).result.data.json.id).toBe(body.id)
  })

  it('refuses to publish what does not work, with all problems, and keeps what is live', async () => {
    const made = await call('POST', '/workflows', { name: 'Broken', graph: { schema: 1, nodes: [], edges: [] } })
    const answer = await call('POST', `/workflows/${made.body.id}/publish`, {})
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ code: 'UNPROCESSABLE', problems: [{ code: 'graph.no_trigger' }] })
  })

  it('starts one run for one idempotency key, and says when the input is another one', async () => {
    const workflowId = await published('Started')
    const start = (input: unknown) => call('POST', '/runs', { workflowId, input }, { 'idempotency-key': 'same' })
    const first = await start({ a: 1 })
    expect(first.body, JSON.stringify(first.body)).toMatchObject({ status: 'accepted', duplicate: false })
    expect((await start({ a: 1 })).body).toMatchObject({ runId: first.body.runId, duplicate: true })
    expect((await start({ a: 2 })).status).toBe(409)
    const list = await call('GET', `/runs?workflowId=${workflowId}&status=accepted,running`)
    expect(list.body.items).toMatchObject([{ id: first.body.runId, trigger: 'api', version: 1, steps: '' }])
    expect((await call('GET', `/runs/${first.body.runId}`)).body).toMatchObject({ input: { a: 1 }, can: { cancel: true } })
    expect((await call('POST', `/runs/${first.body.runId}/cancel`, {})).status).toBe(200)
  }, 30_000)

  it('answers the first answer to the same key, and a conflict to another request with it', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const first = await call('POST', '/workflows', { name: 'Once' }, headers)
    const again = await call('POST', '/workflows', { name: 'Once' }, headers)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await call('POST', '/workflows', { name: 'Twice' }, headers)).status).toBe(409)
  })

  it('pages through lists by cursor', async () => {
    for (const name of ['Page 1', 'Page 2', 'Page 3']) await call('POST', '/workflows', { name })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Answer = await call('GET', `/workflows?search=page&sort=name&limit=2${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...(page.body.items as unknown as { name: string }[]).map((item) => item.name))
      cursor = page.body.nextCursor as unknown as string | null
    }
    expect(seen).toEqual(['Page 1', 'Page 2', 'Page 3'])
  })

  it('keeps a credential and never shows its secret', async () => {
    const made = await call('POST', '/credentials', {
      name: 'Key',
      type: 'http.bearer',
      secret: { token: 'canary-123' },
      allowedHosts: ['api.example.com'],
    })
    expect(made.status, JSON.stringify(made.body)).toBe(200)
    const shown = await call('GET', `/credentials/${made.body.id}`)
    expect(shown.body).toMatchObject({ hasSecret: true, allowedHosts: ['api.example.com'] })
    expect(JSON.stringify(shown.body)).not.toContain('canary')
    const moved = await call('PATCH', `/credentials/${made.body.id}`, { allowedHosts: ['evil.example.com'] })
    expect(moved.body).toMatchObject({ secretCleared: true })
    expect((await call('GET', `/credentials/${made.body.id}`)).body).toMatchObject({ hasSecret: false })
  })

  it.each([
    ['0 8 * * * *', 400, '/cron'],
    ['0 0 31 2 *', 400, '/cron'],
    ['0 0 1 * 1', 422, '/bothDayFields'],
    ['61 * * * *', 400, '/cron'],
  ])('refuses or asks about the schedule “%s”', async (cron, status, pointer) => {
    const workflowId = (await call('POST', '/workflows', { name: `Scheduled ${cron}` })).body.id
    const answer = await call('POST', '/schedules', { workflowId, name: 'S', cron, timeZone: 'UTC' })
    expect(answer.body).toMatchObject({ status, pointer })
  })

  it('keeps a schedule, pauses it, and says its next fires in words', async () => {
    const workflowId = (await call('POST', '/workflows', { name: 'Weekly' })).body.id
    const made = await call('POST', '/schedules', { workflowId, name: 'Mondays', cron: '0 8 * * 1', timeZone: 'Europe/Berlin' })
    expect(made.status, JSON.stringify(made.body)).toBe(200)
    expect(made.body).toMatchObject({ words: 'At 08:00, only on Monday', paused: false })
    expect((made.body.next as unknown as string[]).length).toBe(5)
    await call('POST', `/schedules/${made.body.id}/pause`, { reason: 'Holiday' })
    expect((await call('GET', `/schedules/${made.body.id}`)).body).toMatchObject({ paused: true, pauseReason: 'Holiday', next: [] })
    const preview = await call('GET', '/schedules/preview?cron=30+2+*+*+*&timeZone=Europe/Berlin')
    expect((preview.body.warnings as unknown as string[]).join()).toContain('skip 02:30')
    expect((await call('GET', '/schedules/preview?cron=0+0+*+*+*&timeZone=Mars/Base')).body).toMatchObject({ pointer: '/timeZone' })
  })

  it.each([
    ['not JSON', '{"name": nope}', '/name'],
    ['a key given twice', '{"name": "a", "name": "b"}', '/name'],
    ['a prototype key', '{"graph": {"__proto__": {}}}', '/graph/__proto__'],
    ['a number that overflows', '{"name": 1e400}', '/name'],
    ['a whole number beyond 2^53', '{"graph": [9007199254740993]}', '/graph/0'],
    ['NUL', '{"name": "a\\u0000"}', '/name'],
    ['half a pair', '{"name": "\\ud800"}', '/name'],
    ['nesting without end', `{"graph": ${'['.repeat(5000)}`, undefined],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), ''],
  ])('refuses %s with 400 and the place', async (_, body, pointer) => {
    const answer = await call('POST', '/workflows', body)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body).toMatchObject({
      code: 'BAD_REQUEST',
      hint: expect.any(String),
      requestId: expect.any(String),
      ...(pointer === undefined ? {} : { pointer }),
    })
  })

  it('names the field that is wrong, refuses unknown ones, and says when nobody is known', async () => {
    expect((await call('POST', '/workflows', { name: '' })).body).toMatchObject({ status: 400, pointer: '/name' })
    expect((await call('POST', '/workflows', { name: 'A', nome: 1 })).body).toMatchObject({ status: 400, pointer: '/nome' })
    expect((await call('GET', '/workflows', undefined, { authorization: 'Bearer mr_wrong' })).body).toMatchObject({
      status: 401,
      code: 'UNAUTHORIZED',
    })
    expect((await call('GET', '/nothing')).status).toBe(404)
  })

  it('says with every answer what is left of the limit', async () => {
    const answer = await call('GET', '/workflows')
    expect(answer.headers.get('ratelimit')).toMatch(/^"read";r=\d+;t=\d+$/)
  })

  it('does for a viewer’s key only what a viewer may', async () => {
    const { token: viewer } = await makeApiKey(organization, 'viewer')
    const answer = await call('POST', '/workflows', { name: 'No' }, { authorization: `Bearer ${viewer}` })
    expect(answer.body).toMatchObject({ status: 403, code: 'FORBIDDEN' })
  })
})

describe('the OpenAPI document', () => {
  it('names every route once with its parameters, answers and problem', () => {
    const document = openApiDocument()
    expect(document.openapi).toMatch(/^3\.1/)
    const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.entries(methods as object).map(([method, operation]) => ({ path, method, operation })),
    )
    expect(operations).toHaveLength(restRoutes().length)
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length)
    for (const { path, method, operation } of operations) {
      const once = (operation.parameters ?? []).some((one: { name: string }) => one.name === 'Idempotency-Key')
      expect(once, `${method} ${path}`).toBe(method === 'post')
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1])
      const inPath = (operation.parameters ?? [])
        .filter((one: { in: string }) => one.in === 'path')
        .map((one: { name: string }) => one.name)
      expect(inPath.sort()).toEqual(named.sort())
      expect(operation.responses.default.content['application/problem+json']).toBeDefined()
    }
    for (const wanted of [
      '/workflows/import',
      '/workflows/{workflowId}/publish',
      '/workflows/{workflowId}/tags',
      '/runs/{runId}/steps',
      '/runs/{runId}/cancel',
      '/dead-letters/{deadLetterId}/resolve',
      '/dead-letters/{deadLetterId}/discard',
      '/templates/{slug}/import',
      '/credentials',
    ])
      expect(document.paths).toHaveProperty([wanted])
    const line = 'responses.200.content.application/json.schema.properties.logs.items'.split('.')
    expect(document.paths?.['/runs/{runId}/step']?.get).toHaveProperty(line, expect.objectContaining({ required: ['at', 'level', 'text'] }))
  })

  it('is served with its explorer from this instance only', async () => {
    expect((await fetch(`${web.url}/api/openapi.json`)).status).toBe(200)
    const page = await fetch(`${web.url}/api/docs`)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect((await fetch(`${web.url}/api/docs/swagger-ui-bundle.js`)).status).toBe(200)
  })
})

describe('a webhook', () => {
  async function hook(params: Record<string, string> = {}, secret?: { type: string; value: Record<string, string> }) {
    const credential = secret
      ? (await call('POST', '/credentials', { name: randomUUID(), type: secret.type, secret: secret.value })).body.id
      : undefined
    const graph = {
      ...smallGraph,
      nodes: smallGraph.nodes.map((node) =>
        node.id === 'webhook001' ? { ...node, params: { ...params, ...(credential ? { credential: String(credential) } : {}) } } : node,
      ),
    }
    const id = await published(`Hook ${randomUUID()}`, graph)
    const detail = await call('GET', `/workflows/${id}`)
    const [endpoint] = detail.body.webhooks as unknown as { url: string }[]
    return `${web.url}${new URL(endpoint?.url ?? '').pathname}`
  }
  const storedRuns = () => inOrganization(organization.id, (tx) => tx.select({ id: runs.id, input: runs.input }).from(runs))
  const inputOf = async (runId: unknown) => (await storedRuns()).find((run) => run.id === runId)?.input

  it('commits the call as a run and answers 202', async () => {
    const url = await hook()
    const response = await fetch(`${url}/sub?x=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer hidden' },
      body: '{"a":[1]}',
    })
    expect(response.status).toBe(202)
    const { runId } = (await response.json()) as { runId: string }
    expect(await inputOf(runId)).toMatchObject({ method: 'POST', path: '/sub', query: { x: '1' }, body: { a: [1] } })
    expect(JSON.stringify(await inputOf(runId))).not.toContain('hidden')
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'a=1&a=2&b=x', { a: ['1', '2'], b: 'x' }],
    ['text', 'text/plain', 'hello', 'hello'],
    ['bytes', 'application/octet-stream', 'raw', { contentType: 'application/octet-stream', bytes: 3, base64: 'cmF3' }],
    ['multipart', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="n"\r\n\r\nv\r\n--x--\r\n', { n: 'v' }],
  ])('takes %s', async (_, type, body, expected) => {
    const response = await fetch(await hook(), { method: 'POST', headers: { 'content-type': type }, body })
    expect(await inputOf(((await response.json()) as { runId: string }).runId)).toMatchObject({ body: expected })
  })

  it.each([
    ['its output where that is the answer', 'when-finished', () => ({ secret: 'of the run' })],
    [
      'its id alone where a Respond step was to say the answer and none did',
      'respond-node',
      (runId: string) => ({ runId, status: 'succeeded' }),
    ],
  ])('that waits for the end of the run answers with %s', async (_, respond, expected) => {
    const url = await hook({ respond })
    const known = new Set((await storedRuns()).map(({ id }) => id))
    const asked = fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    const runId = await eventually('the run', async () => (await storedRuns()).find(({ id }) => !known.has(id))?.id ?? null)
    const holder = { id: newId('hold'), kind: 'worker', host: 'test', pid: 1, build: 'test' }
    await renewHolder(holder)
    const taken = await takeRun(runId, holder.id)
    if (taken.outcome !== 'taken') throw new Error(`the run is ${taken.outcome}`)
    await finishRun(
      { organizationId: organization.id, runId, epoch: taken.epoch },
      { status: 'succeeded', output: { secret: 'of the run' } },
    )
    await releaseHolder(holder.id)
    const response = await asked
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(expected(runId))
  })

  it('keeps no secret header of a call that is captured before anything is published', async () => {
    const secret = { name: randomUUID(), type: 'webhook.header', settings: { name: 'X-Shop-Key' }, secret: { value: 'sesame-opens' } }
    const credential = String((await call('POST', '/credentials', secret)).body.id)
    const params = { auth: 'header', credential }
    const nodes = smallGraph.nodes.map((node) => (node.id === 'webhook001' ? { ...node, params } : node))
    const made = await call('POST', '/workflows', { name: `Captured ${randomUUID()}`, graph: { ...smallGraph, nodes } })
    const workflowId = String(made.body.workflowId)
    const { url } = await captureWebhook(organization.caller, { workflowId, nodeId: 'webhook001', stop: false })
    const headers = { 'X-Shop-Key': 'sesame-opens', 'X-Shop-Topic': 'orders' }
    expect((await fetch(`${web.url}${new URL(url).pathname}`, { method: 'POST', headers, body: 'hi' })).status).toBe(202)
    const { results } = await listDraftResults(organization.caller, { workflowId })
    expect(results[0]?.output).toMatchObject({ body: 'hi', headers: { 'x-shop-topic': 'orders' } })
    expect(JSON.stringify(results)).not.toContain('sesame')
  })

  it('starts one run for a delivery that comes twice', async () => {
    const url = await hook()
    const send = async () =>
      (
        await fetch(url, { method: 'POST', headers: { 'webhook-id': 'delivery-1', 'content-type': 'application/json' }, body: '{}' })
      ).json() as Promise<{ runId: string; duplicate: boolean }>
    const before = await countRows('runs', organization.id)
    const [first, second] = await Promise.all([send(), send()])
    expect(first.runId).toBe(second.runId)
    expect(await countRows('runs', organization.id)).toBe(before + 1)
  })

  it('refuses another method, a body that is too large, and an address that is not there', async () => {
    const url = await hook()
    const wrong = await fetch(url, { method: 'PUT', body: 'x' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(1_100_000) })).status).toBe(413)
    expect((await fetch(`${web.url}/hooks/${'a'.repeat(43)}`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1,"a":2}' })).status).toBe(400)
  })

  const body = '{"id":"evt_1"}'
  const now = Math.floor(Date.now() / 1000)
  const sign = (text: string, encoding: 'hex' | 'base64', key: string | Buffer = 'shh') =>
    createHmac('sha256', key).update(text).digest(encoding)
  it.each([
    ['bearer', 'none', {}, 401],
    ['bearer', 'the wrong token', { authorization: 'Bearer other' }, 401],
    ['bearer', 'the token', { authorization: 'Bearer shh' }, 202],
    ['github', 'no signature', {}, 401],
    ['github', 'a signature of other bytes', { 'x-hub-signature-256': `sha256=${sign('{}', 'hex')}` }, 401],
    ['github', 'the signature', { 'x-hub-signature-256': `sha256=${sign(body, 'hex')}` }, 202],
    ['stripe', 'an old time', { 'stripe-signature': `t=${now - 600},v1=${sign(`${now - 600}.${body}`, 'hex')}` }, 401],
    ['stripe', 'the signature', { 'stripe-signature': `t=${now},v1=00,v1=${sign(`${now}.${body}`, 'hex')}` }, 202],
    [
      'standard-webhooks',
      'another id',
      { 'webhook-id': 'b', 'webhook-timestamp': `${now}`, 'webhook-signature': `v1,${sign(`a.${now}.${body}`, 'base64')}` },
      401,
    ],
    [
      'standard-webhooks',
      'the signature',
      { 'webhook-id': 'a', 'webhook-timestamp': `${now}`, 'webhook-signature': `v1,xx v1,${sign(`a.${now}.${body}`, 'base64')}` },
      202,
    ],
  ] as [string, string, Record<string, string>, number][])('checked as %s with %s', async (auth, _, headers, status) => {
    const secret: { type: string; value: Record<string, string> } =
      auth === 'bearer' ? { type: 'webhook.bearer', value: { token: 'shh' } } : { type: 'webhook.secret', value: { secret: 'shh' } }
    const response = await fetch(await hook({ auth }, secret), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    expect(response.status).toBe(status)
  })
})

describe('the server itself', () => {
  it('is alive, says that it is not ready without Temporal and workers, and counts', async () => {
    expect((await fetch(`${web.url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${web.url}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ ready: false, database: true, temporal: false, workers: 0 })
    expect(await (await fetch(`${web.url}/metrics`)).text()).toContain('millrace_request_seconds_count')
  })

  it('answers the practice services', async () => {
    expect(await (await fetch(`${web.url}/practice/stock/LAMP-01`)).json()).toMatchObject({ sku: 'LAMP-01' })
  })

  it('reads megabytes of nobody who is not known', async () => {
    const large = `{"name":"${'x'.repeat(100_000)}","graph":[[[`
    const send = (path: string, headers: Record<string, string>, body: BodyInit = large) =>
      fetch(`${web.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        duplex: 'half',
      } as RequestInit)
    const endless = () => new Blob([large]).stream()
    for (const path of ['/api/v1/workflows', '/api/trpc/workflows.create']) {
      for (const headers of [
        {},
        { authorization: `Bearer mr_${'x'.repeat(43)}` },
        { cookie: `millrace.session=${'x'.repeat(43)}` },
      ] as Record<string, string>[]) {
        expect((await send(path, headers)).status).toBe(401)
        expect((await send(path, headers, endless())).status).toBe(401)
      }
      // Who is known hears what is wrong with it.
      const known = await send(path, { authorization: `Bearer ${token}` })
      expect([known.status, await known.text()]).toEqual([400, expect.stringContaining('JSON')])
    }
    for (const path of ['/api/auth/callback/credentials', '/signin']) {
      expect((await send(path, {})).status).toBe(413)
      expect((await send(path, {}, endless())).status).toBe(413)
      expect((await send(path, {}, '{}')).status).toBe(503)
    }
  })

  it('reads an address of many slashes quickly', async () => {
    const began = performance.now()
    expect((await fetch(`${web.url}/api/v1${'/'.repeat(60_000)}x`)).status).toBe(404)
    expect((await fetch(`${web.url}/api/v1/workflows${'/'.repeat(1_000)}`)).status).toBe(401)
    expect(performance.now() - began).toBeLessThan(1_500)
  })

  it('refuses a change that another site sends', async () => {
    const response = await fetch(`${web.url}/api/trpc/workflows.create`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"json":{"name":"x"}}',
    })
    expect(response.status).toBe(403)
  })
})
