import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { errorSignature, lastingWords } from '@/activities/error-signature'
import { modelError } from '@/server/models/model-error'
import { netError } from '@/server/net/net-error'
import { codeError } from '@/server/sandbox/code-error'
import { retrySchema } from '@/workflows/graph/schema'
import type { ErrorClass, StepError } from '@/workflows/nodes/errors'
import { statusError } from '@/workflows/nodes/http-request/status-error'
import { retryAfter } from '@/workflows/nodes/retry-after'
import { retryDelay } from '@/workflows/runtime/retry-delay'
import { errorOfChild } from '@/workflows/runtime/run-linked'
import type { ChildEnd } from '@/workflows/runtime/types'
import { answerWith } from './support/run-node'

const now = new Date('2026-03-01T12:00:00Z')
const usual = retrySchema.parse({})
const again = (error: StepError) => retryDelay(usual, 1, error, () => 0.5) !== null
const worthIt: ErrorClass[] = ['transient', 'rate_limited', 'timeout']

describe('the class of an HTTP status', () => {
  it.each<[number, Record<string, string>, ErrorClass]>([
    [301, {}, 'bad_data'],
    [400, {}, 'bad_data'],
    [401, {}, 'unauthorized'],
    [402, {}, 'budget'],
    [403, {}, 'unauthorized'],
    [403, { 'retry-after': '30' }, 'rate_limited'],
    [403, { 'x-ratelimit-remaining': '0' }, 'rate_limited'],
    [404, {}, 'not_found'],
    [405, {}, 'bad_data'],
    [407, {}, 'unauthorized'],
    [408, {}, 'timeout'],
    [409, {}, 'bad_data'],
    [410, {}, 'not_found'],
    [413, {}, 'bad_data'],
    [415, {}, 'bad_data'],
    [422, {}, 'bad_data'],
    [423, {}, 'transient'],
    [425, {}, 'transient'],
    [429, {}, 'rate_limited'],
    [500, {}, 'transient'],
    [501, {}, 'bad_data'],
    [502, {}, 'transient'],
    [503, {}, 'transient'],
    [504, {}, 'timeout'],
    [505, {}, 'bad_data'],
    [511, {}, 'unauthorized'],
    [520, {}, 'transient'],
    [524, {}, 'timeout'],
    [529, {}, 'transient'],
  ])('%i %j is %s', async (status, headers, kind) => {
    const { step } = await statusError(answerWith(status, '{}', headers), now)
    expect(step).toMatchObject({ class: kind, code: `http.${status}` })
    expect(step.hint).toBeTruthy()
    expect(again(step)).toBe(worthIt.includes(kind))
  })
})

describe('the class of a broken call', () => {
  const coded = (code: string) => Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) })
  it.each<[string, ErrorClass, string]>([
    ['ECONNRESET', 'transient', 'net.broken'],
    ['ECONNREFUSED', 'transient', 'net.refused'],
    ['ECONNABORTED', 'transient', 'net.broken'],
    ['EPIPE', 'transient', 'net.broken'],
    ['EHOSTUNREACH', 'transient', 'net.broken'],
    ['ENETUNREACH', 'transient', 'net.broken'],
    ['EAI_AGAIN', 'transient', 'net.broken'],
    ['UND_ERR_SOCKET', 'transient', 'net.broken'],
    ['ENOTFOUND', 'not_found', 'net.unknown_host'],
    ['ETIMEDOUT', 'timeout', 'net.timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'net.timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout', 'net.timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout', 'net.timeout'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'timeout', 'net.timeout'],
    ['CERT_HAS_EXPIRED', 'bad_data', 'net.tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'bad_data', 'net.tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'bad_data', 'net.tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'bad_data', 'net.tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'bad_data', 'net.tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'bad_data', 'net.tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'bad_data', 'net.tls'],
    ['EPROTO', 'bad_data', 'net.tls'],
    ['HPE_INVALID_CONSTANT', 'bad_data', 'net.not_http'],
    ['UND_ERR_INVALID_ARG', 'bad_data', 'net.request'],
    ['ERR_INVALID_CHAR', 'bad_data', 'net.request'],
  ])('%s is %s', (code, kind, named) => {
    const { step } = netError(coded(code), new URL('https://api.example.com/x'), undefined)
    expect(step).toMatchObject({ class: kind, code: named })
    expect(again(step)).toBe(worthIt.includes(kind))
  })
  it('with several addresses is that of the addresses', () => {
    const all = new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' })], 'all failed')
    expect(netError(Object.assign(new TypeError('fetch failed'), { cause: all }), new URL('https://a.example'), undefined).step.code).toBe(
      'net.refused',
    )
  })
  it('is our own time-out or a cancel by what aborted it', () => {
    const url = new URL('https://a.example')
    const timedOut = AbortSignal.abort(new DOMException('the step took too long', 'TimeoutError'))
    expect(netError(new DOMException('x', 'AbortError'), url, timedOut).step.class).toBe('timeout')
    expect(netError(new DOMException('x', 'AbortError'), url, AbortSignal.abort(new Error('cancelled'))).step.class).toBe('cancelled')
  })
})

describe('the class of what a provider of models says', () => {
  const request = { model: 'm', signal: new AbortController().signal }
  const said = (status: number | undefined, error: Record<string, unknown>, headers: Record<string, string> = {}) =>
    modelError(new OpenAI.APIError(status as number, { message: 'no', ...error }, 'no', new Headers(headers)), request, now).step
  it.each<[number | undefined, Record<string, unknown>, ErrorClass]>([
    [400, { code: 'context_length_exceeded' }, 'bad_data'],
    [400, { code: 'billing_hard_limit_reached' }, 'budget'],
    [401, { code: 'invalid_api_key' }, 'unauthorized'],
    [402, {}, 'budget'],
    [403, {}, 'unauthorized'],
    [404, { code: 'model_not_found' }, 'not_found'],
    [408, {}, 'timeout'],
    [409, {}, 'transient'],
    [422, {}, 'bad_data'],
    [429, { code: 'rate_limit_exceeded' }, 'rate_limited'],
    [429, { code: 'insufficient_quota' }, 'budget'],
    [500, {}, 'transient'],
    [503, {}, 'transient'],
    [504, {}, 'timeout'],
    [529, { type: 'overloaded_error' }, 'transient'],
    [undefined, { code: 'rate_limit_exceeded' }, 'rate_limited'],
    [undefined, { type: 'insufficient_quota' }, 'budget'],
    [undefined, { type: 'server_error' }, 'transient'],
    [undefined, { type: 'authentication_error' }, 'unauthorized'],
    [undefined, { type: 'invalid_request_error' }, 'bad_data'],
    [undefined, { type: 'something else' }, 'transient'],
  ])('%s %j is %s', (status, error, kind) => {
    const step = said(status, error)
    expect(step.class).toBe(kind)
    expect(again(step)).toBe(worthIt.includes(kind))
  })
  it('says how long to wait, in seconds, as a date or in milliseconds', () => {
    expect(said(429, {}, { 'retry-after': '7' }).retryAfterMs).toBe(7_000)
    expect(said(503, {}, { 'retry-after': 'Sun, 01 Mar 2026 12:00:05 GMT' }).retryAfterMs).toBe(5_000)
    expect(said(429, {}, { 'retry-after-ms': '250', 'retry-after': '1' }).retryAfterMs).toBe(250)
  })
})

it('code that ran too long may be tried again, code that is wrong not', () => {
  expect(again(codeError('timeout', '', []).step)).toBe(true)
  for (const reason of ['syntax', 'threw', 'memory', 'stack', 'pending', 'too_large', 'not_json'] as const) {
    expect(again(codeError(reason, 'x', []).step)).toBe(false)
  }
})

describe('the class of a workflow that another one called', () => {
  const child = (error: Partial<StepError> | undefined, more: Partial<ChildEnd> = {}) =>
    errorOfChild({
      runId: 'run_1',
      status: 'failed',
      workflowName: 'Check stock',
      ...(error ? { error: { class: 'internal', code: 'x', message: 'No.', ...error } } : {}),
      ...more,
    })
  it.each<ErrorClass>(['transient', 'rate_limited', 'timeout', 'unauthorized', 'not_found', 'bad_data', 'business', 'budget', 'internal'])(
    '%s is that of its own failure, and with it whether it is tried again',
    (kind) => {
      const step = child({ class: kind })
      expect(step).toMatchObject({ class: kind, code: 'child.failed', message: '“Check stock” failed: No.' })
      expect(step.hint).toBeTruthy()
      expect(again(step)).toBe(worthIt.includes(kind))
    },
  )
  it('is business where it was cancelled, and ours where nothing says why; neither is tried again', () => {
    const cancelled = child(undefined, { status: 'cancelled' })
    expect(cancelled).toMatchObject({ class: 'business', code: 'child.cancelled' })
    expect(child(undefined)).toMatchObject({ class: 'internal', code: 'child.failed' })
    expect([again(cancelled), again(child(undefined))]).toEqual([false, false])
  })
  it('waits as long as what it called was asked to wait', () => {
    const limited = child({ class: 'rate_limited', retryAfterMs: 90_000 })
    expect(retryDelay(usual, 1, limited, () => 1)).toBe(90_000)
  })
  it('has one signature for one cause, whatever the workflow is called now, and another one for another cause', () => {
    const signature = (step: StepError) => errorSignature('wf_1', 'call____', step)
    const one = signature(child({ message: 'Order 4711 is gone.' }))
    expect(signature(child({ message: 'Order 4712 is gone.' }, { workflowName: 'Look at stock', runId: 'run_2' }))).toBe(one)
    expect(signature(child({ message: 'The shop is closed.' }))).not.toBe(one)
    expect(signature(child({ message: 'Order 4711 is gone.', class: 'timeout' }))).not.toBe(one)
    expect(signature(child(undefined, { status: 'cancelled' }))).not.toBe(one)
  })
})

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    [' 12 ', 12_000],
    ['1.5', 1_500],
    ['999999999', 86_400_000],
    ['Sun, 01 Mar 2026 12:01:00 GMT', 60_000],
    ['Sunday, 01-Mar-26 12:01:00 GMT', 60_000],
    ['Sun Mar  1 12:01:00 2026 GMT', 60_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Fri, 01 Jan 2199 00:00:00 GMT', 86_400_000],
    ['', null],
    ['soon', null],
    ['-5', null],
    ['10 seconds', null],
    ['0x10', null],
    ['Infinity', null],
    ['1e9', null],
  ])('%j', (header, ms) => expect(retryAfter(header, now)).toBe(ms))

  it('is the least that is waited, a day the most', () => {
    const limited: StepError = { class: 'rate_limited', code: 'x', message: 'x' }
    const wait = (retryAfterMs?: number) =>
      retryDelay(usual, 1, { ...limited, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }, () => 1)
    expect(wait()).toBe(1_000)
    expect(wait(20)).toBe(1_000)
    expect(wait(90_000)).toBe(90_000)
    expect(wait(1e12)).toBe(86_400_000)
  })
})

describe('the retry of a node', () => {
  const error = (kind: ErrorClass): StepError => ({ class: kind, code: 'x', message: 'x' })
  const delays = (retry: Parameters<typeof retrySchema.parse>[0], random = 1) =>
    [1, 2, 3, 4, 5].map((attempt) => retryDelay(retrySchema.parse(retry), attempt, error('transient'), () => random))
  it('waits longer each time up to the longest, or always the same, until its attempts are used up', () => {
    expect(delays({ attempts: 5, delayMs: 1_000, maxDelayMs: 3_000 })).toEqual([1_000, 2_000, 3_000, 3_000, null])
    expect(delays({ attempts: 4, delayMs: 700, backoff: 'fixed' })).toEqual([700, 700, 700, null, null])
  })
  it('spreads by its jitter, downwards', () => {
    expect(delays({ attempts: 2, delayMs: 1_000, jitter: 0.5 }, 0)[0]).toBe(500)
    expect(delays({ attempts: 2, delayMs: 1_000, jitter: 0 }, 0)[0]).toBe(1_000)
  })
  it.each<[ErrorClass]>([['unauthorized'], ['not_found'], ['bad_data'], ['business'], ['internal']])('may take in %s', (kind) => {
    expect(retryDelay(usual, 1, error(kind), () => 1)).toBeNull()
    expect(retryDelay(retrySchema.parse({ on: [kind] }), 1, error(kind), () => 1)).toBe(1_000)
    expect(retryDelay(retrySchema.parse({ on: ['any'] }), 1, error(kind), () => 1)).toBe(1_000)
    expect(retryDelay(retrySchema.parse({ on: [kind] }), 1, error('transient'), () => 1)).toBeNull()
  })
  it('never takes in what was cancelled or is over its budget', () => {
    for (const kind of ['cancelled', 'budget'] as const)
      expect(retryDelay(retrySchema.parse({ on: ['any'] }), 1, error(kind), () => 1)).toBeNull()
  })
})

describe('the signature of a failure', () => {
  const signature = (message: string, path = 'fetch___', more: Partial<StepError> = {}) =>
    errorSignature('wf_1', path, { class: 'bad_data', code: 'x.y', message, ...more })
  it.each([
    ['Order 4711 is gone.', 'Order 4712 is gone.'],
    ['Order ord_8fK2abc is gone.', 'Order ord_Zq91xyz is gone.'],
    ['No customer "Ann".', 'No customer "Bo Li".'],
    ['No customer “Ann”.', 'No customer “Bo Li”.'],
    ["Column 'a' is empty.", "Column 'b c' is empty."],
    ['Run run_0190aaaa000070008000000000000001 failed', 'Run run_0190aaaa000070008000000000000002 failed'],
    ['Trace 6f0a1c9e-9a3b-4c1d-8e2f-0123456789ab', 'Trace 00000000-9a3b-4c1d-8e2f-aaaaaaaaaaaa'],
    ['Hash deadbeefdeadbeefdead is wrong', 'Hash cafecafecafecafecafe is wrong'],
    ['At 2026-11-21T10:00:01.123Z it broke', 'At 2027-01-02T00:00:00Z it broke'],
    ['Due Sat, 21 Nov 2026 10:00:00 GMT', 'Due Mon, 2 Mar 2027 09:10:11 GMT'],
    ['Due November 21, 2026', 'Due March 2, 2027'],
    ['Took 1,234.5 ms', 'Took 12 ms'],
    ['https://api.example.com/orders/ab/cd?x=y answered no', 'https://api.example.com/orders/zz answered no'],
    ['ann@example.com bounced', 'bo@mail.example.org bounced'],
    ['10.0.0.1:4010 answered 503 (unavailable).', '10.0.0.2:4011 answered 503 (unavailable).'],
  ])('is the same for %j and %j', (one, other) => {
    expect(lastingWords(one)).toBe(lastingWords(other))
    expect(signature(one)).toBe(signature(other))
  })
  it('is another for another cause', () => {
    const all = [
      signature('The answer is empty.'),
      signature('The answer is too long.'),
      signature('The answer is empty.', 'other___'),
      signature('The answer is empty.', 'fetch___', { class: 'transient' }),
      signature('The answer is empty.', 'fetch___', { code: 'x.z' }),
      signature('a.example.com answered no'),
      signature('b.example.com answered no'),
      errorSignature('wf_2', 'fetch___', { class: 'bad_data', code: 'x.y', message: 'The answer is empty.' }),
    ]
    expect(new Set(all).size).toBe(all.length)
  })
  it('does not tell which item, round or turn it was, nor in which container the node stands', () => {
    const one = signature('No.', 'loop____/3/fetch___')
    expect(signature('No.', 'loop____/12/fetch___')).toBe(one)
    expect(signature('No.', 'loop____/3.2/other___/1/fetch___')).toBe(one)
    expect(signature('No.', 'fetch___')).toBe(one)
    expect(signature('No.', 'agent___/turn.1/call.0.tool____')).toBe(signature('No.', 'agent___/turn.7/call.3.tool____'))
    expect(signature('No.', 'agent___/turn.1')).not.toBe(one)
  })
  it('takes messages of any length and makes', () => {
    for (const text of [
      'a'.repeat(100_000),
      '1'.repeat(50_000),
      '"'.repeat(9_999),
      "'a ".repeat(9_999),
      'x@'.repeat(9_999),
      'mon '.repeat(9_999),
    ]) {
      expect(signature(text)).toMatch(/^[0-9a-f]{32}$/)
    }
  })
})
