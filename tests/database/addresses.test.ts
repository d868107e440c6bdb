import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeOrganization } from '@/tests/support/database'
import { makeApiKey } from '@/tests/support/make-things'
import { startWeb, type TestWeb } from '@/tests/support/web-server'

const metricsToken = 'a token for prometheus'.replaceAll(' ', '-')

let web: TestWeb
let key: string
let last = 0
/** A caller's address of its own for each test, so that one does not use up what another may do. */
let stranger: string

beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  process.env.MILLRACE_TRUSTED_PROXIES = '127.0.0.1'
  process.env.MILLRACE_METRICS_TOKEN = metricsToken
  key = (await makeApiKey(await makeOrganization())).token
  web = await startWeb()
})
afterAll(() => web?.stop())
beforeEach(() => {
  stranger = `203.0.113.${++last}`
})

function ask(path: string, token?: string, from: string | null = stranger) {
  return fetch(`${web.url}${path}`, {
    headers: { ...(from ? { 'x-forwarded-for': from } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) },
  })
}

describe('wrong API keys', () => {
  const wrong = () => ask('/api/v1/workflows', `mr_${'x'.repeat(43)}`)

  it('are refused as too many after 60 a minute from one address, while a right one still works', async () => {
    const statuses = []
    for (let tries = 0; tries < 62; tries++) statuses.push((await wrong()).status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(60)
    const refused = await wrong()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('ratelimit')).toContain('"wrong-key";r=0')
    expect((await ask('/api/v1/workflows', key)).status).toBe(200)
    expect((await ask('/api/v1/workflows', 'mr_wrong', '203.0.113.200')).status).toBe(401)
  })

  it('close the door to their address once they are a flood', async () => {
    for (let tries = 0; tries < 600; tries += 50) await Promise.all(Array.from({ length: 50 }, wrong))
    expect((await ask('/api/v1/workflows', key)).status).toBe(429)
    expect((await ask('/api/v1/workflows', key, '203.0.113.200')).status).toBe(200)
  })
})

describe('metrics and the details of readiness', () => {
  it('are for this machine', async () => {
    expect(await (await ask('/metrics', undefined, null)).text()).toContain('millrace_request_seconds_count')
    expect(await (await ask('/readyz', undefined, null)).json()).toMatchObject({ ready: false, database: true, workers: 0 })
  })

  it('are for who shows the token', async () => {
    expect((await ask('/metrics', metricsToken)).status).toBe(200)
    expect(await (await ask('/readyz', metricsToken)).json()).toMatchObject({ database: true })
  })

  it('are for nobody else, who hears only whether it is ready', async () => {
    for (const token of [undefined, key, `${metricsToken}x`]) {
      const refused = await ask('/metrics', token)
      expect(refused.status).toBe(401)
      expect(await refused.text()).not.toContain('millrace_')
      const ready = await ask('/readyz', token)
      expect(ready.status).toBe(503)
      expect(await ready.json()).toEqual({ ready: false })
    }
    // Somebody behind a proxy that forwards its own address is not this machine.
    expect((await ask('/metrics', undefined, '127.0.0.1')).status).toBe(401)
  })
})

describe('the policy of a page', () => {
  const policyOf = async () => (await ask('/signin')).headers.get('content-security-policy') ?? ''
  const partOf = (policy: string, name: string) => policy.split('; ').find((part) => part.startsWith(`${name} `))

  it('runs no inline script but that of its own answer', async () => {
    const [one, other] = [partOf(await policyOf(), 'script-src'), partOf(await policyOf(), 'script-src')]
    expect(one).toMatch(/^script-src 'self' 'nonce-[A-Za-z0-9+/]{22}=='$/)
    expect(other).not.toBe(one)
  })

  it('connects to its own origin only', async () => {
    expect(partOf(await policyOf(), 'connect-src')).toMatch(/^connect-src 'self' ws:\/\/localhost:\d+$/)
  })
})
