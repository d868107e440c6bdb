import { describe, expect, it } from 'vitest'
import { addressBlock } from './address'
import { isSameOrigin } from './check-origin'
import { readSessionToken } from './session-cookie'

describe('an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::5', '2001:db8:1:2::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [null, 'unknown'],
  ])('%s counts as %s', (address, block) => {
    expect(addressBlock(address)).toBe(block)
  })
})

describe('a state-changing request', () => {
  it.each([
    [{ origin: 'http://localhost:3000' }, true],
    [{ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, true],
    [{ origin: 'https://evil.example', host: 'evil.example' }, false],
    [{ origin: 'http://localhost:4000', host: 'localhost:3000' }, false],
    [{ origin: 'null' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{}, true],
  ])('with %j is taken: %s', (headers, taken) => {
    expect(isSameOrigin(new Headers(headers as Record<string, string>))).toBe(taken)
  })
})

describe('the session cookie', () => {
  const token = 'a'.repeat(43)
  it('is read by its whole name and only in the shape we give it', () => {
    expect(readSessionToken(new Headers({ cookie: `other=1; millrace.session=${token}; x=2` }))).toBe(token)
    expect(readSessionToken(new Headers({ cookie: `xmillrace.session=${token}` }))).toBeNull()
    expect(readSessionToken(new Headers({ cookie: 'millrace.session=short' }))).toBeNull()
    expect(readSessionToken(new Headers())).toBeNull()
  })
})
