import { describe, expect, it } from 'vitest'
import { graph } from '@/workflows/graph/test-graph'
import { edgeLabels } from './edge-labels'

const words = { items: (count: number) => `${count} items`, case: (port: string) => port }
const gave = (items: number, port = 'main') => ({ port, items, durationMs: 340 })

describe('what stands on an edge', () => {
  it('is how much went through it last and how long that took', () => {
    const labels = edgeLabels(
      graph('a -> b -> c'),
      new Map([
        ['a', gave(3)],
        ['b', gave(1)],
      ]),
      words,
    )
    expect([...labels.values()]).toEqual(['3 items · 340 ms', '1 items · 340 ms'])
  })

  it('is nothing where nothing went, and at the way that was not taken', () => {
    const results = new Map([['cond', gave(0, 'true')]])
    const labels = edgeLabels(
      graph('a -> cond; b -> c; cond.true -> d; cond.false -> e', { cond: { type: 'flow.if' }, d: {}, e: {} }),
      results,
      words,
    )
    expect([...labels.keys()].filter((id) => id !== 'cond_true_d')).toEqual([...labels.keys()].filter((id) => id === 'cond_false_e'))
    expect(labels.get('cond_true_d')).toContain('0 items')
  })

  it('is the name of the case where the node that says it is far away', () => {
    const far = graph('cond.true -> near; cond.false -> far', {
      cond: { type: 'flow.if', position: { x: 0, y: 0 } },
      near: { position: { x: 260, y: 0 } },
      far: { position: { x: 900, y: 0 } },
    })
    expect(Object.fromEntries(edgeLabels(far, new Map(), words))).toEqual({ cond_false_far: 'false' })
  })
})
