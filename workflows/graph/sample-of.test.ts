import { describe, expect, it } from 'vitest'
import { catalogue } from '../nodes/catalogue'
import { sampleOf } from './sample-of'
import type { Graph, Json } from './schema'
import { graph } from './test-graph'

const set = (fields: Record<string, Json>) => ({
  type: 'data.set',
  params: { fields: Object.entries(fields).map(([name, value]) => ({ name, value })) },
})
const inside = (parent: string, fields: Record<string, Json>) => ({ ...set(fields), parent })

function lookOf(of: Graph, key: string, known: Record<string, Json> = {}) {
  const node = of.nodes.find((one) => one.key === key)
  if (!node) throw new Error(`there is no ${key}`)
  const id = (name: string) => of.nodes.find((one) => one.key === name)?.id
  const byId = new Map(Object.entries(known).map(([name, value]) => [id(name), value]))
  return sampleOf(of, node, (nodeId) => byId.get(nodeId), catalogue)
}

describe('what an output looks like before there is one', () => {
  it('has the fields that a step sets', () => {
    expect(lookOf(graph('a', { a: set({ city: 'Oslo', total: '{{ input.total }}' }) }), 'a')).toEqual({ city: 'Oslo', total: null })
  })

  it('is what came in where a step only decides or waits', () => {
    const of = graph('a -> if -> wait', { a: set({ city: 'Oslo' }), if: { type: 'flow.if' }, wait: { type: 'flow.wait' } })
    expect(lookOf(of, 'wait')).toEqual({ city: 'Oslo' })
    expect(lookOf(of, 'wait', { a: { city: 'Rome' } })).toEqual({ city: 'Rome' })
    expect(lookOf(graph('if', { if: { type: 'flow.if' } }), 'if')).toBeUndefined()
  })

  it('is a list of what the last step in a loop gives', () => {
    const of = graph('start -> loop -> after; first -> last', {
      loop: { type: 'flow.for_each' },
      first: inside('loop', { a: 1 }),
      last: inside('loop', { shipped: true, number: '{{ item.id }}' }),
    })
    expect(lookOf(of, 'loop')).toEqual([{ shipped: true, number: null }])
    expect(lookOf(of, 'loop', { last: { shipped: true, number: 17 } })).toEqual([{ shipped: true, number: 17 }])
  })

  it('has results and errors apart where a loop collects them, and the ends of several ways by their keys', () => {
    const of = graph('loop', {
      loop: { type: 'flow.for_each', params: { onItemError: 'collect' } },
      x: inside('loop', { a: 1 }),
      y: inside('loop', { b: 2 }),
    })
    expect(lookOf(of, 'loop')).toEqual({ results: [{ x: { a: 1 }, y: { b: 2 } }], errors: [] })
  })

  it('is what is tried, without what only follows a failure', () => {
    const of = graph('attempt; attempt.catch -> rescue -> told', {
      attempt: { type: 'flow.try' },
      work: inside('attempt', { booked: true }),
      rescue: inside('attempt', { booked: false }),
      told: inside('attempt', { mail: 'sent' }),
    })
    expect(lookOf(of, 'attempt')).toEqual({ booked: true })
  })

  it('reaches into containers in containers, and ends where they stand in each other', () => {
    const of = graph('outer', {
      outer: { type: 'flow.for_each' },
      inner: { type: 'flow.for_each', parent: 'outer' },
      step: inside('inner', { n: 1 }),
    })
    expect(lookOf(of, 'outer')).toEqual([[{ n: 1 }]])
    const circle = graph('a; b', { a: { type: 'flow.for_each', parent: 'b' }, b: { type: 'flow.for_each', parent: 'a' } })
    expect(lookOf(circle, 'a')).toEqual([[]])
  })
})
