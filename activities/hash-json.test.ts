import { describe, expect, it } from 'vitest'
import { contentHash } from '@/workflows/graph/content-hash'
import type { Json } from '@/workflows/graph/schema'
import { hashJson } from './hash-json'

describe('the hash of a value', () => {
  it('is the same whether it is worked out in pieces or at once', () => {
    const values: Json[] = [
      { b: 1, a: [null, 'x'] },
      '',
      'é😀'.repeat(100_000),
      `x${'😀'.repeat(100_000)}`,
      { text: '"\\\n'.repeat(50_000), list: Array.from({ length: 5_000 }, (_, n) => ({ n, odd: n % 2 === 1 })) },
      { half: `\ud83d${'y'.repeat(70_000)}\ude00` },
    ]
    for (const value of values) expect(hashJson(value)).toBe(contentHash(value))
  })
})
