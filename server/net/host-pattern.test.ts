import { describe, expect, it } from 'vitest'
import { hostMatches } from './host-pattern'

describe('a host pattern', () => {
  it.each([
    ['https://api.example.com/x', 'api.example.com', true],
    ['https://API.EXAMPLE.com', 'Api.Example.Com', true],
    ['https://api.example.com', 'example.com', false],
    ['https://example.com.evil.test', 'example.com', false],
    ['https://evilexample.com', '*.example.com', false],
    ['https://a.b.example.com', '*.example.com', true],
    ['https://example.com', '*.example.com', false],
    ['https://example.com:8443', 'example.com', false],
    ['https://example.com:8443', 'example.com:8443', true],
    ['https://example.com', 'example.com:443', true],
    ['http://example.com', 'example.com:443', false],
    ['http://[::1]:80/', '[::1]:80', true],
    ['https://example.com', '', false],
    ['https://example.com', '*', false],
  ])('%s fits %s: %s', (url, pattern, expected) => {
    expect(hostMatches(new URL(url), [pattern])).toBe(expected)
  })
  it('means any port where the operator gave none', () => {
    expect(hostMatches(new URL('http://intranet:8080'), ['intranet'], { anyPort: true })).toBe(true)
  })
})
