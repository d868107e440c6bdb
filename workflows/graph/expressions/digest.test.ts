import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { algorithms, digest, hmac } from './digest'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test.each(algorithms)('%s gives what Node gives, whatever the bytes', (algorithm) => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 55, maxLength: 130 }))
  fc.assert(
    fc.property(bytes, fc.uint8Array({ maxLength: 200 }), (message, key) => {
      expect(hex(digest(algorithm, message))).toBe(createHash(algorithm).update(message).digest('hex'))
      expect(hex(hmac(algorithm, key, message))).toBe(createHmac(algorithm, key).update(message).digest('hex'))
    }),
    { numRuns: 200, seed: 7 },
  )
  const long = new Uint8Array(200_001).fill(97)
  expect(hex(digest(algorithm, long))).toBe(createHash(algorithm).update(long).digest('hex'))
})
