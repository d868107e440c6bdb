import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '@/tests/support/eventually'
import { type HttpSink, startHttpSink } from '@/tests/support/http-sink'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import { createCheckedLookup } from './checked-lookup'
import type { OpenCredential } from './credential'
import { createGuardedFetch, type GuardedDoor, type GuardedFetchOptions } from './guarded-fetch'
import { createRedactor } from './redactor'

let sink: HttpSink
let other: HttpSink
const doors: GuardedDoor[] = []

beforeAll(async () => {
  sink = await startHttpSink()
  other = await startHttpSink()
})
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()))
})
afterAll(async () => {
  await Promise.all([sink.close(), other.close()])
})

function openDoor(options: GuardedFetchOptions = {}): GuardedDoor {
  const door = createGuardedFetch({ allowedHosts: [sink.host, other.host], ...options })
  doors.push(door)
  return door
}

async function failureOf(promise: Promise<unknown>): Promise<StepError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof NodeError) return error.step
    throw error
  }
  throw new Error('It did not fail.')
}

const bearer: OpenCredential = { type: 'http.bearer', settings: {}, secret: { token: 's3cret-token-value' }, allowedHosts: ['127.0.0.1:1'] }
const forSink = (credential: Partial<OpenCredential> = {}): GuardedFetchOptions => ({
  resolveCredential: async (id) => (id === 'cred_1' ? { ...bearer, allowedHosts: [sink.host], ...credential } : null),
})

describe('an allowed host', () => {
  it('gets the request and its answer comes back', async () => {
    const response = await openDoor()(`${sink.url}/echo?a=1`, { method: 'POST', headers: { 'X-One': '1' }, body: 'hi' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ method: 'POST', path: '/echo', query: { a: '1' }, body: 'hi' })
    expect(sink.requests.at(-1)?.headers['x-one']).toBe('1')
  })
  it('hands on every cookie that was set', async () => {
    const { headers } = await openDoor()(`${sink.url}/cookies`)
    expect(headers['set-cookie']).toBe('a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT\nb=2')
  })
  it('cannot be given a host of somebody else in a header', async () => {
    await (await openDoor()(`${sink.url}/echo`, { headers: { Host: 'evil.example' } })).bytes()
    expect(sink.requests.at(-1)?.headers.host).toBe(sink.host)
  })
})

describe('places that workflows may not reach', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0/',
    'http://localhost:5432/',
    'http://LOCALHOST./',
    'http://metadata.google.internal/',
    'http://printer.local/',
    'http://10.1.2.3/',
    'http://172.31.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://168.63.129.16/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://[64:ff9b:1::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://[ff02::1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001::1]/',
  ])('%s is refused with a sentence', async (url) => {
    const error = await failureOf(openDoor()(url))
    expect(error).toMatchObject({ class: 'unauthorized', code: 'net.private_address' })
    expect(error.hint).toContain('MILLRACE_ALLOWED_HOSTS')
  })
  it('another port of an allowed host is one of them', async () => {
    expect(await failureOf(openDoor({ allowedHosts: ['127.0.0.1:1'] })(sink.url))).toMatchObject({ code: 'net.private_address' })
  })
  it('a name that resolves to a private address is one of them', async () => {
    const lookup = async () => [{ address: '10.0.0.5', family: 4 }]
    expect(await failureOf(openDoor({ lookup })('http://intranet.example/'))).toMatchObject({ code: 'net.private_address' })
  })
  it('a name with one private address among public ones is one of them', async () => {
    const lookup = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '::ffff:192.168.0.1', family: 6 },
    ]
    expect(await failureOf(openDoor({ lookup })('http://mixed.example/'))).toMatchObject({ code: 'net.private_address' })
  })
  it('a name is asked once, and the socket gets the very addresses that were checked', async () => {
    const answers = [[{ address: '93.184.216.34', family: 4 }], [{ address: '127.0.0.1', family: 4 }]]
    let asked = 0
    const lookup = createCheckedLookup(async () => answers[asked++] ?? [])
    const given = await new Promise((resolve) => lookup('rebind.example', { all: true }, (_, addresses) => resolve(addresses)))
    expect(given).toEqual([{ address: '93.184.216.34', family: 4 }])
    expect(asked).toBe(1)
    const second = await new Promise((resolve) => lookup('rebind.example', { all: true }, (error) => resolve(error)))
    expect(second).toMatchObject({ step: { code: 'net.private_address' } })
  })
  it('a redirect cannot lead there', async () => {
    const door = openDoor({ allowedHosts: [sink.host] })
    expect(await failureOf(door(`${sink.url}/redirect?to=http://169.254.169.254/`))).toMatchObject({ code: 'net.private_address' })
    expect(await failureOf(door(`${sink.url}/redirect?to=${other.url}/`))).toMatchObject({ code: 'net.private_address' })
    expect(await failureOf(door(`${sink.url}/redirect?to=file:///etc/passwd`))).toMatchObject({ code: 'net.scheme' })
  })
  it('this instance answers under /practice/ only', async () => {
    const door = openDoor({ allowedHosts: [], ownUrl: sink.url })
    expect((await door(`${sink.url}/practice/stock`)).status).toBe(200)
    for (const path of [
      '/api/trpc',
      '/practice',
      '/practice/../api',
      '/practice/%2e%2e/api',
      '/practice/..%2fapi',
      '/practice/%2e%2e%5capi',
    ]) {
      expect(await failureOf(door(`${sink.url}${path}`))).toMatchObject({ code: 'net.private_address' })
    }
  })
})

describe('addresses that are not called at all', () => {
  it.each([
    ['ftp://example.com/', 'net.scheme'],
    ['file:///etc/passwd', 'net.scheme'],
    ['nonsense', 'net.url'],
    ['https://user:pass@example.com/', 'net.user_in_url'],
  ])('%s', async (url, code) => {
    expect(await failureOf(openDoor()(url))).toMatchObject({ class: 'bad_data', code })
  })
})

describe('redirects', () => {
  it('that go in a circle end', async () => {
    expect(await failureOf(openDoor()(`${sink.url}/loop`))).toMatchObject({ code: 'net.redirects' })
  })
  it('that never end, end after five', async () => {
    const before = sink.requests.length
    expect(await failureOf(openDoor()(`${sink.url}/deeper/0`))).toMatchObject({ code: 'net.redirects' })
    expect(sink.requests.length - before).toBe(6)
  })
  it('turn a POST into a GET without its body, as browsers do', async () => {
    const response = await openDoor()(`${sink.url}/redirect?to=/end`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    expect(await response.json()).toMatchObject({ method: 'GET', body: '' })
  })
  it('keep method and body on 307', async () => {
    const response = await openDoor()(`${sink.url}/redirect?status=307&to=/end`, { method: 'POST', body: 'x' })
    expect(await response.json()).toMatchObject({ method: 'POST', body: 'x' })
  })
  it('are handed back when they should not be followed', async () => {
    expect((await openDoor()(`${sink.url}/redirect?to=/end`, { redirect: 'manual' })).status).toBe(302)
  })
  it('to another origin lose credential and anything that looks like one', async () => {
    const door = openDoor(forSink())
    await (
      await door(`${sink.url}/redirect?to=${other.url}/`, {
        credential: 'cred_1',
        headers: { cookie: 'a=1', 'x-api-key': 'k', accept: 'a/b' },
      })
    ).bytes()
    expect(sink.requests.at(-1)?.headers.authorization).toBe('Bearer s3cret-token-value')
    const { headers } = other.requests.at(-1) ?? { headers: {} }
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('cookie')
    expect(headers).not.toHaveProperty('x-api-key')
    expect(headers).toHaveProperty('accept', 'a/b')
  })
  it('within the origin keep the credential', async () => {
    await (await openDoor(forSink())(`${sink.url}/redirect?to=/inside`, { credential: 'cred_1' })).bytes()
    expect(sink.requests.at(-1)).toMatchObject({ path: '/inside', headers: { authorization: 'Bearer s3cret-token-value' } })
  })
})

describe('credentials', () => {
  it('go only to their hosts', async () => {
    const before = sink.requests.length
    expect(await failureOf(openDoor(forSink({ allowedHosts: ['api.example.com'] }))(sink.url, { credential: 'cred_1' }))).toMatchObject({
      class: 'unauthorized',
      code: 'credential.host',
    })
    expect(await failureOf(openDoor(forSink({ allowedHosts: [] }))(sink.url, { credential: 'cred_1' }))).toMatchObject({
      code: 'credential.host',
    })
    expect(sink.requests.length).toBe(before)
  })
  it('that nobody knows fail with a sentence', async () => {
    expect(await failureOf(openDoor(forSink())(sink.url, { credential: 'cred_2' }))).toMatchObject({ code: 'credential.missing' })
  })
  it('whose secret was cleared fail with a sentence', async () => {
    expect(await failureOf(openDoor(forSink({ secret: {} }))(sink.url, { credential: 'cred_1' }))).toMatchObject({
      code: 'credential.empty',
    })
  })
  it('are not sent unencrypted to the open internet', async () => {
    const door = openDoor(forSink({ allowedHosts: ['api.example.com'] }))
    expect(await failureOf(door('http://api.example.com/', { credential: 'cred_1' }))).toMatchObject({ code: 'credential.insecure' })
  })
  it('stand where their type says', async () => {
    const call = async (credential: Partial<OpenCredential>) => {
      await (await openDoor(forSink(credential))(`${sink.url}/echo`, { credential: 'cred_1' })).bytes()
      return sink.requests.at(-1)
    }
    expect((await call({ type: 'http.basic', settings: { username: 'maya' }, secret: { password: 'pw123' } }))?.headers.authorization).toBe(
      `Basic ${Buffer.from('maya:pw123').toString('base64')}`,
    )
    expect((await call({ type: 'http.header', settings: { name: 'X-Api-Key' }, secret: { value: 'v123' } }))?.headers['x-api-key']).toBe(
      'v123',
    )
    expect((await call({ type: 'http.query', settings: { name: 'key' }, secret: { value: 'v 123' } }))?.query).toEqual({ key: 'v 123' })
  })
  it('are nowhere in what is recorded, however the other side sends them back', async () => {
    const door = openDoor(forSink())
    const response = await door(`${sink.url}/echo`, { credential: 'cred_1' })
    const recorded = JSON.stringify(door.redactJson((await response.json()) ?? null))
    expect(recorded).not.toContain('s3cret')
    expect(recorded).toContain('Bearer •••')
    const encoded = Buffer.from('s3cret-token-value').toString('base64')
    expect(door.redactText(`x ${encoded} y`)).toBe('x ••• y')
  })
  it('are not in the bytes that come back, which may become a file in base64 or be cut', async () => {
    const response = await openDoor(forSink())(`${sink.url}/echo`, { credential: 'cred_1' })
    const read = Buffer.from(await response.bytes()).toString('utf8')
    expect(read).toContain('"authorization":"Bearer •••"')
    expect(read).not.toContain('s3cret')
  })
  it('leave bytes alone in which they are not', async () => {
    const odd = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    expect(Buffer.from(createRedactor(['s3cret-token-value']).bytes(odd)).equals(odd)).toBe(true)
    const among = Buffer.concat([odd, Buffer.from('s3crét-s3cret'), odd])
    const hiddenIn = Buffer.concat([odd, Buffer.from('•••-s3cret'), odd])
    expect(Buffer.from(createRedactor(['s3crét']).bytes(among)).equals(hiddenIn)).toBe(true)
  })
})

describe('connections', () => {
  it('are not all taken by the slow calls of one owner', async () => {
    const slow = await startHttpSink({ onRequest: ({ path }, out) => void (path === '/quick' && out.end('ok')) })
    const stop = new AbortController()
    const doorOf = (owner: string) => openDoor({ owner, allowedHosts: [slow.host] })
    const hanging = Array.from({ length: 80 }, () => doorOf('one')(`${slow.url}/slow`, { signal: stop.signal }).catch(() => null))
    await eventually('all its connections', async () => slow.requests.length >= 64)
    const answer = await doorOf('other')(`${slow.url}/quick`, { signal: AbortSignal.timeout(2_000) })
    expect(await answer.text()).toBe('ok')
    expect(slow.requests.filter(({ path }) => path === '/slow')).toHaveLength(64)
    stop.abort()
    await Promise.all(hanging)
    await slow.close()
  })
})

describe('answers that are too much', () => {
  it('an endless one is cut off', async () => {
    const response = await openDoor()(`${sink.url}/endless`)
    expect(await failureOf(response.bytes())).toMatchObject({ class: 'bad_data', code: 'net.too_large' })
  })
  it('one that unpacks into too much is cut off', async () => {
    const response = await openDoor()(`${sink.url}/bomb`)
    expect(await failureOf(response.text())).toMatchObject({ code: 'net.too_large' })
  })
  it('one over the limit of the call is cut off, one at the limit is not', async () => {
    expect(await failureOf((await openDoor()(`${sink.url}/bytes/1001`, { maxBytes: 1000 })).bytes())).toMatchObject({
      code: 'net.too_large',
    })
    expect((await (await openDoor()(`${sink.url}/bytes/1000`, { maxBytes: 1000 })).bytes()).length).toBe(1000)
  })
  it('one that breaks off is worth another try', async () => {
    const response = await openDoor()(`${sink.url}/drop`)
    expect(await failureOf(response.bytes())).toMatchObject({ class: 'transient', code: 'net.broken' })
  })
})

describe('no answer', () => {
  it('in time is a timeout', async () => {
    expect(await failureOf(openDoor({ timeoutMs: 50 })(`${sink.url}/silent`))).toMatchObject({ class: 'timeout', code: 'net.timeout' })
  })
  it('because the caller stopped is a cancellation', async () => {
    const stop = new AbortController()
    const call = openDoor()(`${sink.url}/silent`, { signal: stop.signal })
    stop.abort()
    expect(await failureOf(call)).toMatchObject({ class: 'cancelled' })
  })
  it('from a port where nothing listens is worth another try', async () => {
    const gone = await startHttpSink()
    await gone.close()
    expect(await failureOf(openDoor({ allowedHosts: [gone.host] })(gone.url))).toMatchObject({ class: 'transient', code: 'net.refused' })
  })
  it('from a host that does not exist says so', async () => {
    const lookup = async () => {
      throw Object.assign(new Error('no'), { code: 'ENOTFOUND' })
    }
    expect(await failureOf(openDoor({ lookup })('https://nowhere.example/'))).toMatchObject({
      class: 'not_found',
      code: 'net.unknown_host',
    })
  })
  it('because of a header that cannot be sent says so', async () => {
    expect(await failureOf(openDoor()(sink.url, { headers: { 'x-a': 'one\r\ntwo' } }))).toMatchObject({
      class: 'bad_data',
      code: 'net.request',
    })
  })
})
