import { describe, expect, it } from 'vitest'
import { httpRespond } from './definition'
import { responseOf } from './response'

const respond = (params: Parameters<typeof httpRespond.params.parse>[0]) => responseOf(httpRespond.params.parse(params), { from: 'input' })

describe('respond', () => {
  it('answers with its body, or with the input', () => {
    expect(respond({ status: '202', body: { ok: true } })).toEqual({ status: 202, headers: {}, body: { ok: true } })
    expect(respond({})).toEqual({ status: 200, headers: {}, body: { from: 'input' } })
    expect(respond({ body: null }).body).toBeNull()
  })
  it('sends headers that are allowed and cannot be broken open', () => {
    expect(
      respond({
        headers: {
          'Cache-Control': 'no-store',
          'Content-Length': '1',
          'Set-Cookie': 'a=1',
          'Clear-Site-Data': '"*"',
          'Content-Security-Policy': 'default-src *',
          'Strict-Transport-Security': 'max-age=0',
          'X-Frame-Options': 'ALLOWALL',
          'X y': '1',
          'X-A': 'one\r\ntwo',
          'X-Null': null,
        },
      }).headers,
    ).toEqual({
      'cache-control': 'no-store',
      'x-a': 'one two',
    })
  })
  it.each([199, 600, 'ok', 200.5])('refuses the status %s', (status) => {
    expect(httpRespond.params.safeParse({ status }).success).toBe(false)
  })
  it('shows status and body', () => {
    expect(httpRespond.subtitle?.({ status: 202, body: 'order accepted' }, httpRespond.form)).toBe('202 · order accepted')
    expect(httpRespond.subtitle?.({ body: { id: '{{ input.id }}', status: 'new' } }, httpRespond.form)).toBe('200 · id, status')
  })
})
