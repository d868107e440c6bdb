import { expect, it } from 'vitest'
import { graph } from '@/workflows/graph/test-graph'
import { keepSame } from './keep-same'

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value

it('keeps the graph on screen where the other one says the same', () => {
  const shown = graph('a -> b -> c')
  expect(keepSame(shown, copy(shown))).toBe(shown)
})

it('takes over what is different, and only that', () => {
  const shown = graph('a -> b -> c')
  const other = copy(shown)
  const [, changed] = other.nodes
  if (changed) changed.title = 'Another'
  const kept = keepSame(shown, other)
  expect(kept.nodes.map((node, index) => node === shown.nodes[index])).toEqual([true, false, true])
  expect(kept.nodes[1]?.title).toBe('Another')
  expect(kept.edges).toBe(shown.edges)
})

it('takes over nodes that came, went or stand in another order', () => {
  const shown = graph('a -> b -> c')
  const other = copy(shown)
  other.nodes.reverse()
  expect(keepSame(shown, other).nodes).toEqual(other.nodes)
  other.nodes.pop()
  expect(keepSame(shown, other).nodes).toEqual(other.nodes)
})

it('takes over names of another order, since people see them in theirs', () => {
  const shown = graph('a', { a: { params: { headers: { accept: 'json', host: 'shop' } } } })
  const other = graph('a', { a: { params: { headers: { host: 'shop', accept: 'json' } } } })
  expect(JSON.stringify(keepSame(shown, other))).toBe(JSON.stringify(other))
})
