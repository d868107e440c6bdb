import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createSession, endSessionsOf } from '@/db/definer'
import { newId } from '@/db/ids'
import { createLiveServer } from '@/server/api/handle-live'
import type { AppRouter } from '@/server/api/root'
import { sessionCookie } from '@/server/auth/session-cookie'
import { hashToken, newToken } from '@/server/auth/token'
import { closeHub } from '@/server/realtime/hub'
import { removePerson } from '@/server/services/people/remove-person'
import { createWorkflow } from '@/server/services/workflows/create-workflow'
import { addMember, makeOrganization, type TestOrganization } from '@/tests/support/database'
import { eventually } from '@/tests/support/eventually'
import { startWeb, type TestWeb } from '@/tests/support/web-server'

describe('live updates', () => {
  let organization: TestOrganization
  let web: TestWeb
  let cookie: string
  beforeAll(async () => {
    organization = await makeOrganization()
    web = await startWeb()
    const token = newToken()
    cookie = `${sessionCookie().name}=${token}`
    await createSession({
      id: newId('ses'),
      userId: organization.owner.id,
      tokenHash: hashToken(token),
      expiresAt: new Date(Date.now() + 60_000),
      address: null,
      agent: null,
      previousTokenHash: null,
    })
  })
  afterAll(async () => {
    await web?.stop()
    await closeHub()
  })

  function open(organizationId: string, headers: Record<string, string> = { cookie, origin: web.url }) {
    class Signed extends WebSocket {
      constructor(url: string | URL) {
        super(url, { headers })
      }
    }
    const socket = createWSClient({
      url: `${web.url.replace('http', 'ws')}/api/live`,
      WebSocket: Signed as never,
      connectionParams: () => ({ organizationId }),
      retryDelayMs: () => 100,
    })
    return { socket, client: createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer: superjson })] }) }
  }

  it('tell what changed, and after a reconnect what was missed', async () => {
    const { socket, client } = open(organization.id)
    const seen: { id: string; kind: string; ids: string[] }[] = []
    let started = false
    const first = client.live.onEvents.subscribe(undefined, {
      onStarted: () => {
        started = true
      },
      onData: (event) => void seen.push({ id: event.id, kind: event.data.kind, ids: event.data.ids }),
    })
    await eventually('the subscription', async () => started)
    // LISTEN is asked for by the first subscriber: until it is there, what is said goes only into the outbox.
    const one = await eventually('the first event', async () => {
      const made = await createWorkflow(organization.caller, { name: `Live ${seen.length} ${newId('wf')}`, description: '' })
      return (await eventually('it', async () => seen.find((event) => event.ids.includes(made.id)), 500).catch(() => null)) ?? null
    })
    first.unsubscribe()
    const missed = await createWorkflow(organization.caller, { name: 'While away', description: '' })
    const again: string[] = []
    const second = client.live.onEvents.subscribe({ lastEventId: one.id }, { onData: (event) => void again.push(...event.data.ids) })
    await eventually('the missed event', async () => again.includes(missed.id))
    second.unsubscribe()
    await socket.close()
  })

  it('say nothing of another organization, and nothing to another site or to nobody', async () => {
    const other = await makeOrganization()
    const { socket, client } = open(other.id)
    const error = await new Promise<unknown>((resolve) => {
      client.live.onEvents.subscribe(undefined, { onError: resolve, onData: () => resolve(null) })
    })
    expect(error).toMatchObject({ data: { problem: { code: 'NOT_FOUND' } } })
    await socket.close()
    for (const headers of [{ cookie, origin: 'https://evil.example' }, { origin: web.url }] as Record<string, string>[]) {
      const status = await new Promise((resolve) => {
        const raw = new WebSocket(`${web.url.replace('http', 'ws')}/api/live`, { headers })
        raw.on('unexpected-response', (_, response) => resolve(response.statusCode))
        raw.on('open', () => resolve('open'))
        raw.on('error', () => {})
      })
      expect(status).toBe(headers.cookie ? 403 : 401)
    }
  })

  it('end when the session ends or the person is no member any more', async () => {
    const live = createLiveServer({ recheckEveryMs: 50 })
    const server = createServer().on('upgrade', (request, socket, head) => live.upgrade(request, socket, head))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const leaves = async (how: (user: { id: string }) => Promise<unknown>, named: object = { organizationId: organization.id }) => {
      const { user } = await addMember(organization, 'viewer')
      const secret = newToken()
      const times = { expiresAt: new Date(Date.now() + 60_000), address: null, agent: null, previousTokenHash: null }
      await createSession({ id: newId('ses'), userId: user.id, tokenHash: hashToken(secret), ...times })
      const headers = { cookie: `${sessionCookie().name}=${secret}`, origin: url }
      const raw = new WebSocket(`${url.replace('http', 'ws')}/api/live?connectionParams=1`, { headers })
      const closed = new Promise<number>((resolve) => raw.on('close', resolve))
      const started = new Promise<string>((resolve) => raw.on('message', (data) => resolve(String(data))))
      await new Promise((resolve) => raw.on('open', resolve))
      raw.send(JSON.stringify({ method: 'connectionParams', data: named }))
      raw.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'live.onEvents', input: { json: {} } } }))
      expect(await started).toContain('started')
      await how(user)
      return closed
    }
    expect(await leaves((user) => endSessionsOf(user.id))).toBe(4401)
    for (const named of [undefined, { organizationId: organization.slug }, {}])
      expect(await leaves((user) => removePerson(organization.caller, { userId: user.id }), named)).toBe(4401)
    live.close()
    await new Promise((resolve) => server.close(resolve))
  })

  it('take no query and no change: those go through the strict reader', async () => {
    const raw = new WebSocket(`${web.url.replace('http', 'ws')}/api/live`, { headers: { cookie, origin: web.url } })
    const answer = new Promise<string>((resolve) => raw.on('message', (data) => resolve(String(data))))
    await new Promise((resolve) => raw.on('open', resolve))
    raw.send('{"id":1,"method":"mutation","params":{"path":"workflows.create","input":{"json":{"name":"a\\u0000b"}}}}')
    expect(JSON.parse(await answer)).toMatchObject({ error: { json: { data: { problem: { code: 'NOT_FOUND' } } } } })
    raw.close()
  })
})
