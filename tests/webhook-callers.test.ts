import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkCaller } from '@/server/ingress/check-caller'
import { answerOrigin, requireAddress } from '@/server/ingress/check-place'

const body = Buffer.from('{"order":7}')
const now = new Date('2026-03-01T12:00:00Z')
const basic = { settings: { username: 'shop' }, secret: { password: 'pä:ss' } }
const header = { settings: { name: 'X-Api-Key' }, secret: { value: 'k3y' } }
const signing = { settings: {}, secret: { secret: 's3cret' } }
const made = createHmac('sha256', 's3cret').update(body).digest()
const hex = made.toString('hex')
const base64 = made.toString('base64')
const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

describe('the caller of a webhook', () => {
  it.each([
    ['basic', basic, { authorization: encoded('shop:pä:ss') }, true],
    ['basic', basic, { authorization: encoded('shop:pä') }, false],
    ['basic', basic, { authorization: encoded(':pä:ss') }, false],
    ['basic', basic, {}, false],
    ['basic', { settings: { username: 'shop' }, secret: {} }, { authorization: encoded('shop:') }, false],
    ['basic', null, { authorization: encoded(':') }, false],
    ['header', header, { 'x-api-key': 'k3y' }, true],
    ['header', header, { 'x-api-key': 'K3y' }, false],
    ['header', header, { 'x-api-key': '' }, false],
    ['header', { settings: { name: '' }, secret: { value: 'k' } }, { '': 'k' }, false],
    ['header', null, {}, false],
    ['hmac', signing, { 'x-signature': hex }, true],
    ['hmac', signing, { 'x-signature': hex.toUpperCase() }, true],
    ['hmac', signing, { 'x-signature': `sha256=${hex}` }, true],
    ['hmac', signing, { 'x-signature': base64 }, true],
    ['hmac', signing, { 'x-signature': base64.slice(1) }, false],
    ['hmac', signing, { 'x-signature': '' }, false],
    ['hmac', { settings: {}, secret: {} }, { 'x-signature': createHmac('sha256', '').update(body).digest('hex') }, false],
    ['bearer', { settings: {}, secret: { token: 't' } }, { authorization: 'Bearer t' }, true],
    ['bearer', null, { authorization: 'Bearer ' }, false],
    ['none', null, {}, true],
  ] as const)('by %s with %j and %j: %s', (auth, credential, headers, ok) => {
    expect(checkCaller({ auth, signatureHeader: 'X-Signature' }, credential as never, headers, body, now).ok).toBe(ok)
  })
  it('is proved by a header that is not stored', () => {
    expect(checkCaller({ auth: 'header', signatureHeader: '' }, header, {}, body, now).header).toBe('x-api-key')
    expect(checkCaller({ auth: 'hmac', signatureHeader: 'X-Shop-Hmac' }, signing, {}, body, now).header).toBe('x-shop-hmac')
  })
})

describe('where a webhook is called from', () => {
  it.each([
    [[], '203.0.113.7', true],
    [[], null, true],
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.7'], '::ffff:203.0.113.7', true],
    [['203.0.113.0/24', '2001:db8::/32'], '203.0.113.200', true],
    [['203.0.113.0/24', '2001:db8::/32'], '2001:db8:1::5', true],
    [['203.0.113.0/24'], '203.0.114.1', false],
    [['203.0.113.0/24'], null, false],
    [['rubbish', '203.0.113.0/99'], '203.0.113.7', false],
  ] as const)('with %j allowed, %s: %s', (allowed, address, ok) => {
    const act = () => requireAddress(allowed, address)
    if (ok) expect(act).not.toThrow()
    else expect(act).toThrow('other addresses')
  })

  function call(origins: readonly string[], headers: Record<string, string>, method = 'POST') {
    const said: Record<string, string> = {}
    let status = 0
    const response = {
      setHeader: (name: string, value: string) => {
        said[name.toLowerCase()] = value
      },
      writeHead: (code: number) => {
        status = code
        return { end: () => {} }
      },
    }
    const done = answerOrigin(origins, { headers, method } as never, response as never)
    return { done, status, said }
  }
  const question = { origin: 'https://shop.example.com', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-a' }

  it('is told to browsers whose page may call', () => {
    expect(call(['https://shop.example.com/'], question, 'OPTIONS')).toMatchObject({
      done: true,
      status: 204,
      said: { 'access-control-allow-origin': 'https://shop.example.com', 'access-control-allow-headers': 'x-a', vary: 'Origin' },
    })
    expect(call(['*'], { origin: 'https://any.example' })).toMatchObject({ done: false, said: { 'access-control-allow-origin': '*' } })
  })
  it('is told to no others', () => {
    expect(call(['https://shop.example.com'], { ...question, origin: 'https://evil.example' }, 'OPTIONS')).toEqual({
      done: true,
      status: 204,
      said: { vary: 'Origin' },
    })
    expect(call([], question, 'OPTIONS')).toEqual({ done: false, status: 0, said: {} })
    expect(call(['*'], {}, 'OPTIONS')).toEqual({ done: false, status: 0, said: {} })
  })
})
