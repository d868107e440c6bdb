import { expect, it } from 'vitest'
import { graph } from '@/workflows/graph/test-graph'
import { closedAround } from './open-around'

it('names each collapsed frame around a node, however deep it stands, and not the node itself', () => {
  const nested = graph('start -> outer', {
    outer: { type: 'flow.for_each', collapsed: true },
    middle: { type: 'flow.try', parent: 'outer' },
    inner: { type: 'flow.for_each', parent: 'middle', collapsed: true },
    step: { parent: 'inner' },
  })
  expect(closedAround(nested, 'step')).toEqual(['inner', 'outer'])
  expect(closedAround(nested, 'inner')).toEqual(['outer'])
  expect(closedAround(nested, 'start')).toEqual([])
})

it('ends where two frames stand in each other', () => {
  const broken = graph('a', {
    a: { type: 'flow.try', parent: 'b', collapsed: true },
    b: { type: 'flow.try', parent: 'a', collapsed: true },
  })
  expect(closedAround(broken, 'a')).toEqual(['b'])
})
