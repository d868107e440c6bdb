import { describe, expect, it } from 'vitest'
import { compile } from './compile'
import { diffGraphs } from './diff'
import { fromClipboard } from './from-clipboard'
import { fromDocument } from './from-document'
import { tidyLayout } from './layout'
import { applyOperation, invertOperation, type Operation } from './operations'
import type { Graph, GraphEdge } from './schema'
import { graph, testNode } from './test-graph'
import { toClipboard } from './to-clipboard'
import { toDocument } from './to-document'
import { upstreamOf } from './upstream-of'
import { validate } from './validate'

const fields = (text: string) => ({ params: { fields: [{ name: 'v', value: text }] } })
const drawn = (nodes: Parameters<typeof graph>[1] = {}): Graph =>
  graph('start -> before -> loop -> after; first -> second', {
    start: {},
    before: {},
    loop: { type: 'flow.for_each', params: { items: '{{ input.list }}' } },
    first: { parent: 'loop', ...fields('{{ item.id }}') },
    second: { parent: 'loop', ...fields('{{ steps.$first.v }} {{ index }}') },
    after: fields('{{ steps.$loop.length }}'),
    ...nodes,
  })
const tries = (lines = '', nodes: Parameters<typeof graph>[1] = {}): Graph =>
  graph(`start -> attempt; attempt.catch -> mend; attempt.finally -> tidy; ${lines}`, {
    attempt: { type: 'flow.try' },
    risky: { parent: 'attempt' },
    mend: { parent: 'attempt', ...fields('{{ input.error.message }}') },
    tidy: { parent: 'attempt' },
    ...nodes,
  })
const codes = (value: Graph) => validate(value).map((problem) => `${problem.code} ${problem.nodeId ?? problem.edgeId ?? ''}`.trim())
const apply = (before: Graph, operation: Operation): Graph => {
  const result = applyOperation(before, operation)
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`)
  return result.value
}
const refusal = (before: Graph, operation: Operation) => {
  const result = applyOperation(before, operation)
  return result.ok ? 'applied' : result.problem.code
}
const edge = (from: string, to: string, fromPort = 'main'): GraphEdge => ({ id: `e_${from}_${to}`, from, fromPort, to, toPort: 'main' })
const parent = (nodeId: string, after: string | null): Operation => ({ kind: 'setParent', nodeId, before: null, after })

describe('a graph with containers', () => {
  it('is sound where steps inside read the item, each other and what runs before the container', () => {
    expect(codes(drawn({ second: { parent: 'loop', ...fields('{{ steps.$first.v + steps.$before.v + item.id + index }}') } }))).toEqual([])
    expect(codes(tries())).toEqual([])
  })
  it.each([
    [
      'reads the container that it stands in',
      { first: { parent: 'loop', ...fields('{{ steps.$loop }}') } },
      'expression.container_output first',
    ],
    ['reads from outside what stands inside', { after: fields('{{ steps.$first.v }}') }, 'expression.inside_container after'],
    ['reads the item outside', { after: fields('{{ item.id }}') }, 'expression.no_item after'],
    ['reads a step after the container', { first: { parent: 'loop', ...fields('{{ steps.$after.v }}') } }, 'expression.not_upstream first'],
    ['stands in what holds nothing', { after: { parent: 'before' } }, 'node.parent_not_container after'],
    ['stands in nothing', { after: { parent: 'gone' } }, 'node.parent_missing after'],
    ['holds a trigger', { extra: { type: 'trigger.webhook', parent: 'loop' } }, 'node.trigger_inside extra'],
    ['holds nothing', { extra: { type: 'flow.try' } }, 'container.empty extra'],
  ] as [string, Parameters<typeof graph>[1], string][])('is refused where something %s', (_what, nodes, code) => {
    expect(codes(drawn(nodes))).toContain(code)
  })
  it('is refused where edges cross a frame or use ports that it has not', () => {
    const crossing = { ...drawn(), edges: [...drawn().edges, edge('second', 'after'), edge('loop', 'first', 'catch')] }
    expect(codes(crossing)).toEqual(expect.arrayContaining(['edge.crosses_frame after', 'edge.port_missing loop']))
  })
  it('is refused where a step belongs to two sections, or cleaning up waits', () => {
    expect(codes(tries('risky -> mend'))).toContain('container.two_sections mend')
    expect(codes(tries('tidy -> rest', { rest: { type: 'flow.wait', parent: 'attempt' } }))).toContain('container.finally_waits rest')
    const deep = tries('', { tidy: { type: 'flow.for_each', parent: 'attempt' }, ask: { type: 'flow.wait', parent: 'tidy' } })
    expect(codes(deep)).toContain('container.finally_waits ask')
    expect(
      codes(graph('start -> attempt; attempt.catch -> mend', { attempt: { type: 'flow.try' }, mend: { parent: 'attempt' } })),
    ).toContain('container.empty attempt')
  })
  it('goes eight containers deep', () => {
    const names = Array.from({ length: 9 }, (_, at) => `c${at}`)
    const nested = (depth: number) =>
      graph('start -> c0', {
        ...Object.fromEntries(
          names
            .slice(0, depth)
            .map((name, at) => [name, { type: 'flow.for_each', ...(at > 0 ? { parent: names[at - 1] as string } : {}) }]),
        ),
        leaf: { parent: names[depth - 1] as string },
      })
    expect(codes(nested(8))).toEqual([])
    expect(codes(nested(9))).toContain('node.too_deep leaf')
  })
  it('lets an agent inside have tools inside', () => {
    const value = graph('start -> loop; tool => agent', {
      loop: { type: 'flow.for_each' },
      agent: { type: 'ai.agent', parent: 'loop', params: { model: 'practice', instructions: 'Help.', task: '{{ item }}' } },
      tool: { type: 'http.request', parent: 'loop', params: { url: 'https://example.com' } },
    })
    expect(codes(value).filter((code) => !code.startsWith('agent.'))).toEqual([])
  })
  it('knows what runs before a step inside', () => {
    expect([...upstreamOf(drawn(), 'second')].sort()).toEqual(['before', 'first', 'start'])
  })
})

describe('items that are tried again', () => {
  it('are none where a step inside may be sent once only, which is said', () => {
    const drawn = (attempts: number, atMostOnce: boolean) =>
      graph('start -> loop', {
        loop: { type: 'flow.for_each', params: { attempts } },
        within: { type: 'flow.try', parent: 'loop' },
        pay: { type: 'http.request', parent: 'within', params: { url: 'https://x.test' }, settings: { atMostOnce } },
      } as never)
    expect(codes(drawn(3, true)).join()).toContain('container.sends_once')
    expect(codes(drawn(1, true)).join()).not.toContain('container.sends_once')
    expect(codes(drawn(3, false)).join()).not.toContain('container.sends_once')
  })
})

describe('settings', () => {
  const withSettings = (settings: Record<string, unknown>, type = 'data.set') =>
    graph('start -> one', { one: { type, settings, ...(type === 'data.set' ? fields('{{ item }}') : {}) } as never })
  it('each gives its node an item', () => {
    expect(codes(withSettings({ each: { items: '{{ input.list }}', concurrency: 1, onItemError: 'fail' } }))).toEqual([])
  })
  it.each([
    [{ each: { items: 'list', concurrency: 1, onItemError: 'fail' } }, 'data.set', 'setting.no_expression'],
    [{ each: { items: '{{ input }}', concurrency: 1, onItemError: 'fail' } }, 'flow.if', 'setting.not_here'],
    [{ each: { items: '{{ input }}', concurrency: 1, onItemError: 'fail' } }, 'flow.for_each', 'setting.not_here'],
    [{ each: { items: '{{ input }}', concurrency: 1, onItemError: 'fail' } }, 'flow.wait_callback', 'setting.not_here'],
    [{ each: { items: '{{ steps.$gone }}', concurrency: 1, onItemError: 'fail' } }, 'data.set', 'expression.unknown_step'],
    [{ runIf: 'yes' }, 'data.filter', 'setting.no_expression'],
    [{ runIf: '{{ item.ok }}' }, 'data.filter', 'expression.no_item'],
    [{ runIf: '{{ input. }}' }, 'data.filter', 'expression.syntax'],
  ])('%j on %s is %s', (settings, type, code) => {
    expect(codes(withSettings(settings, type)).map((one) => one.split(' ')[0])).toContain(code)
  })
  it.each([
    [{ timeoutMs: 5_000 }, 'data.filter', 'setting.no_effect'],
    [{ retry: { attempts: 3 } }, 'people.approval', 'setting.no_effect'],
    [{ atMostOnce: true }, 'flow.wait', 'setting.no_effect'],
    [{ retry: { attempts: 1 } }, 'data.filter', undefined],
    [{ timeoutMs: 5_000, retry: { attempts: 3 }, atMostOnce: true }, 'http.request', undefined],
    [{ timeoutMs: 5_000, retry: { attempts: 3 } }, 'flow.sub_workflow', undefined],
  ])('%j on %s is said to change nothing where it does: %s', (settings, type, code) => {
    const found = codes(withSettings(settings, type)).map((one) => one.split(' ')[0])
    expect(found.find((one) => one === 'setting.no_effect')).toBe(code)
  })
  it('are a part of the node’s hash, and what stands inside one of the container’s', () => {
    const hashOf = (value: Graph, id: string) => {
      const made = compile(value)
      if (!made.ok) throw new Error(JSON.stringify(made.problems))
      return made.plan.nodes.get(id)?.hash
    }
    expect(hashOf(drawn(), 'loop')).not.toBe(hashOf(drawn({ second: { parent: 'loop', ...fields('other') } }), 'loop'))
    expect(hashOf(drawn(), 'loop')).toBe(hashOf(drawn({ after: fields('other') }), 'loop'))
    expect(hashOf(drawn(), 'after')).not.toBe(
      hashOf(drawn({ after: { ...fields('{{ steps.$loop.length }}'), settings: { runIf: '{{ input }}' } } }), 'after'),
    )
  })
})

describe('edits of containers', () => {
  it('put nodes in and take them out, never into themselves', () => {
    const inside = apply(drawn(), parent('before', 'loop'))
    expect(inside.nodes.find((node) => node.id === 'before')?.parent).toBe('loop')
    const nested = apply(drawn({ inner: { type: 'flow.for_each', parent: 'loop' } }), parent('second', 'inner'))
    expect(refusal(nested, parent('loop', 'inner'))).toBe('node.parent_cycle')
    expect(refusal(drawn(), parent('after', 'before'))).toBe('node.parent_not_container')
    expect(refusal(drawn(), parent('start', 'loop'))).toBe('node.trigger_inside')
    const back = invertOperation(drawn(), parent('first', null)) as Operation
    expect(apply(apply(drawn(), parent('first', null)), back).nodes).toEqual(expect.arrayContaining(drawn().nodes))
  })
  it('remove a container with what it holds, and bring all of it back', () => {
    const operation: Operation = { kind: 'removeNodes', nodeIds: ['loop'] }
    const removed = apply(drawn(), operation)
    expect(removed.nodes.map((node) => node.id)).toEqual(['start', 'before', 'after'])
    expect(apply(removed, invertOperation(drawn(), operation) as Operation)).toEqual(drawn())
  })
  it('draw no edge across a frame, and one from the frame’s own port', () => {
    expect(refusal(drawn(), { kind: 'connect', edge: edge('before', 'first') })).toBe('edge.crosses_frame')
    expect(refusal(drawn(), { kind: 'connect', edge: edge('loop', 'first', 'catch') })).toBe('edge.port_missing')
    const more = apply(tries('', { more: { parent: 'attempt' } }), { kind: 'connect', edge: edge('attempt', 'more', 'finally') })
    expect(codes(more)).toEqual([])
  })
  it('put a node that is dropped on an edge into the edge’s container', () => {
    const old = drawn().edges.find((one) => one.from === 'first') as GraphEdge
    const operation: Operation = {
      kind: 'insertOnEdge',
      edgeId: old.id,
      node: testNode('new'),
      into: { ...old, id: 'into', to: 'new' },
      out: { ...old, id: 'out', from: 'new' },
    }
    const after = apply(drawn(), operation)
    expect(after.nodes.find((node) => node.id === 'new')?.parent).toBe('loop')
    expect(apply(after, invertOperation(drawn(), operation) as Operation)).toEqual(drawn())
  })
  it('copy a container with what it holds, and its expressions follow', () => {
    let count = 0
    const pasted = fromClipboard(toClipboard(drawn(), ['loop']), { x: 0, y: 0 }, () => `new${++count}`)
    if (!pasted.ok) throw new Error(pasted.problem.message)
    const after = apply(drawn(), pasted.value)
    const loop = after.nodes.find((node) => node.key === 'loop_2')
    const second = after.nodes.find((node) => node.key === 'second_2')
    expect(second?.parent).toBe(loop?.id)
    expect(JSON.stringify(second?.params)).toContain(`steps.$${after.nodes.find((node) => node.key === 'first_2')?.id}.v`)
  })
  it('say in a comparison where a node stands now', () => {
    const { nodes } = diffGraphs(drawn(), apply(drawn(), parent('before', 'loop')))
    expect(nodes.changed).toMatchObject([{ nodeId: 'before', fields: [{ label: 'Stands in', before: null, after: 'loop' }] }])
  })
  it('export settings with readable names and import them again', () => {
    const asked = drawn({ after: { ...fields('x'), settings: { runIf: '{{ steps.$before.v }}' } } })
    const document = toDocument({ name: 'Test', description: '', graph: asked })
    expect(document.graph.nodes.find((node) => node.key === 'after')?.settings.runIf).toBe('{{ steps.before.v }}')
    let count = 0
    const back = fromDocument(document, { newId: () => `new${++count}` })
    if (!back.ok) throw new Error(JSON.stringify(back.problems))
    expect(codes(back.workflow.graph)).toEqual([])
  })
  it('tidy what stands inside, then draw the frame around it', async () => {
    const operation = await tidyLayout(drawn())
    const tidied = apply(drawn(), operation as Operation)
    const at = (id: string) => tidied.nodes.find((node) => node.id === id) as Graph['nodes'][number]
    const loop = at('loop')
    for (const id of ['first', 'second']) {
      expect(at(id).position.x).toBeGreaterThanOrEqual(loop.position.x)
      expect(at(id).position.x + 208).toBeLessThanOrEqual(loop.position.x + (loop.size?.width ?? 0))
      expect(at(id).position.y + 80).toBeLessThanOrEqual(loop.position.y + (loop.size?.height ?? 0))
    }
    expect(at('second').position.x).toBeGreaterThan(at('first').position.x)
    expect(at('after').position.x).toBeGreaterThanOrEqual(loop.position.x + (loop.size?.width ?? 0))
    expect(await tidyLayout(tidied)).toBeNull()
  })
})
