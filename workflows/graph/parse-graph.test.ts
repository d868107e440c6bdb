import { describe, expect, it } from 'vitest'
import { limits } from '../limits'
import { catalogue } from '../nodes/catalogue'
import { parseGraph } from './parse-graph'
import { graph, testNode } from './test-graph'

function codes(input: unknown): string[] {
  const parsed = parseGraph(input)
  return parsed.ok ? [] : parsed.problems.map((problem) => `${problem.code} ${problem.pointer}`)
}

describe('reading a graph', () => {
  it('takes what the canvas made', () => {
    const drawn = graph('start -> a -> agent; tool => agent')
    expect(parseGraph(JSON.parse(JSON.stringify(drawn)))).toEqual({ ok: true, graph: drawn, migrated: [] })
  })

  it('fills in what may be left out', () => {
    const parsed = parseGraph({
      schema: 1,
      nodes: [{ id: 'abcdefgh', key: 'a', title: 'A', type: 'data.set', version: 1, position: { x: 0, y: 0 } }],
      edges: [],
    })
    expect(parsed.ok && parsed.graph.nodes[0]).toMatchObject({ params: {}, settings: { onError: 'fail', disabled: false } })
  })

  it.each([
    ['text', 'hello', ['graph.invalid ']],
    ['a list', [], ['graph.invalid ']],
    ['nothing', null, ['graph.invalid ']],
    ['another format', { schema: 2, nodes: [], edges: [] }, ['graph.schema /schema']],
    ['no nodes', { schema: 1, edges: [] }, ['graph.invalid /nodes']],
    ['a foreign field', { schema: 1, nodes: [], edges: [], run: 'rm' }, ['graph.unknown_field /run']],
    ['too many nodes', { schema: 1, nodes: Array.from({ length: limits.graphNodes + 1 }), edges: [] }, ['graph.too_many_nodes /nodes']],
    ['a broken node', { schema: 1, nodes: [{ ...testNode('a'), title: '' }], edges: [] }, ['graph.invalid /nodes/0/title']],
    ['a bad key', { schema: 1, nodes: [{ ...testNode('a'), key: 'constructor' }], edges: [] }, ['graph.invalid /nodes/0/key']],
    ['an unknown type', { schema: 1, nodes: [testNode('a', { type: 'shell.exec' })], edges: [] }, ['node.unknown_type /nodes/0/type']],
    ['a later version', { schema: 1, nodes: [testNode('a', { version: 99 })], edges: [] }, ['node.unknown_type /nodes/0/type']],
    [
      'two nodes of one id',
      { schema: 1, nodes: [testNode('a'), testNode('a', { key: 'b' })], edges: [] },
      ['node.duplicate_id /nodes/1/id'],
    ],
    [
      'two nodes of one key',
      { schema: 1, nodes: [testNode('a'), testNode('b', { key: 'a' })], edges: [] },
      ['node.key_taken /nodes/1/key'],
    ],
    [
      'a group that is not there',
      { schema: 1, nodes: [testNode('a', { parent: 'gone' })], edges: [] },
      ['node.parent_missing /nodes/0/parent'],
    ],
    [
      'groups inside each other',
      { schema: 1, nodes: [testNode('a', { parent: 'b' }), testNode('b', { parent: 'a' })], edges: [] },
      ['node.parent_cycle /nodes'],
    ],
    ['a dangling edge', { ...graph('a'), edges: [{ id: 'e1', from: 'a', to: 'gone' }] }, ['edge.end_missing /edges/0/to']],
    ['a loop', graph('a -> b -> a'), ['edge.cycle /edges/0']],
    ['a huge node', graph('a', { a: { params: { x: 'x'.repeat(limits.nodeBytes) } } }), ['node.too_large /nodes/0']],
  ])('refuses %s with a place', (_what, input, expected) => {
    expect(codes(input)).toEqual(expected)
  })

  it('tells all problems at once, 200 at most', () => {
    const broken = { schema: 1, nodes: Array.from({ length: 500 }, () => ({ id: 'x y' })), edges: [] }
    expect(codes(broken)).toHaveLength(limits.problems)
    expect(
      codes({ schema: 1, nodes: [testNode('a', { type: 'x' }), testNode('b', { type: 'y' })], edges: [{ id: 'e', from: 'a', to: 'q' }] }),
    ).toEqual(['node.unknown_type /nodes/0/type', 'node.unknown_type /nodes/1/type', 'edge.end_missing /edges/0/to'])
  })

  it('refuses reserved names, overflowed numbers and texts that cannot be stored, wherever they are', () => {
    const withParams = (params: string) => JSON.parse(JSON.stringify(graph('a')).replace('"params":{}', `"params":${params}`))
    expect(codes(withParams('{"x":{"__proto__":{"admin":true}}}'))).toEqual(['json.forbidden_key /nodes/0/params/x/__proto__'])
    expect(codes(withParams('{"x":1e400}'))).toEqual(['json.number /nodes/0/params/x'])
    expect(codes(withParams('{"x":"\\u0000"}'))).toEqual(['json.text /nodes/0/params/x'])
    expect(codes(withParams('{"x":"\\ud800"}'))).toEqual(['json.text /nodes/0/params/x'])
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  it('refuses what is nested too deep and what is too large as a whole', () => {
    let deep: unknown = 1
    for (let level = 0; level < 5_000; level++) deep = { x: deep }
    expect(codes({ schema: 1, nodes: [{ ...testNode('a'), params: { deep } }], edges: [] })[0]).toMatch(/^json\.depth /)
    const heavy = Array.from({ length: 60 }, (_, index) => testNode(`n${index}`, { params: { x: 'x'.repeat(100_000) } }))
    expect(codes({ schema: 1, nodes: heavy, edges: [] })).toEqual(['graph.too_large '])
  })

  it('brings older params up to date through their definition', () => {
    const current = catalogue.get('data.set')
    if (!current) throw new Error('data.set is missing')
    const newer = new Map(catalogue).set('data.set', {
      ...current,
      version: 3,
      migrate: (params, from) => ({ fields: params.rows ?? [], from }),
    })
    const old = graph('a', { a: { version: 1, params: { rows: [1] } } })
    const parsed = parseGraph(old, newer)
    expect(parsed.ok && parsed.graph.nodes[0]).toMatchObject({ version: 3, params: { fields: [1], from: 1 } })
    expect(parsed.ok && parsed.migrated).toEqual(['a'])
    const failing = new Map(newer).set('data.set', {
      ...current,
      version: 3,
      migrate: () => {
        throw new Error('unreadable')
      },
    })
    const refused = parseGraph(old, failing)
    expect(refused.ok ? [] : refused.problems.map((problem) => problem.code)).toEqual(['node.migration'])
  })

  it('reads 10,000 nodes within a second', () => {
    const large = graph(Array.from({ length: 10_000 }, (_, index) => `n${index}`).join(' -> '))
    expect(parseGraph(large).ok).toBe(true)
  })
})
