import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyRingOf, openSecret, rewrapSecret, sealSecret } from './encryption'

const ring = keyRingOf(randomBytes(32).toString('base64'))
const context = { organizationId: 'org_a', ownerId: 'cred_1' }

describe('a sealed secret', () => {
  it('opens for the organization and row it was sealed for', () => {
    expect(openSecret(sealSecret('pä55', context, ring), context, ring)).toBe('pä55')
  })
  it('opens for no other organization or row, nor with another key', () => {
    const sealed = sealSecret('x', context, ring)
    expect(() => openSecret(sealed, { ...context, organizationId: 'org_b' }, ring)).toThrow()
    expect(() => openSecret(sealed, { ...context, ownerId: 'cred_2' }, ring)).toThrow()
    expect(() => openSecret(sealed, context, keyRingOf(randomBytes(32).toString('base64')))).toThrow()
  })
  it('does not open when a single bit changed', () => {
    const sealed = sealSecret('secret', context, ring)
    for (const part of ['secret', 'wrappedKey'] as const) {
      for (let at = 0; at < sealed[part].length; at++) {
        const changed = Buffer.from(sealed[part])
        changed[at] = (changed[at] ?? 0) ^ 1
        expect(() => openSecret({ ...sealed, [part]: changed }, context, ring)).toThrow()
      }
    }
  })
  it('never looks the same twice and does not hold the plain text', () => {
    const [one, two] = [sealSecret('canary-canary', context, ring), sealSecret('canary-canary', context, ring)]
    expect(one.secret.equals(two.secret)).toBe(false)
    expect(one.secret.includes('canary')).toBe(false)
  })
  it('moves to a new key', () => {
    const keys = new Map([...ring.keys, [2, randomBytes(32)] as const])
    const moved = rewrapSecret(sealSecret('x', context, ring), context, { current: 2, keys })
    expect(moved.keyVersion).toBe(2)
    expect(openSecret(moved, context, { current: 2, keys })).toBe('x')
    expect(() => openSecret(moved, context, ring)).toThrow('version 2')
  })
  it('needs a key of 32 bytes', () => {
    expect(() => keyRingOf('c2hvcnQ=')).toThrow('32 bytes')
  })
})
