import { describe, expect, it } from 'vitest'
import { findNodeTypes, type Habits, pairsOf } from './find-node-types'

const best = (query: string, more: Partial<Parameters<typeof findNodeTypes>[0]> = {}) =>
  findNodeTypes({ query, ...more }).flatMap((group) => group.items.map((item) => item.type))

describe('looking for a node by what one means', () => {
  it.each([
    ['send mail', 'http.request'],
    ['wait until Monday', 'flow.wait'],
    ['call an API', 'http.request'],
    ['ask the manager', 'people.approval'],
    ['every morning', 'trigger.schedule'],
    ['only the large ones', 'data.filter'],
    ['remove duplicates', 'data.deduplicate'],
    ['summarize a text', 'ai.model'],
    ['total per customer', 'data.aggregate'],
    ['http', 'http.request'],
    ['webhook', 'trigger.webhook'],
    ['swich', 'flow.switch'],
    ['answer', 'http.respond'],
    ['store a row in a database', 'http.request'],
  ])('“%s” finds it first', (query, type) => {
    expect(best(query)[0]).toBe(type)
  })

  it('offers nothing for words that name nothing', () => {
    expect(best('xyzzy')).toEqual([])
  })

  it('offers only what fits', () => {
    expect(best('wait', { fits: (one) => one.type !== 'flow.wait' })).not.toContain('flow.wait')
  })

  it('lists the whole catalogue by category while nothing is typed', () => {
    expect(findNodeTypes({ query: '  ' })[0]?.category).toBe('trigger')
  })

  it('puts first, within a category, what usually comes next here', () => {
    const pairs = pairsOf({
      nodes: [
        { id: 'a', type: 'http.request' },
        { id: 'b', type: 'data.sort' },
      ] as never,
      edges: [{ from: 'a', fromPort: 'main', to: 'b', toPort: 'main' }] as never,
    })
    const habits: Habits = { used: {}, pairs }
    const data = (after: string | null) =>
      findNodeTypes({ query: '', after, habits }).find((group) => group.category === 'data')?.items[0]?.type
    expect(data('http.request')).toBe('data.sort')
    expect(data(null)).not.toBe('data.sort')
  })

  it('puts first what one chose often', () => {
    const habits: Habits = { used: { 'data.pick': 9 }, pairs: new Map() }
    expect(findNodeTypes({ query: '', habits }).find((group) => group.category === 'data')?.items[0]?.type).toBe('data.pick')
  })
})
