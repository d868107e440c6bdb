import { describe, expect, it } from 'vitest'
import { answerWith, failureOf, runEffect } from '../../../tests/support/run-node'
import type { GuardedFetch, GuardedResponse } from '../define'
import { httpRequest } from './definition'
import { runHttpRequest } from './executor.server'

const url = 'https://api.example.com/orders'
const pdf = new Uint8Array([0x25, 0x50, 0xff, 0x00])

/** Answers once and remembers what was asked. */
function recorder(response: GuardedResponse) {
  const asked: { url: string; init: NonNullable<Parameters<GuardedFetch>[1]> }[] = []
  const fetch: GuardedFetch = async (to, init = {}) => {
    asked.push({ url: to, init })
    return response
  }
  return { fetch, asked }
}

const run = (params: Parameters<typeof httpRequest.params.parse>[0], response = answerWith(200, '{"ok":true}')) => {
  const { fetch, asked } = recorder(response)
  return { asked, result: runEffect(httpRequest, runHttpRequest, params as { url: string }, { fetch }) }
}

describe('an HTTP request', () => {
  it('hands on status, headers and body', async () => {
    expect(await run({ url }).result).toEqual({
      port: 'main',
      output: { status: 200, headers: { 'content-type': 'application/json' }, body: { ok: true } },
    })
  })
  it('adds query and headers, and leaves out those that are null', async () => {
    const { asked, result } = run({ url: `${url}?a=1`, query: { b: 'x y', c: null, page: 2 }, headers: { 'X-One': 'yes', 'X-Two': null } })
    await result
    expect(asked[0]?.url).toBe(`${url}?a=1&b=x+y&page=2`)
    expect(asked[0]?.init.headers).toMatchObject({ 'x-one': 'yes' })
    expect(asked[0]?.init.headers).not.toHaveProperty('x-two')
  })
  it.each([
    [{ bodyMode: 'fields', bodyFields: [{ name: 'sku', value: 4 }] }, '{"sku":4}', 'application/json'],
    [{ bodyMode: 'json', bodyJson: { a: [1] } }, '{"a":[1]}', 'application/json'],
    [{ bodyMode: 'json', bodyJson: '{"a": 1}' }, '{"a": 1}', 'application/json'],
    [{ bodyMode: 'json', bodyJson: 'hello' }, '"hello"', 'application/json'],
    [{ bodyMode: 'form', bodyFields: [{ name: 'a b', value: 'c&d' }] }, 'a+b=c%26d', 'application/x-www-form-urlencoded'],
    [
      {
        bodyMode: 'form',
        bodyFields: [
          { name: 'a', value: null },
          { name: 'b', value: ['x', null, 2] },
          { name: 'c', value: [{ d: 1 }] },
        ],
      },
      'b=x&b=2&c=%5B%7B%22d%22%3A1%7D%5D',
      'application/x-www-form-urlencoded',
    ],
    [{ bodyMode: 'text', bodyText: 'hi' }, 'hi', 'text/plain; charset=utf-8'],
    [{ bodyMode: 'none' }, undefined, undefined],
  ])('sends a body made by %j', async (params, body, type) => {
    const { asked, result } = run({ url, method: 'POST', ...params })
    await result
    expect(asked[0]?.init.body).toBe(body)
    expect(asked[0]?.init.headers?.['content-type']).toBe(type)
  })
  it('that changes something carries the step’s key, unless people gave one', async () => {
    const post = run({ url, method: 'POST' })
    const own = run({ url, method: 'POST', headers: { 'Idempotency-Key': 'mine' } })
    const get = run({ url })
    await Promise.all([post.result, own.result, get.result])
    expect(post.asked[0]?.init.headers?.['idempotency-key']).toBe('run/node/0/0')
    expect(own.asked[0]?.init.headers?.['idempotency-key']).toBe('mine')
    expect(get.asked[0]?.init.headers).not.toHaveProperty('idempotency-key')
  })
  it('names its credential and never holds it', async () => {
    const { asked, result } = run({ url, credential: 'cred_1' })
    await result
    expect(asked[0]?.init.credential).toBe('cred_1')
  })
  it.each([
    [401, {}, { class: 'unauthorized', code: 'http.401' }],
    [403, {}, { class: 'unauthorized' }],
    [404, {}, { class: 'not_found' }],
    [408, {}, { class: 'timeout' }],
    [422, {}, { class: 'bad_data', details: { why: 'no' } }],
    [429, { 'retry-after': '2' }, { class: 'rate_limited', retryAfterMs: 2_000 }],
    [429, { 'retry-after': 'Thu, 01 Jan 1970 00:00:30 GMT' }, { class: 'rate_limited', retryAfterMs: 30_000 }],
    [503, { 'retry-after': 'soon' }, { class: 'transient' }],
  ])('answered with %i %j fails with its class', async (status, headers, expected) => {
    const error = await failureOf(
      () => run({ url }, answerWith(status, '{"why":"no"}', { 'content-type': 'application/json', ...headers })).result,
    )
    expect(error).toMatchObject(expected)
    expect(error.message).toContain(`api.example.com answered ${status}`)
    expect(error.hint).toBeTruthy()
  })
  it('may take any status as a result', async () => {
    expect((await run({ url, acceptAnyStatus: true }, answerWith(404, '{}')).result).output).toMatchObject({ status: 404 })
  })
  it.each([
    ['text/html', '<p>', '<p>'],
    ['', '{"a":1}', { a: 1 }],
    ['', 'plain', 'plain'],
    ['application/problem+json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['application/json', '', null],
    [
      'application/json',
      '{"id": 12345678901234567890, "__proto__": {"x": 1}, "a": "\\u0000"}',
      { id: '12345678901234567890', a: '\uFFFD' },
    ],
  ])('reads %s %j', async (type, body, expected) => {
    expect((await run({ url }, answerWith(200, body, { 'content-type': type })).result).output).toMatchObject({ body: expected })
  })
  it('keeps what is no text as base64', async () => {
    const output = { body: { contentType: 'application/pdf', size: 4, base64: 'JVD/AA==' } }
    expect((await run({ url }, answerWith(200, pdf, { 'content-type': 'application/pdf' })).result).output).toMatchObject(output)
    expect((await run({ url }, answerWith(200, pdf, { 'content-type': 'text/plain' })).result).output).toMatchObject({ body: { size: 4 } })
  })
  it.each([['<html>'], ['{"a": 1e400}'], ['['.repeat(5_000)]])('fails on JSON that is none: %s', async (body) => {
    expect(await failureOf(() => run({ url }, answerWith(200, body)).result)).toMatchObject({ class: 'bad_data', code: 'http.json' })
  })
  it('repeats a name of the query for each item of a list', async () => {
    const { asked, result } = run({ url, query: { tag: ['a', null, 7] } } as never)
    await result
    expect(asked[0]?.url).toBe(`${url}?tag=a&tag=7`)
  })
  it.each([
    ['text', '{"a":1}', '{"a":1}'],
    ['json', '{"a":1}', { a: 1 }],
    ['file', '{"a":1}', { contentType: 'text/plain', size: 7, base64: 'eyJhIjoxfQ==' }],
    ['file', '', { contentType: 'text/plain', size: 0, base64: '' }],
  ])('reads the answer as %s when told to', async (readAs, body, expected) => {
    const answer = answerWith(200, body, { 'content-type': 'text/plain' })
    expect((await run({ url, readAs } as never, answer).result).output).toMatchObject({ body: expected })
  })
  it('sends a file, and a form with files, as they are', async () => {
    const file = { base64: Buffer.from(pdf).toString('base64'), contentType: 'application/pdf', name: 'a".pdf' }
    const one = run({ url, method: 'PUT', bodyMode: 'file', bodyFile: file })
    await one.result
    expect(one.asked[0]?.init).toMatchObject({ headers: { 'content-type': 'application/pdf' } })
    expect(Buffer.from(one.asked[0]?.init.body as Uint8Array).equals(Buffer.from(pdf))).toBe(true)
    const form = run({
      url,
      method: 'POST',
      bodyMode: 'multipart',
      bodyFields: [
        { name: 'note"', value: 'hé' },
        { name: 'doc', value: file },
      ],
    })
    await form.result
    const type = form.asked[0]?.init.headers?.['content-type'] ?? ''
    const parts = await new Response(form.asked[0]?.init.body as BodyInit, { headers: { 'content-type': type } }).formData()
    expect(parts.get('note"') ?? parts.get('note%22')).toBe('hé')
    const sent = parts.get('doc') as File
    expect([sent.name, sent.type, Buffer.from(await sent.arrayBuffer()).equals(Buffer.from(pdf))]).toEqual([
      'a.pdf',
      'application/pdf',
      true,
    ])
  })
  it('sends each file of a list, leaves out what is missing, and keeps the boundary that it writes', async () => {
    const file = { base64: 'YQ==', contentType: 'text/plain', name: 'a.txt' }
    const { asked, result } = run({
      url,
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data' },
      bodyMode: 'multipart',
      bodyFields: [
        { name: 'docs', value: [file, file] },
        { name: 'none', value: null },
      ],
    })
    await result
    const type = asked[0]?.init.headers?.['content-type'] ?? ''
    const parts = await new Response(asked[0]?.init.body as BodyInit, { headers: { 'content-type': type } }).formData()
    expect(parts.getAll('docs').map((part) => (part as File).name)).toEqual(['a.txt', 'a.txt'])
    expect(parts.has('none')).toBe(false)
  })
  it.each<[string, string, string, string, string]>([
    ['the letters that a page names', 'auto', 'text/html', '<meta charset="iso-8859-1"><p>caf\xe9', '<meta charset="iso-8859-1"><p>café'],
    [
      'the letters that a document names',
      'auto',
      'application/xml',
      '<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>',
      '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>',
    ],
    ['the mark of UTF-16', 'auto', 'text/csv', '\xff\xfea\0;\0', 'a;'],
    ['what is asked for as text', 'text', 'text/csv', 'caf\xe9', 'café'],
    ['what is asked for as text, whatever it says', 'text', 'application/octet-stream; charset=x-none', 'a', 'a'],
    ['CSV by its other name', 'auto', 'application/csv', 'a;b', 'a;b'],
    ['JSON a line', 'auto', 'application/jsonl', '{}', '{}'],
  ])('reads %s', async (_, readAs, type, bytes, expected) => {
    const answer = answerWith(200, Buffer.from(bytes, 'latin1'), { 'content-type': type })
    expect((await run({ url, readAs } as never, answer).result).output).toMatchObject({ body: expected })
  })
  it('stops where all pages together are too large', async () => {
    let asked = 0
    const page = JSON.stringify(['x'.repeat(9 * 1024 * 1024)])
    const fetch: GuardedFetch = async () => {
      asked++
      return answerWith(200, page)
    }
    const failure = await failureOf(() => runEffect(httpRequest, runHttpRequest, { url, pages: 'page' } as { url: string }, { fetch }))
    expect(failure).toMatchObject({ code: 'value.too_large' })
    expect(asked).toBe(12)
  })
  it('says that something is no file', async () => {
    const { result } = run({ url, method: 'POST', bodyMode: 'file', bodyFile: 'x' })
    expect(await failureOf(() => result)).toMatchObject({ code: 'http.file', pointer: '/params/bodyFile' })
  })
  it('says what is wrong with a URL', async () => {
    expect(await failureOf(() => run({ url: 'no url' }).result)).toMatchObject({ code: 'http.url', pointer: '/params/url' })
  })
  it('shows method and path on its card', () => {
    expect(
      httpRequest.subtitle?.({ method: 'GET', url: 'https://x.example/customers/{{ steps.$k1.body.id }}?a=1' }, httpRequest.form),
    ).toBe('GET /customers/{id}')
    expect(httpRequest.subtitle?.({ url: 'https://x.example' }, httpRequest.form)).toBe('GET x.example')
    expect(httpRequest.subtitle?.({ method: 'POST', url: '{{ vars.base }}/orders' }, httpRequest.form)).toBe('POST /orders')
  })
})
