import { createHmac } from 'node:crypto'
import { sql } from 'drizzle-orm'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createAdvancer } from '@/activities/advance'
import { createHands } from '@/activities/hands'
import { createHolder, type Holder } from '@/activities/holder'
import { createNotices } from '@/activities/notices'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { runs } from '@/db/schema'
import { hashPassword } from '@/server/auth/password'
import { sessionCookie } from '@/server/auth/session-cookie'
import { closePowers } from '@/server/powers/create-powers'
import { signIn } from '@/server/services/sessions/sign-in'
import { type Graph, graphSchema } from '@/workflows/graph/schema'
import { asAdmin, makeOrganization, makeUser, type TestOrganization } from '../support/database'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { makeApiKey } from '../support/make-things'
import { graphOf, idOf } from '../support/plan-of'
import { startWeb, type TestWeb } from '../support/web-server'

const written = vi.hoisted((): string[] => [])
vi.mock('@/server/log', async (original) => {
  const real = await original<typeof import('@/server/log')>()
  return { ...real, log: real.createLog(pino({ level: 'debug' }, { write: (line: string) => void written.push(line) })) }
})

/** Unlike anything else, and long enough to be found in any encoding that keeps text. */
const canary = {
  bearer: 'canary-bearer-8f2c61d0aa',
  header: 'canary-header-51be09f7cc',
  query: 'canary-query-c0ffee1234',
  basic: 'canary-basic-77aa31be90',
  model: 'canary-model-42d1ce88f1',
  signing: 'canary-signing-90aa17fe3b',
  password: 'canary password under nine bridges',
}
const secrets: string[] = []
const said: string[] = []

let organization: TestOrganization
let web: TestWeb
let sink: HttpSink
let holder: Holder
let apiKey: string
let session: string
let advance: (runId: string) => Promise<unknown>

beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  sink = await startHttpSink({
    onRequest: (request, response) => {
      // The other side says back all that it was sent, in each way a careless service does.
      response.writeHead(request.path.includes('fail') ? 400 : 200, {
        'content-type': 'application/json',
        'x-seen': request.headers.authorization ?? 'none',
      })
      response.end(JSON.stringify({ headers: request.headers, query: request.query, path: request.path, all: JSON.stringify(request) }))
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  const user = await makeUser({ email: 'canary@example.com', secretHash: await hashPassword(canary.password) })
  organization = await makeOrganization({ owner: user })
  apiKey = (await makeApiKey(organization)).token
  session = (
    await signIn({ email: 'canary@example.com', password: canary.password }, { address: '127.0.0.1', agent: null, previousToken: null })
  )?.token as string
  web = await startWeb()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  const advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
  advance = async (runId) => {
    // A slow machine needs more than one slice.
    for (let slices = 0; slices < 50; slices++) {
      const { kind } = await withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
      if (kind !== 'more' && kind !== 'queue') return
    }
  }
  secrets.push(...Object.values(canary), apiKey, session)
})
afterAll(async () => {
  await holder?.stop()
  await closePowers()
  await web?.stop()
  await sink?.close()
})

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, never> }> {
  const response = await fetch(`${web.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  said.push(text, JSON.stringify(Object.fromEntries(response.headers)))
  return { status: response.status, body: JSON.parse(text) }
}

async function credential(type: string, settings: object, secret: object): Promise<string> {
  const inbound = type.startsWith('webhook')
  const hosts = inbound || type === 'model.openai' ? {} : { allowedHosts: [sink.host] }
  const made = await call('POST', '/credentials', { name: `${type} canary`, type, settings, secret, ...hosts })
  expect(made.status, JSON.stringify(made.body)).toBe(200)
  return String(made.body.id)
}

/** Every secret, also as a careless hand may have written it. */
function expectNone(text: string, where: string): void {
  for (const secret of secrets) {
    for (const form of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('hex'),
    ])
      expect(text.includes(form), `${where} holds ${secret.slice(0, 12)}…`).toBe(false)
  }
}

describe('a secret', () => {
  it('that was used in runs that failed and succeeded stands in no table, log, export or answer', async () => {
    const ids = {
      bearer: await credential('http.bearer', {}, { token: canary.bearer }),
      header: await credential('http.header', { name: 'X-Api-Key' }, { value: canary.header }),
      query: await credential('http.query', { name: 'api_key' }, { value: canary.query }),
      basic: await credential('http.basic', { username: 'maya' }, { password: canary.basic }),
      model: await credential('model.openai', { baseUrl: `${sink.url}/fail/v1`, models: ['m'] }, { apiKey: canary.model }),
      signing: await credential('webhook.secret', {}, { secret: canary.signing }),
    }
    for (const id of Object.values(ids)) {
      await call('GET', `/credentials/${id}`)
      await call('POST', `/credentials/${id}/test`, {})
    }
    const get = (key: 'bearer' | 'header' | 'query' | 'basic', path: string) => ({
      type: 'http.request',
      params: { url: `${sink.url}/${path}`, credential: ids[key] },
      settings: { retry: { attempts: 1 }, onError: 'continue' },
    })
    const graph: Graph = graphSchema.parse(
      graphOf('hook -> bearer -> header -> query -> basic -> failing -> ask -> code -> last', {
        hook: { type: 'trigger.webhook', params: { auth: 'github', credential: ids.signing } },
        bearer: get('bearer', 'ok'),
        header: get('header', 'ok'),
        query: get('query', 'ok'),
        basic: get('basic', 'ok'),
        failing: get('bearer', 'fail'),
        ask: {
          type: 'ai.model',
          params: { model: 'm', credential: ids.model, prompt: 'Hello' },
          settings: { retry: { attempts: 1 }, onError: 'continue' },
        },
        code: { type: 'code.javascript', params: { source: 'console.log(JSON.stringify(input)); return input' } },
        last: { ...get('query', 'fail/last'), settings: { retry: { attempts: 1 } } },
      }),
    )
    const { workflowId } = (await call('POST', '/workflows', { name: 'Canaries', graph })).body
    expect((await call('POST', `/workflows/${workflowId}/publish`, { note: '' })).status).toBe(200)
    const [endpoint] = (await call('GET', `/workflows/${workflowId}`)).body.webhooks as unknown as { url: string }[]
    const hookToken = new URL(endpoint?.url ?? '').pathname.split('/')[2] as string
    const signed = createHmac('sha256', canary.signing).update('{}').digest('hex')
    for (const signature of [`sha256=${signed}`, 'sha256=00']) {
      const answer = await fetch(`${web.url}/hooks/${hookToken}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-hub-signature-256': signature,
          authorization: `Bearer ${canary.bearer}`,
          cookie: `${sessionCookie().name}=${session}`,
        },
        body: '{}',
      })
      said.push(await answer.text())
    }
    const [row] = await inOrganization(organization.id, (tx) => tx.select({ id: runs.id }).from(runs))
    const runId = row?.id as string
    await advance(runId)
    const done = await call('GET', `/runs/${runId}`)
    expect(done.body, JSON.stringify(done.body.error)).toMatchObject({ status: 'failed' })
    // They were used: otherwise nothing is proven.
    expect(sink.requests.some((request) => request.headers.authorization === `Bearer ${canary.bearer}`)).toBe(true)
    expect(sink.requests.some((request) => request.headers['x-api-key'] === canary.header)).toBe(true)
    expect(sink.requests.some((request) => request.query.api_key === canary.query)).toBe(true)
    expect(sink.requests.some((request) => request.headers.authorization === `Bearer ${canary.model}`)).toBe(true)

    await call('GET', `/runs/${runId}/steps`)
    for (const key of ['bearer', 'header', 'query', 'basic', 'failing', 'ask', 'code', 'last'])
      await call('GET', `/runs/${runId}/step?path=${idOf(key)}`)
    for (const path of ['/runs', '/credentials', '/dead-letters', `/workflows/${workflowId}/versions`, `/workflows/${workflowId}/export`])
      await call('GET', path)
    await fetch(`${web.url}/api/v1/runs?search=${encodeURIComponent(canary.header)}`, { headers: { authorization: `Bearer ${apiKey}` } })
    await fetch(`${web.url}/api/v1/runs`, { headers: { authorization: `Bearer ${apiKey}x` } })
    said.push(await (await fetch(`${web.url}/metrics`)).text())

    expectNone(said.join('\n'), 'an answer')
    expect(written.join('')).toContain('"route"')
    expectNone(written.join(''), 'the log')
    expect(written.join('')).not.toContain(hookToken)
    secrets.push(hookToken)
    const dump = await asAdmin(async (db) => {
      const tables = await db.execute<{ name: string }>(
        sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
      )
      const texts: string[] = []
      for (const { name } of tables) {
        const rows = await db.execute<{ text: string }>(sql`select row_to_json(t)::text as text from ${sql.raw(name)} t`)
        texts.push(...rows.map(({ text }) => `${name} ${text}`))
      }
      return texts.join('\n')
    })
    expect(dump).toContain('Canaries')
    expectNone(dump, 'the database')
  }, 60_000)
})
