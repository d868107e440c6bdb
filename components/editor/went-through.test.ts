import { expect, it } from 'vitest'
import { wentThrough } from './went-through'

const gave = { status: 'succeeded' as const, port: 'main', output: [1, 2], outputBytes: null, durationMs: 7, stale: false }

it('counts the items of what is known whole, and says nothing of what is stale or failed', () => {
  const went = wentThrough(
    new Map<string, Parameters<typeof wentThrough>[0] extends ReadonlyMap<string, infer One> ? One : never>([
      ['list', gave],
      ['one', { ...gave, output: { x: 1 } }],
      ['large', { ...gave, outputBytes: 9_000_000 }],
      ['stale', { ...gave, stale: true }],
      ['failed', { ...gave, status: 'failed' as const }],
    ]),
  )
  expect(Object.fromEntries([...went].map(([id, { items }]) => [id, items]))).toEqual({ list: 2, one: 1, large: null })
})
