import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { Graph, Json } from './schema'
import { standsAsThen } from './stands-as-then'

const drawn = (name: string, more: Record<string, Json> = {}): Graph =>
  graphOf('start -> one -> two; start -> aside', {
    start: { type: 'trigger.manual', params: more },
    one: { type: 'data.set', params: { fields: [{ name, value: '1' }], keep: 'input' } },
    two: { type: 'data.set' },
    aside: { type: 'data.set' },
  })
const stands = (now: Graph, key: string) => standsAsThen(drawn('a'), now, idOf(key), catalogue)

describe('a step of an older graph', () => {
  it('stands as it did while it and what leads to it are the same', () => {
    expect(stands(drawn('a', { sample: { n: 1 } }), 'two')).toBe(true)
    expect(stands(drawn('b'), 'aside')).toBe(true)
  })

  it('does not where it, or a step before it, was changed or is gone', () => {
    expect(stands(drawn('b'), 'one')).toBe(false)
    expect(stands(drawn('b'), 'two')).toBe(false)
    const now = drawn('a')
    expect(stands({ ...now, nodes: now.nodes.filter((node) => node.id !== idOf('two')) }, 'two')).toBe(false)
  })
})
