import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../nodes/catalogue'
import type { NodeDefinition } from '../nodes/define'
import { createAncestors } from './ancestors'
import { canonicalJson, contentHash } from './content-hash'
import { downstreamOf } from './downstream-of'
import { findBadJson } from './find-bad-json'
import { findCycle } from './find-cycle'
import { makeKey } from './make-key'
import { newNodeId } from './new-node-id'
import { portsOf } from './ports-of'
import { readyOrder } from './ready-order'
import { type Json, nodeKeySchema } from './schema'
import { graph, testNode } from './test-graph'
import { upstreamOf } from './upstream-of'

describe('walking a graph', () => {
  it('puts each node after everything it depends on, in graph order otherwise', () => {
    const order = readyOrder(graph('c -> d; a -> b -> d', { a: {}, b: {}, c: {}, d: {} }))
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })

  it('has no order and names the loop where edges close one', () => {
    const looped = graph('start -> a -> b -> c -> a')
    expect(readyOrder(looped)).toBeNull()
    expect(findCycle(looped)).toEqual(['a', 'b', 'c'])
    expect(findCycle(graph('a -> a'))).toEqual(['a'])
    expect(findCycle(graph('a -> b; a -> c; b -> d; c -> d'))).toBeNull()
  })

  it('finds what lies before and behind a node', () => {
    const drawn = graph('start -> a -> b; a -> c; x -> c')
    expect([...upstreamOf(drawn, 'c')].sort()).toEqual(['a', 'start', 'x'])
    expect([...downstreamOf(drawn, 'a')].sort()).toEqual(['b', 'c'])
  })

  it('lets a tool read what its agent may read, and not the agent', () => {
    const drawn = graph('start -> a -> agent -> b; tool => agent')
    expect([...upstreamOf(drawn, 'tool')].sort()).toEqual(['a', 'start'])
    const runsBefore = createAncestors(drawn, readyOrder(drawn) ?? [])
    expect(['start', 'a', 'agent', 'b'].map((id) => runsBefore(id, 'tool'))).toEqual([true, true, false, false])
    expect(runsBefore('tool', 'b')).toBe(false)
  })

  it('agrees with itself: what runs before is what can be walked back to', () => {
    const edges = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 80 })
    fc.assert(
      fc.property(edges, (pairs) => {
        const lines = pairs.filter(([a, b]) => a < b).map(([a, b]) => `n${a} -> n${b}`)
        const drawn = graph(lines.join(';'))
        const order = readyOrder(drawn) ?? []
        const runsBefore = createAncestors(drawn, order)
        for (const node of drawn.nodes) {
          const above = upstreamOf(drawn, node.id)
          for (const other of drawn.nodes) expect(runsBefore(other.id, node.id)).toBe(above.has(other.id))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('does not grow a stack over a chain of 10,000', () => {
    const chain = graph(Array.from({ length: 10_000 }, (_, index) => `n${index}`).join(' -> '))
    expect(findCycle(chain)).toBeNull()
    expect(readyOrder(chain)).toHaveLength(10_000)
  })
})

describe('ports', () => {
  const ports = (type: string, changes = {}) => portsOf(testNode('x', { type, ...changes }), catalogue.get(type) as NodeDefinition)

  it('follow parameters, settings and what the type can be', () => {
    expect(ports('flow.if')).toEqual({ in: ['main'], out: ['true', 'false'] })
    expect(ports('flow.switch', { params: { cases: [{ port: 'EU' }, { port: 'US' }, { port: 'EU' }] } }).out).toEqual([
      'EU',
      'US',
      'otherwise',
    ])
    expect(ports('http.request').out).toEqual(['main', 'tool'])
    expect(ports('http.request', { settings: { onError: 'port' } }).out).toEqual(['main', 'error', 'tool'])
    expect(ports('ai.agent').in).toContain('tools')
    expect(ports('trigger.manual').in).toEqual([])
    expect(ports('note.sticky')).toEqual({ in: [], out: [] })
  })

  it('stay a list when parameters are half edited', () => {
    expect(ports('flow.switch', { params: { cases: 'x' } }).out.length).toBeGreaterThan(0)
    expect(ports('flow.switch', { params: { cases: [null, { port: 4 }] } }).out.length).toBeGreaterThan(0)
  })
})

describe('names', () => {
  it('makes readable keys that are free', () => {
    expect(makeKey('Fetch customer')).toBe('fetch_customer')
    expect(makeKey('Fetch customer', ['fetch_customer', 'fetch_customer_2'])).toBe('fetch_customer_3')
    expect(makeKey('Größe prüfen!')).toBe('grosse_prufen')
    expect(makeKey('2nd try')).toBe('step_2nd_try')
    expect(makeKey('顧客')).toBe('step')
    expect(makeKey('constructor')).toBe('constructor_2')
  })

  it('always makes a key that the schema takes and nobody has', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 90 }), { maxLength: 12 }), (titles) => {
        const taken: string[] = []
        for (const title of titles) {
          const key = makeKey(title, taken)
          expect(nodeKeySchema.safeParse(key).success).toBe(true)
          expect(taken).not.toContain(key)
          taken.push(key)
        }
      }),
    )
  })

  it('makes ids of ten characters from the source it is given', () => {
    expect(newNodeId((bytes) => bytes.fill(0))).toBe('0000000000')
    expect(new Set(Array.from({ length: 1_000 }, () => newNodeId())).size).toBe(1_000)
  })
})

describe('content hash', () => {
  it('is SHA-256 of the canonical JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as Json)
        expect(contentHash(value)).toBe(createHash('sha256').update(text).digest('hex'))
      }),
    )
    const long = 'ä'.repeat(5_000)
    expect(contentHash(long)).toBe(createHash('sha256').update(JSON.stringify(long)).digest('hex'))
  })

  it('does not depend on the order of keys', () => {
    expect(contentHash({ a: 1, b: { c: 2, d: [3] } })).toBe(contentHash({ b: { d: [3], c: 2 }, a: 1 }))
    expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }))
  })
})

describe('values that cannot be stored', () => {
  it('are found with their place', () => {
    const value = JSON.parse('{"a":{"__proto__":{"x":1}},"b/c":[1e400],"d":"\\u0000","e":"\\ud800"}')
    expect(findBadJson(value).map(({ code, pointer }) => [code, pointer])).toEqual([
      ['json.forbidden_key', '/a/__proto__'],
      ['json.number', '/b~1c/0'],
      ['json.text', '/d'],
      ['json.text', '/e'],
    ])
  })

  it('include what is nested too deep, however deep', () => {
    let deep: unknown = 1
    for (let level = 0; level < 200_000; level++) deep = [deep]
    expect(findBadJson(deep).map((bad) => bad.code)).toEqual(['json.depth'])
  })
})
