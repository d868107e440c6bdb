import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCycle } from '../find-cycle'
import { type Graph, type GraphEdge, graphSchema, type Json } from '../schema'
import { graph, testNode } from '../test-graph'
import { applyOperation, conflicts, describeOperation, invertOperation, type Operation, operationSchema } from './index'
import { hasParentLoop } from './paste'

const base = graph('start -> a -> b -> c; a -> d', {
  cond: { type: 'flow.if' },
  agent: {},
  tool: {},
  memo: { type: 'note.sticky' },
  box: { type: 'flow.for_each', size: { width: 400, height: 300 } },
})

function apply(before: Graph, operation: Operation): Graph {
  const result = applyOperation(before, operation)
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`)
  return result.value
}

function refusal(before: Graph, operation: Operation): string {
  const result = applyOperation(before, operation)
  return result.ok ? 'applied' : result.problem.code
}

function edge(from: string, to: string, ports: Partial<GraphEdge> = {}): GraphEdge {
  return { id: `e_${from}_${to}`, from, fromPort: 'main', to, toPort: 'main', ...ports }
}

function setParam(nodeId: string, path: (string | number)[], before: Json | undefined, after: Json | undefined): Operation {
  return { kind: 'setParam', nodeId, path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
}

describe('what an edit refuses', () => {
  it.each([
    ['a loop', { kind: 'connect', edge: edge('c', 'a') }, 'edge.cycle'],
    ['a node connected to itself', { kind: 'connect', edge: edge('a', 'a') }, 'edge.cycle'],
    ['the same edge twice', { kind: 'connect', edge: edge('a', 'b') }, 'edge.duplicate'],
    ['an end that is gone', { kind: 'connect', edge: edge('a', 'gone') }, 'edge.end_missing'],
    ['a port that is not there', { kind: 'connect', edge: edge('cond', 'b') }, 'edge.port_missing'],
    ['an edge into a trigger', { kind: 'connect', edge: edge('cond', 'start', { fromPort: 'true' }) }, 'edge.into_trigger'],
    ['an edge to a note', { kind: 'connect', edge: edge('a', 'memo') }, 'edge.note'],
    ['a tool drawn into the flow', { kind: 'connect', edge: edge('tool', 'b', { fromPort: 'tool' }) }, 'edge.tool_port'],
    ['a tool that is none', { kind: 'connect', edge: edge('cond', 'agent', { fromPort: 'tool', toPort: 'tools' }) }, 'edge.not_a_tool'],
    ['a node that is gone', { kind: 'setDisabled', nodeIds: ['gone'], disabled: true }, 'node.unknown'],
    ['an id that is there', { kind: 'addNode', node: testNode('a') }, 'node.duplicate_id'],
    ['a type that is unknown', { kind: 'addNode', node: testNode('x', { type: 'shell.exec' }) }, 'node.unknown_type'],
    ['a key that is taken', { kind: 'renameNode', nodeId: 'a', key: { before: 'a', after: 'b' } }, 'node.key_taken'],
    ['a setting that is none', { kind: 'setSetting', nodeId: 'a', path: ['onError'], before: 'fail', after: 'explode' }, 'setting.invalid'],
    ['a reserved name', setParam('a', ['__proto__', 'x'], undefined, 1), 'param.path_missing'],
    ['a reserved name inside', setParam('a', ['x'], undefined, JSON.parse('{"__proto__":1}')), 'json.forbidden_key'],
    ['a value that is too large', setParam('a', ['x'], undefined, 'x'.repeat(201 * 1024)), 'node.too_large'],
    [
      'a path through a text',
      { kind: 'batch', operations: [setParam('a', ['x'], undefined, 'text'), setParam('a', ['x', 'y'], undefined, 1)] },
      'param.path_missing',
    ],
    ['an edge that is gone', { kind: 'disconnect', edgeIds: ['gone'] }, 'edge.unknown'],
  ] as [string, Operation, string][])('is %s', (_what, operation, code) => {
    expect(refusal(base, operation)).toBe(code)
  })

  it('is a group inside itself, also through others', () => {
    const nested = apply(base, { kind: 'setParent', nodeId: 'memo', before: null, after: 'box' })
    expect(refusal(nested, { kind: 'setParent', nodeId: 'box', before: null, after: 'memo' })).toBe('node.parent_cycle')
  })

  it('is a tool that is part of the flow, and a flow through a tool', () => {
    const drawn = graph('start -> tool; agent')
    const asTool = edge('tool', 'agent', { fromPort: 'tool', toPort: 'tools' })
    expect(refusal(drawn, { kind: 'connect', edge: asTool })).toBe('edge.tool_in_flow')
    expect(refusal(graph('tool => agent; start'), { kind: 'connect', edge: edge('start', 'tool') })).toBe('edge.tool_in_flow')
  })

  it('is what storage cannot take, wherever it stands', () => {
    const add = (more: object): Operation => ({ kind: 'addNode', node: { ...testNode('x'), ...more } })
    expect(refusal(base, add({ title: 'a\u0000b' }))).toBe('json.text')
    expect(refusal(base, add({ params: { x: '\ud800' } }))).toBe('json.text')
    expect(refusal(base, { kind: 'renameNode', nodeId: 'a', title: { before: 'a', after: '\udc00' } })).toBe('json.text')
    expect(refusal(base, { kind: 'batch', label: '\u0000', operations: [add({})] })).toBe('json.text')
    const sent: unknown = JSON.parse(
      '{"kind":"replaceGraph","before":{"schema":1,"nodes":[],"edges":[]},"after":{"schema":1,"nodes":[],"edges":[],"__proto__":{"x":1}}}',
    )
    expect(operationSchema.safeParse(sent).success).toBe(false)
  })

  it('is a batch inside a batch without end', () => {
    let nested: unknown = { kind: 'disconnect', edgeIds: ['x'] }
    for (let level = 0; level < 5_000; level++) nested = { kind: 'batch', operations: [nested] }
    expect(operationSchema.safeParse(nested).success).toBe(false)
  })

  it('is not a step whose name says what was done to nodes with the longest names', () => {
    const name = '🦔'.repeat(120)
    const named = (after: string) => ({ kind: 'renameNode', nodeId: 'a', title: { before: 'a', after } })
    const batch = { kind: 'batch', label: `Wrapped “${name}” in “${name}”`, operations: [named(name)] }
    expect(operationSchema.safeParse(batch).error).toBeUndefined()
    expect(operationSchema.safeParse(named(`${name}a`)).success).toBe(false)
  })

  it('never reaches a prototype', () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) applyOperation(base, setParam('a', [name, 'polluted'], undefined, true))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('a locked node', () => {
  const locked = apply(base, { kind: 'setLocked', nodeIds: ['b', 'memo'], locked: true })

  it.each([
    ['moved', { kind: 'moveNodes', moves: [{ nodeId: 'b', before: { x: 0, y: 0 }, after: { x: 9, y: 9 } }] }],
    ['edited', setParam('b', ['x'], undefined, 1)],
    ['set', { kind: 'setSetting', nodeId: 'b', path: ['note'], before: '', after: 'x' }],
    ['renamed', { kind: 'renameNode', nodeId: 'b', title: { before: 'b', after: 'other' } }],
    ['switched off', { kind: 'setDisabled', nodeIds: ['b'], disabled: true }],
    ['resized', { kind: 'resizeNode', nodeId: 'memo', before: { position: { x: 0, y: 0 } }, after: { position: { x: 1, y: 1 } } }],
    ['put into a group', { kind: 'setParent', nodeId: 'b', before: null, after: 'box' }],
    ['removed', { kind: 'removeNodes', nodeIds: ['a', 'b'] }],
  ] as [string, Operation][])('is not %s', (_what, operation) => {
    expect(refusal(locked, operation)).toBe('node.locked')
    expect(refusal(apply(locked, { kind: 'setLocked', nodeIds: ['b', 'memo'], locked: false }), operation)).toBe('applied')
  })

  it('is left out when several nodes are moved or switched off, which is said', () => {
    const place = (id: string) => ({ nodeId: id, before: { x: 0, y: 0 }, after: { x: 9, y: 9 } })
    const moved = applyOperation(locked, { kind: 'moveNodes', moves: [place('a'), place('b')] })
    expect(moved).toMatchObject({ ok: true, skipped: [{ code: 'node.locked', nodeId: 'b' }] })
    const off = apply(locked, { kind: 'setDisabled', nodeIds: ['a', 'b'], disabled: true })
    expect(off.nodes.filter((node) => node.settings.disabled).map((node) => node.id)).toEqual(['a'])
  })

  it('is not removed with what holds it', () => {
    const held = apply(apply(base, { kind: 'setParent', nodeId: 'b', before: null, after: 'box' }), {
      kind: 'setLocked',
      nodeIds: ['b'],
      locked: true,
    })
    expect(refusal(held, { kind: 'removeNodes', nodeIds: ['box'] })).toBe('node.locked')
  })

  it('can be connected and looks as before once it is unlocked', () => {
    expect(refusal(locked, { kind: 'connect', edge: edge('b', 'd') })).toBe('applied')
    expect(apply(locked, { kind: 'setLocked', nodeIds: ['b', 'memo'], locked: false })).toEqual(base)
  })
})

describe('what an edit does', () => {
  it('renames without touching anything else', () => {
    const reading = apply(base, setParam('c', ['fields'], undefined, [{ name: 'x', value: '{{ steps.$a.total }}' }]))
    const renamed = apply(reading, {
      kind: 'renameNode',
      nodeId: 'a',
      key: { before: 'a', after: 'fetch' },
      title: { before: 'a', after: 'Fetch' },
    })
    expect(renamed.nodes.find((node) => node.id === 'c')).toBe(reading.nodes.find((node) => node.id === 'c'))
  })

  it('keeps the place of an edge when a node is put on it', () => {
    const inserted = apply(base, {
      kind: 'insertOnEdge',
      edgeId: 'a_main_b',
      node: testNode('mid'),
      into: edge('a', 'mid'),
      out: edge('mid', 'b'),
    })
    expect(inserted.edges.map(({ from, to }) => `${from}-${to}`)).toEqual(['start-a', 'a-mid', 'mid-b', 'b-c', 'a-d'])
  })

  it('gives pasted nodes free keys', () => {
    const pasted = apply(base, {
      kind: 'paste',
      nodes: [testNode('p1', { key: 'a' }), testNode('p2', { key: 'a' })],
      edges: [edge('p1', 'p2')],
    })
    expect(pasted.nodes.slice(-2).map((node) => node.key)).toEqual(['a_2', 'a_3'])
  })

  it('removes what a group holds with the group', () => {
    const grouped = apply(base, { kind: 'setParent', nodeId: 'b', before: null, after: 'box' })
    const removed = apply(grouped, { kind: 'removeNodes', nodeIds: ['box'] })
    expect(removed.nodes.map((node) => node.id)).not.toContain('b')
    expect(removed.edges.some((one) => one.from === 'b' || one.to === 'b')).toBe(false)
  })

  it('inserts into lists and takes out of them', () => {
    const rows = apply(base, setParam('a', ['fields'], undefined, [{ name: 'x' }, { name: 'y' }]))
    const inserted = apply(rows, setParam('a', ['fields', 1], undefined, { name: 'new' }))
    const taken = apply(inserted, setParam('a', ['fields', 0], { name: 'x' }, undefined))
    expect(taken.nodes.find((node) => node.id === 'a')?.params).toEqual({ fields: [{ name: 'new' }, { name: 'y' }] })
  })

  it('says in words what it did', () => {
    expect(describeOperation({ kind: 'removeNodes', nodeIds: ['a'] }, base)).toBe('Removed “a”')
    expect(describeOperation({ kind: 'removeNodes', nodeIds: ['a', 'b'] }, base)).toBe('Removed 2 nodes')
    expect(describeOperation({ kind: 'connect', edge: edge('tool', 'agent', { toPort: 'tools' }) }, base)).toBe(
      'Gave “agent” the tool “tool”',
    )
    expect(
      describeOperation(
        {
          kind: 'batch',
          operations: [
            { kind: 'disconnect', edgeIds: ['x'] },
            { kind: 'disconnect', edgeIds: ['y'] },
          ],
        },
        base,
      ),
    ).toBe('Removed a connection and 1 more change')
  })
})

describe('two people at once', () => {
  it('merge different fields', () => {
    const one = setParam('a', ['x'], undefined, 1)
    const other = setParam('a', ['y'], undefined, 2)
    expect(conflicts(one, other)).toBe(false)
    expect(apply(apply(base, one), other)).toEqual(apply(apply(base, other), one))
  })

  it('let the later value of the same field win and say what it overwrote', () => {
    const theirs = apply(base, setParam('a', ['x'], undefined, 'theirs'))
    const result = applyOperation(theirs, setParam('a', ['x'], undefined, 'mine'))
    expect(result).toMatchObject({ ok: true, overwrote: [{ nodeId: 'a', pointer: '/params/x', found: 'theirs' }] })
    expect(conflicts(setParam('a', ['x'], 1, 2), setParam('a', ['x', 'y'], 1, 2))).toBe(true)
    expect(conflicts({ kind: 'removeNodes', nodeIds: ['a'] }, setParam('a', ['x'], 1, 2))).toBe(true)
  })

  it('take back only what is still theirs', () => {
    const mine = setParam('a', ['x'], undefined, 'mine')
    const undo = invertOperation(base, mine) as Operation
    const changed = apply(apply(base, mine), setParam('a', ['x'], 'mine', 'theirs'))
    expect(refusal(changed, undo)).toBe('undo.changed_since')
  })

  it('take back the part of a move that nobody moved since', () => {
    const place = (id: string) => base.nodes.find((node) => node.id === id)?.position ?? { x: 0, y: 0 }
    const move: Operation = { kind: 'moveNodes', moves: ['a', 'b'].map((id) => ({ nodeId: id, before: place(id), after: { x: 1, y: 1 } })) }
    const undo = invertOperation(base, move) as Operation
    const moved = apply(apply(base, move), { kind: 'moveNodes', moves: [{ nodeId: 'b', before: { x: 1, y: 1 }, after: { x: 9, y: 9 } }] })
    const result = applyOperation(moved, undo)
    expect(result).toMatchObject({ ok: true, skipped: [{ code: 'undo.changed_since', nodeId: 'b' }] })
    expect(result.ok && result.value.nodes.find((node) => node.id === 'a')?.position).toEqual(place('a'))
    expect(result.ok && result.value.nodes.find((node) => node.id === 'b')?.position).toEqual({ x: 9, y: 9 })
  })

  it('keep a node that somebody else connected or edited', () => {
    const add: Operation = { kind: 'addNode', node: testNode('fresh') }
    const undo = invertOperation(base, add) as Operation
    const added = apply(base, add)
    expect(refusal(apply(added, { kind: 'connect', edge: edge('c', 'fresh') }), undo)).toBe('undo.changed_since')
    expect(refusal(apply(added, setParam('fresh', ['x'], undefined, 1)), undo)).toBe('undo.changed_since')
    expect(apply(added, undo)).toEqual(base)
  })

  it('take back an insertion whole or not at all', () => {
    const insert: Operation = {
      kind: 'insertOnEdge',
      edgeId: 'a_main_b',
      node: testNode('mid'),
      into: edge('a', 'mid'),
      out: edge('mid', 'b'),
    }
    const undo = invertOperation(base, insert) as Operation
    const inserted = apply(base, insert)
    expect(apply(inserted, undo)).toEqual(base)
    expect(refusal(apply(inserted, setParam('mid', ['x'], undefined, 1)), undo)).toBe('undo.changed_since')
  })

  it('bring back an edge only where both its ends still are', () => {
    const undo = invertOperation(base, { kind: 'removeNodes', nodeIds: ['b'] }) as Operation
    const without = apply(apply(base, { kind: 'removeNodes', nodeIds: ['b'] }), { kind: 'removeNodes', nodeIds: ['c'] })
    const result = applyOperation(without, undo)
    expect(result).toMatchObject({ ok: true, skipped: [{ code: 'edge.end_missing' }] })
  })
})

const names = ['start', 'a', 'b', 'c', 'd', 'cond', 'agent', 'tool', 'memo', 'box', 'n1', 'n2', 'n3', 'gone']
const anyName = fc.constantFrom(...names)
const anyPort = fc.constantFrom('main', 'true', 'false', 'tool')
const point = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) })
const anyEdge = fc
  .record({ from: anyName, to: anyName, fromPort: anyPort, toPort: fc.constantFrom('main', 'main', 'tools') })
  .map((one): GraphEdge => ({ id: `e_${one.from}_${one.fromPort}_${one.to}`, ...one }))
const anyNode = fc
  .record({
    id: anyName,
    key: anyName,
    type: fc.constantFrom('data.set', 'flow.if', 'http.request', 'ai.agent', 'note.sticky', 'unknown.type'),
  })
  .map(({ id, key, type }) => testNode(id, { key, type }))
const path = fc.array(fc.oneof(fc.constantFrom('x', 'y', 'fields', '__proto__'), fc.nat(3)), { minLength: 1, maxLength: 3 })
const maybe = fc.option(fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>, { nil: undefined })

const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  anyNode.map((node): Operation => ({ kind: 'addNode', node })),
  fc.uniqueArray(anyName, { minLength: 1, maxLength: 3 }).map((nodeIds): Operation => ({ kind: 'removeNodes', nodeIds })),
  fc
    .array(fc.record({ nodeId: anyName, before: point, after: point }), { minLength: 1, maxLength: 3 })
    .map((moves): Operation => ({ kind: 'moveNodes', moves })),
  fc.tuple(anyName, point).map(
    ([nodeId, position]): Operation => ({
      kind: 'resizeNode',
      nodeId,
      before: { position: { x: 0, y: 0 } },
      after: { position, size: { width: 200, height: 100 } },
    }),
  ),
  fc.tuple(anyName, anyName).map(([nodeId, after]): Operation => ({ kind: 'renameNode', nodeId, key: { before: 'x', after } })),
  fc.tuple(anyName, path, maybe, maybe).map(([nodeId, at, before, after]): Operation => setParam(nodeId, at, before, after)),
  fc
    .tuple(anyName, fc.constantFrom('fail', 'port', 'nonsense'))
    .map(([nodeId, after]): Operation => ({ kind: 'setSetting', nodeId, path: ['onError'], before: 'fail', after })),
  fc
    .tuple(fc.uniqueArray(anyName, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([nodeIds, disabled]): Operation => ({ kind: 'setDisabled', nodeIds, disabled })),
  fc
    .tuple(fc.uniqueArray(anyName, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([nodeIds, locked]): Operation => ({ kind: 'setLocked', nodeIds, locked })),
  fc
    .tuple(fc.uniqueArray(anyName, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([nodeIds, collapsed]): Operation => ({ kind: 'setCollapsed', nodeIds, collapsed })),
  anyEdge.map((one): Operation => ({ kind: 'connect', edge: one })),
  anyEdge.map((one): Operation => ({ kind: 'connect', edge: { ...one, fromPort: 'main', toPort: 'main', id: `${one.id}_m` } })),
  fc.constantFrom(...base.edges.map((one) => one.id)).map((id): Operation => ({ kind: 'disconnect', edgeIds: [id] })),
  fc.tuple(fc.constantFrom(...base.edges), anyNode).map(
    ([one, node]): Operation => ({
      kind: 'insertOnEdge',
      edgeId: one.id,
      node,
      into: { ...one, id: `in_${node.id}`, to: node.id },
      out: { ...one, id: `out_${node.id}`, from: node.id, fromPort: 'main' },
    }),
  ),
  fc
    .tuple(fc.uniqueArray(anyNode, { minLength: 1, maxLength: 3, selector: (node) => node.id }), fc.array(anyEdge, { maxLength: 2 }))
    .map(([nodes, edges]): Operation => ({ kind: 'paste', nodes, edges })),
  fc.tuple(anyName, fc.option(anyName)).map(([nodeId, after]): Operation => ({ kind: 'setParent', nodeId, before: null, after })),
  fc.tuple(anyName, fc.option(anyName)).map(([nodeId, after]): Operation => ({ kind: 'setGroup', nodeId, before: null, after })),
)
const anyRestore: fc.Arbitrary<Operation> = fc
  .record({
    nodes: fc.array(
      fc.record({
        index: fc.nat(20),
        node: fc.tuple(anyNode, fc.option(anyName, { nil: undefined })).map(([node, parent]) => (parent ? { ...node, parent } : node)),
      }),
      { maxLength: 3 },
    ),
    edges: fc.array(fc.record({ index: fc.nat(20), edge: anyEdge }), { maxLength: 3 }),
  })
  .map((one): Operation => ({ kind: 'restore', ...one }))
const anyBatch: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: anyOperation },
  { weight: 1, arbitrary: anyRestore },
  {
    weight: 1,
    arbitrary: fc
      .record({ operations: fc.array(anyOperation, { minLength: 1, maxLength: 4 }), partial: fc.boolean() })
      .map((one): Operation => ({ kind: 'batch', ...one })),
  },
)

function expectSound(value: Graph): void {
  expect(graphSchema.safeParse(value).error).toBeUndefined()
  const ids = value.nodes.map((node) => node.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(value.nodes.map((node) => node.key)).size).toBe(ids.length)
  expect(new Set(value.edges.map((one) => one.id)).size).toBe(value.edges.length)
  for (const one of value.edges) expect(ids).toEqual(expect.arrayContaining([one.from, one.to]))
  for (const node of value.nodes) if (node.parent !== undefined) expect(ids).toContain(node.parent)
  expect(findCycle(value)).toBeNull()
  expect(hasParentLoop(value.nodes)).toBe(false)
}

describe('laws', () => {
  it('any sequence of edits keeps the graph sound or says why not', () => {
    fc.assert(
      fc.property(fc.array(anyBatch, { maxLength: 25 }), (operations) => {
        let value = base
        for (const operation of operations) {
          const result = applyOperation(value, operation)
          if (result.ok) value = result.value
          else expect(result.problem.message).toMatch(/\.$/)
        }
        expectSound(value)
      }),
      { numRuns: 300 },
    )
  })

  it('an edit and its undo leave the graph as it was, and redo does it again', () => {
    fc.assert(
      fc.property(fc.array(anyBatch, { maxLength: 8 }), anyBatch, (earlier, operation) => {
        const before = earlier.reduce((value, one) => {
          const result = applyOperation(value, one)
          return result.ok ? result.value : value
        }, base)
        const result = applyOperation(before, operation)
        if (!result.ok) return
        const undo = invertOperation(before, operation)
        if (!undo) {
          expect(result.value).toEqual(before)
          return
        }
        expect(operationSchema.safeParse(JSON.parse(JSON.stringify(undo))).error).toBeUndefined()
        const undone = applyOperation(result.value, undo)
        expect(undone.ok && undone.value).toEqual(before)
        const redo = invertOperation(result.value, undo)
        const redone = redo && applyOperation(before, redo)
        expect(redone?.ok && redone.value).toEqual(result.value)
      }),
      { numRuns: 1_000 },
    )
  })

  it('edits of different things can come in either order', () => {
    fc.assert(
      fc.property(anyOperation, anyOperation, (one, other) => {
        const fields = ['setParam', 'setSetting', 'setDisabled', 'moveNodes', 'resizeNode']
        fc.pre(fields.includes(one.kind) && fields.includes(other.kind) && !conflicts(one, other))
        const results = [
          [one, other],
          [other, one],
        ].map((order) =>
          order.reduce((value, operation) => {
            const result = applyOperation(value, operation)
            return result.ok ? result.value : value
          }, base),
        )
        expect(results[0]).toEqual(results[1])
      }),
      { numRuns: 500 },
    )
  })

  it('what is added, removed, named and connected in different places can come in either order', () => {
    const kinds = ['addNode', 'removeNodes', 'renameNode', 'connect', 'disconnect', 'setParam', 'moveNodes', 'setDisabled']
    const sorted = ({ nodes, edges }: Graph) => ({
      nodes: nodes.toSorted((a, b) => a.id.localeCompare(b.id)),
      edges: edges.toSorted((a, b) => a.id.localeCompare(b.id)),
    })
    fc.assert(
      fc.property(anyOperation, anyOperation, (one, other) => {
        fc.pre(kinds.includes(one.kind) && kinds.includes(other.kind) && !conflicts(one, other))
        // A node whose key is taken gets another, so whether its holder is still there makes a difference.
        fc.pre(![one, other].some((each) => each.kind === 'addNode' && base.nodes.some(({ key }) => key === each.node.key)))
        const [first, second] = [
          [one, other],
          [other, one],
        ].map((order) => {
          const after = applyOperation(base, order[0] as Operation)
          return after.ok ? applyOperation(after.value, order[1] as Operation) : after
        })
        // Each may fit alone and not beside the other, such as two that take one name or close a loop: then one of them is refused.
        fc.pre(first?.ok === true && second?.ok === true)
        if (first?.ok && second?.ok) expect(sorted(first.value)).toEqual(sorted(second.value))
      }),
      { numRuns: 500 },
    )
  })

  it('what was pasted and then removed leaves no trace', () => {
    fc.assert(
      fc.property(
        fc.array(anyBatch, { maxLength: 6 }),
        fc.uniqueArray(anyNode, { minLength: 1, maxLength: 4, selector: (node) => node.id }),
        fc.array(anyEdge, { maxLength: 4 }),
        (earlier, nodes, edges) => {
          const before = earlier.reduce((value, operation) => {
            const result = applyOperation(value, operation)
            return result.ok ? result.value : value
          }, base)
          const pasted = applyOperation(before, { kind: 'paste', nodes, edges })
          if (!pasted.ok) return
          const removed = applyOperation(pasted.value, { kind: 'removeNodes', nodeIds: nodes.map((node) => node.id) })
          expect(removed.ok && removed.value).toEqual(before)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('an edit survives being sent as JSON', () => {
    fc.assert(
      fc.property(anyOperation, (operation) => {
        const sent: unknown = JSON.parse(JSON.stringify(operation))
        const parsed = operationSchema.safeParse(sent)
        if (parsed.success) expect(JSON.parse(JSON.stringify(parsed.data))).toEqual(sent)
      }),
    )
  })
})

describe('speed', () => {
  it('edits a graph of 10,000 nodes in a few milliseconds', () => {
    const large = graph(Array.from({ length: 9_999 }, (_, index) => `n${index}`).join(' -> '))
    for (let count = 0; count < 20; count++) apply(large, setParam(`n${count}`, ['x'], undefined, count))
    apply(large, { kind: 'addNode', node: testNode('fresh') })
    expect(refusal(large, { kind: 'connect', edge: edge('n9998', 'n0') })).toBe('edge.cycle')
  })
})
