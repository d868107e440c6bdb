import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { createSession } from '@/db/definer'
import { newId } from '@/db/ids'
import { drafts, runWaits, workflowTags } from '@/db/schema'
import { sessionCookie } from '@/server/auth/session-cookie'
import { hashToken, newToken } from '@/server/auth/token'
import { emptyGraph, type Graph } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { countRows, makeOrganization, type TestOrganization } from '../support/database'
import { makeApiKey, makeEverything, smallGraph } from '../support/make-things'
import { startWeb, type TestWeb } from '../support/web-server'

let organization: TestOrganization
let web: TestWeb
let token: string
let foreignCredential: string

beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  organization = await makeOrganization()
  token = (await makeApiKey(organization)).token
  foreignCredential = (await makeEverything(await makeOrganization())).credentialId
  web = await startWeb()
})
afterAll(() => web?.stop())

interface Answer {
  status: number
  body: { [key: string]: unknown }
}

async function send(method: string, url: string, body: BodyInit | undefined, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array
  return send(method, `${web.url}/api/v1${path}`, body === undefined ? undefined : raw ? (body as BodyInit) : JSON.stringify(body), {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  })
}

let made = 0
async function workflow(graph: unknown = smallGraph): Promise<string> {
  made += 1
  const { status, body } = await call('POST', '/workflows', { name: `Sample ${made}`, graph })
  expect(status, JSON.stringify(body)).toBe(200)
  return String(body.workflowId)
}

/** What every refusal has, whatever was wrong. */
const refusal = {
  type: expect.stringMatching(/^https:\/\//),
  title: expect.any(String),
  code: expect.stringMatching(/^[A-Z_]+$/),
  detail: expect.stringMatching(/\S/),
  hint: expect.stringMatching(/\S/),
  requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
}
function expectRefusal(answer: Answer, status: number | number[]): void {
  expect([status].flat(), JSON.stringify(answer.body)).toContain(answer.status)
  expect(answer.body).toMatchObject({ ...refusal, status: answer.status })
  expect(JSON.stringify(answer.body)).not.toMatch(/\n\s+at |select |insert into|postgres|node_modules/i)
}

const [start, hook, fields] = smallGraph.nodes as [Graph['nodes'][number], Graph['nodes'][number], Graph['nodes'][number]]
const [edge] = smallGraph.edges as [Graph['edges'][number]]
const second = { ...fields, id: 'setfields2', key: 'second', title: 'Second' }
const withNode = (change: object): unknown => ({ ...smallGraph, nodes: [start, hook, { ...fields, ...change }] })

const badGraphs: [string, () => unknown][] = [
  [
    'a loop',
    () => ({
      ...smallGraph,
      nodes: [...smallGraph.nodes, second],
      edges: [
        ...smallGraph.edges,
        { ...edge, id: 'edge000003', from: fields.id, to: second.id },
        { ...edge, id: 'edge000004', from: second.id, to: fields.id },
      ],
    }),
  ],
  ['an edge that leads nowhere', () => ({ ...smallGraph, edges: [{ ...edge, to: 'nowhere001' }] })],
  ['a type that does not exist', () => withNode({ type: 'shell.exec' })],
  ['a version that does not exist', () => withNode({ version: 99 })],
  ['too many nodes', () => ({ ...smallGraph, nodes: Array.from({ length: limits.graphNodes + 1 }, () => ({})) })],
  ['too many edges', () => ({ ...smallGraph, edges: Array.from({ length: limits.graphEdges + 1 }, () => ({})) })],
  ['a node that is too large', () => withNode({ params: { fields: [{ name: 'a', value: 'x'.repeat(limits.nodeBytes) }] } })],
  ['what is no graph', () => 'graph'],
]

describe('a graph that cannot be', () => {
  it.each(badGraphs)('%s is refused when it is saved, and nothing is kept', async (_, graph) => {
    const before = await countRows('workflows', organization.id)
    const answer = await call('POST', '/workflows', { name: 'Bad', graph: graph() })
    expectRefusal(answer, [400, 413, 422])
    expect(answer.body).toMatchObject({ pointer: expect.stringMatching(/^\/graph/) })
    expect(await countRows('workflows', organization.id)).toBe(before)
  })

  it.each(badGraphs)('%s is refused when it is imported, and nothing is kept', async (_, graph) => {
    const before = await countRows('workflows', organization.id)
    const answer = await call('POST', '/workflows/import', {
      document: { millrace: 1, name: 'Bad', description: '', graph: graph(), credentials: {} },
    })
    expectRefusal(answer, [400, 413, 422])
    expect(await countRows('workflows', organization.id)).toBe(before)
  })

  it.each(badGraphs.filter(([name]) => !/too many|no graph/.test(name)))(
    '%s is refused when it is published, and what is live stays live',
    async (_, graph) => {
      const id = await workflow()
      await call('POST', `/workflows/${id}/publish`, { note: '' })
      const live = () =>
        inOrganization(organization.id, (tx) =>
          tx.select({ versionId: workflowTags.versionId }).from(workflowTags).where(eq(workflowTags.workflowId, id)),
        )
      const before = await live()
      // Past the doors, as an older build or a restored backup may have left it.
      await inOrganization(organization.id, (tx) =>
        tx
          .update(drafts)
          .set({ graph: graph() as Graph })
          .where(and(eq(drafts.organizationId, organization.id), eq(drafts.workflowId, id))),
      )
      const answer = await call('POST', `/workflows/${id}/publish`, { note: '' })
      expectRefusal(answer, [400, 422])
      expect(await live()).toEqual(before)
    },
  )

  it('with another organization’s credential is refused at each door', async () => {
    const graph = {
      ...smallGraph,
      nodes: [start, { ...hook, params: { auth: 'bearer', credential: foreignCredential } }, fields],
    }
    const saved = await call('POST', '/workflows', { name: 'Theirs', graph })
    expectRefusal(saved, [400, 403, 404, 422])
    const imported = await call('POST', '/workflows/import', {
      document: { millrace: 1, name: 'Theirs', description: '', graph, credentials: {} },
    })
    if (imported.status === 200) {
      const kept = await call('GET', `/workflows/${imported.body.workflowId}`)
      expect(JSON.stringify(kept.body)).not.toContain(foreignCredential)
    } else expectRefusal(imported, [400, 422])
    const id = await workflow()
    await inOrganization(organization.id, (tx) =>
      tx
        .update(drafts)
        .set({ graph })
        .where(and(eq(drafts.organizationId, organization.id), eq(drafts.workflowId, id))),
    )
    expectRefusal(await call('POST', `/workflows/${id}/publish`, { note: '' }), [400, 403, 404, 422])
  })

  it.each([
    ['cannot be read', '{{ input. }}', 'expression.syntax'],
    ['reaches for a prototype', '{{ input.constructor.constructor("return 1")() }}', /^expression\./],
    ['is too long', `{{ ${'1+'.repeat(limits.expressionSource)}1 }}`, /^expression\./],
    ['is nested too deep', `{{ ${'['.repeat(200)}1${']'.repeat(200)} }}`, /^expression\./],
  ])('an expression that %s stops a publish at its field', async (_, value, code) => {
    const workflowId = await workflow(withNode({ params: { fields: [{ name: 'a', value }] } }))
    const answer = await call('POST', `/workflows/${workflowId}/publish`, { note: '' })
    expectRefusal(answer, 422)
    expect(answer.body.problems).toMatchObject([
      {
        code: code instanceof RegExp ? expect.stringMatching(code) : code,
        nodeId: fields.id,
        pointer: expect.stringContaining('/fields/0/value'),
      },
    ])
  })
})

const badBodies: [string, string | Uint8Array, number][] = [
  ['JSON that ends too early', '{"a": ', 400],
  ['a key that stands twice', '{"a": 1, "a": 2}', 400],
  ['a key that reaches a prototype', '{"__proto__": {"polluted": true}}', 400],
  ['a constructor for a key', '{"a": {"constructor": {"prototype": {}}}}', 400],
  ['nesting without end', '['.repeat(200_000), 400],
  ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), 400],
  ['NUL', '{"a": "\\u0000"}', 400],
  ['half of a pair', '{"a": "\\udc00"}', 400],
  ['a number that overflows', '{"a": 1e400}', 400],
  ['a whole number that is not exact', '{"a": 9007199254740993}', 400],
]

describe('a body that cannot be', () => {
  let url: string
  beforeAll(async () => {
    const id = await workflow()
    await call('POST', `/workflows/${id}/publish`, { note: '' })
    const [endpoint] = (await call('GET', `/workflows/${id}`)).body.webhooks as { url: string }[]
    url = `${web.url}${new URL(endpoint?.url ?? '').pathname}`
  })
  const json = { 'content-type': 'application/json' }

  it.each(badBodies)('%s is refused by a webhook, the API and an import', async (_, body, status) => {
    const runs = await countRows('runs', organization.id)
    const workflows = await countRows('workflows', organization.id)
    expectRefusal(await send('POST', url, body as BodyInit, json), status)
    expectRefusal(await call('POST', '/runs', body), status)
    expectRefusal(await call('POST', '/workflows/import', body), status)
    expect([await countRows('runs', organization.id), await countRows('workflows', organization.id)]).toEqual([runs, workflows])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('that is too large is refused by all three before it is read', async () => {
    expectRefusal(await send('POST', url, 'x'.repeat(limits.webhookBodyBytes + 1), json), 413)
    const large = JSON.stringify({ name: 'x'.repeat(2 * limits.graphBytes) })
    expectRefusal(await call('POST', '/workflows', large), 413)
    expectRefusal(await call('POST', '/workflows/import', large), 413)
  })

  it('of another type is refused by the API, and taken by a webhook as what it is', async () => {
    expectRefusal(await call('POST', '/workflows', '<name/>', { 'content-type': 'application/xml' }), 400)
    expectRefusal(await call('POST', '/workflows', '[]'), 400)
    expect((await send('POST', url, '<name/>', { 'content-type': 'application/xml' })).status).toBe(202)
    expectRefusal(await send('POST', url, '{}', { ...json, 'content-encoding': 'gzip' }), 400)
    expectRefusal(await send('POST', url, 'no form', { 'content-type': 'multipart/form-data; boundary=x' }), 400)
  })

  it.each([
    ['a form', '__proto__=1', 'application/x-www-form-urlencoded'],
    [
      'a multipart form',
      '--x\r\nContent-Disposition: form-data; name="constructor"\r\n\r\nv\r\n--x--\r\n',
      'multipart/form-data; boundary=x',
    ],
  ])('%s with a key that reaches a prototype is refused', async (_, body, type) => {
    expectRefusal(await send('POST', url, body, { 'content-type': type }), 400)
  })

  it('a form of half a million fields is refused before it is read', async () => {
    expectRefusal(await send('POST', url, 'a&'.repeat(500_000), { 'content-type': 'application/x-www-form-urlencoded' }), 413)
  })
})

describe('an address that cannot be', () => {
  it.each([
    '/workflows?search=a%00b',
    '/workflows?__proto__=1',
    '/workflows?constructor=1',
    '/workflows?toString=1',
    '/runs?search=%00',
    '/templates/%00',
    '/dead-letters?signature=%00',
    '/workflows?cursor=nonsense',
    '/workflows?limit=100000',
    '/runs?from=banana',
    '/runs/run_1',
  ])('%s is refused in words', async (path) => {
    expectRefusal(await call('GET', path), 400)
  })

  it('is refused by tRPC too, where it would reach the database as NUL', async () => {
    const answer = await send(
      'GET',
      `${web.url}/api/trpc/search.everything?input=${encodeURIComponent('{"json":{"q":"\\u0000"}}')}`,
      undefined,
      {
        authorization: `Bearer ${token}`,
      },
    )
    expectRefusal(answer, 400)
  })

  it('is refused where it holds more calls than a screen makes', async () => {
    const names = Array(200).fill('people.me').join(',')
    const response = await fetch(`${web.url}/api/trpc/${names}?batch=1`)
    expect(response.status).toBe(400)
  })
})

describe('a schedule that cannot be', () => {
  it.each([
    ['six fields', '0 0 8 * * *', 'UTC', 400, '/cron'],
    ['31 February', '0 0 31 2 *', 'UTC', 400, '/cron'],
    ['both day fields without saying how', '0 0 1 * 1', 'UTC', 422, '/bothDayFields'],
    ['a zone that does not exist', '0 8 * * *', 'Mars/Base', 400, '/timeZone'],
    ['a step of nothing', '*/0 * * * *', 'UTC', 400, '/cron'],
    ['words', 'every morning', 'UTC', 400, '/cron'],
  ])('with %s is refused and not kept', async (_, cron, timeZone, status, pointer) => {
    const workflowId = await workflow()
    const before = await countRows('schedules', organization.id)
    const answer = await call('POST', '/schedules', { workflowId, name: 'S', cron, timeZone })
    expectRefusal(answer, status)
    expect(answer.body).toMatchObject({ pointer })
    expect(await countRows('schedules', organization.id)).toBe(before)
  })

  it('at the hour that does not exist is taken with a warning that names the day', async () => {
    const { body } = await call('GET', '/schedules/preview?cron=30+2+*+*+*&timeZone=Europe/Berlin')
    expect((body.warnings as string[]).join()).toContain('02:30')
  })
})

describe('the same button twice', () => {
  it('publishes once', async () => {
    const workflowId = await workflow()
    const both = await Promise.all([1, 2].map(() => call('POST', `/workflows/${workflowId}/publish`, { note: '' })))
    expect(both.map((answer) => [answer.status, answer.body.number])).toEqual([
      [200, 1],
      [200, 1],
    ])
    const versions = await call('GET', `/workflows/${workflowId}/versions`)
    expect(versions.body.items).toHaveLength(1)
  })

  it('starts one run for one key, also at the same moment', async () => {
    const workflowId = await workflow()
    await call('POST', `/workflows/${workflowId}/publish`, { note: '' })
    const before = await countRows('runs', organization.id)
    const key = { 'idempotency-key': 'pressed-twice' }
    const all = await Promise.all([1, 2, 3].map(() => call('POST', '/runs', { workflowId, input: {} }, key)))
    expect(new Set(all.map((answer) => answer.body.runId)).size).toBe(1)
    expect(await countRows('runs', organization.id)).toBe(before + 1)
  })

  it('decides and resolves once; the second hears so', async () => {
    const { taskId, deadLetterId, runId } = await makeEverything(organization)
    await inOrganization(organization.id, (tx) =>
      tx.insert(runWaits).values({ organizationId: organization.id, runId, path: 'setfields1', attempt: 1, kind: 'approval' }),
    )
    const mark = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const decide = () => send('POST', `${web.url}/api/trpc/tasks.decide`, JSON.stringify({ json: { taskId, decision: 'approved' } }), mark)
    const decided = await Promise.all([decide(), decide()])
    expect(decided.map((answer) => answer.status).sort()).toEqual([200, 409])
    const resolved = await Promise.all([1, 2].map(() => call('POST', `/dead-letters/${deadLetterId}/resolve`, {})))
    expect(resolved.map((answer) => answer.status).sort()).toEqual([200, 409])
    expectRefusal(resolved.find((answer) => answer.status === 409) as Answer, 409)
  }, 30_000)
})

describe('a stale draft', () => {
  it('is not published, and what changed since is kept', async () => {
    const workflowId = await workflow()
    const mark = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const rename = {
      json: {
        workflowId,
        baseRevision: 0,
        clientId: 'tab-1',
        operations: [{ opId: 'operation-1', operation: { kind: 'setDisabled', nodeIds: [fields.id], disabled: true } }],
      },
    }
    expect((await send('POST', `${web.url}/api/trpc/drafts.applyOperations`, JSON.stringify(rename), mark)).status).toBe(200)
    const answer = await call('POST', `/workflows/${workflowId}/publish`, { note: '', revision: 0 })
    expectRefusal(answer, 409)
    expect(answer.body).toMatchObject({ pointer: '/revision' })
    expect((await call('GET', `/workflows/${workflowId}`)).body).toMatchObject({ draft: { revision: 1 }, live: null })
  })
})

describe('a session that is over', () => {
  it('answers 401 in the middle of editing, and what was saved before is there', async () => {
    const secret = newToken()
    const session = { id: newId('ses'), tokenHash: hashToken(secret), userId: organization.owner.id, address: null, agent: null }
    await createSession({ ...session, expiresAt: new Date(Date.now() - 1_000), previousTokenHash: null })
    const workflowId = await workflow(emptyGraph)
    const mark = {
      cookie: `${sessionCookie().name}=${secret}`,
      origin: web.url,
      'content-type': 'application/json',
      'x-millrace-organization': organization.id,
    }
    const answer = await send('POST', `${web.url}/api/trpc/workflows.update`, JSON.stringify({ json: { workflowId, name: 'Lost' } }), mark)
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ error: { json: { data: { problem: { ...refusal, status: 401, code: 'UNAUTHORIZED' } } } } })
    expect((await call('GET', `/workflows/${workflowId}`)).body).toMatchObject({ name: `Sample ${made}` })
  })
})
