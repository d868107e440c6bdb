import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import { clientOf, readProxies } from './client-of'

const proxies = readProxies('10.0.0.0/8, 192.0.2.7, fd00::/8')

function client(remoteAddress: string, headers: IncomingHttpHeaders) {
  return clientOf({ headers, socket: { remoteAddress } } as Parameters<typeof clientOf>[0], proxies)
}

describe('who calls', () => {
  it('is the connection itself, whatever a stranger claims', () => {
    const headers = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https', forwarded: 'for=1' }
    expect(client('::ffff:203.0.113.9', headers)).toEqual({ address: '203.0.113.9', secure: false, forwarded: true, believed: false })
  })

  it.each([
    ['10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '127.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '203.0.113.9, 192.0.2.7, 10.9.9.9', '203.0.113.9'],
    ['10.1.2.3', '203.0.113.9:51234', '203.0.113.9'],
    ['fd00::1', '[2001:db8::5]:443', '2001:db8::5'],
    ['10.1.2.3', '203.0.113.9, nonsense', '10.1.2.3'],
    ['10.1.2.3', '10.4.4.4', '10.4.4.4'],
    ['10.1.2.3', '', '10.1.2.3'],
  ])('is, behind the trusted %s that forwards for "%s", %s', (peer, forwardedFor, address) => {
    expect(client(peer, { 'x-forwarded-for': forwardedFor }).address).toBe(address)
  })

  it('came over https when a trusted proxy says so', () => {
    expect(client('192.0.2.7', { 'x-forwarded-proto': 'https' }).secure).toBe(true)
    expect(client('192.0.2.7', { 'x-forwarded-proto': 'https, http' }).secure).toBe(false)
    expect(client('192.0.2.8', { 'x-forwarded-proto': 'https' }).secure).toBe(false)
  })
})

describe('the list of trusted proxies', () => {
  it.each(['10.0.0.0/33', 'proxy.example', '10.0.0.1/8/2', '10.0.0.1/x', '/8'])('refuses %s', (text) => {
    expect(() => readProxies(text)).toThrow(`"${text}" is neither an address nor a CIDR range`)
  })

  it('may be empty', () => {
    expect(readProxies(' , ').check('10.0.0.1')).toBe(false)
  })
})
