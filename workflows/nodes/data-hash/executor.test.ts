import { describe, expect, it } from 'vitest'
import { failureOf, runEffect } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataHash } from './definition'
import { runDataHash } from './executor.server'

const hash = async (params: Parameters<typeof runEffect<typeof dataHash.params>>[2], input: Json = null) =>
  (await runEffect(dataHash, runDataHash, params, { input })).output

describe('hash', () => {
  it('makes the fingerprints that the standards publish', async () => {
    expect(await hash({ data: 'abc' })).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(await hash({ data: 'abc', algorithm: 'md5', encoding: 'base64' })).toBe('kAFQmDzST7DWlj99KOF/cg==')
    expect(await hash({ data: '', algorithm: 'sha1' })).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709')
    expect(await hash({ data: 'abc', algorithm: 'sha512', encoding: 'base64url' })).toMatch(
      /^3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_/,
    )
  })
  it('signs with a key (RFC 4231, test case 2)', async () => {
    expect(await hash({ data: 'what do ya want for nothing?', kind: 'hmac', key: 'Jefe' })).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
    expect(dataHash.form.key.sensitive).toBe(true)
  })
  it('does not care about the order of fields, and takes the input where nothing is named', async () => {
    expect(await hash({}, { a: 1, b: [2] })).toBe(await hash({ data: { b: [2], a: 1 } }))
    expect(await hash({ into: 'mark' }, { a: 1 })).toMatchObject({ a: 1, mark: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(await hash({ data: '\ud800' })).toMatch(/^[0-9a-f]{64}$/)
  })
  it('needs a key to sign, and data of a size that can be hashed at once', async () => {
    expect(await failureOf(() => hash({ data: 'a', kind: 'hmac', key: '' }))).toMatchObject({ code: 'hash.no_key', pointer: '/params/key' })
    expect(await failureOf(() => hash({ data: 'x'.repeat(11 * 1024 * 1024) }))).toMatchObject({ code: 'document.too_large' })
    expect(dataHash.check?.({ kind: 'hmac' }, {} as never)).toMatchObject([{ pointer: '/params/key' }])
  })
})
