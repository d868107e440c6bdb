import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { withoutTouched } from '@/components/canvas/frames'
import { carriedBy } from '@/components/canvas/moves-of'
import { toFlowEdges } from '@/components/canvas/to-flow'
import { viewsOf } from '@/components/canvas/views-of'
import type { Graph } from '@/workflows/graph/schema'
import { graph as draw, testNode } from '@/workflows/graph/test-graph'
import { neighbour } from '../neighbour'
import { outlineOf } from '../outline'
import { duplicate, placeNode, tidy } from './commands'
import { betweenBack, dissolve, filledContainers, groupType, moveInto, toggleCollapsed, ungroup, wrap } from './containers'
import { createEditor, type DraftTransport } from './create-editor'
import { pasteAround } from './paste'

function open(graph: Graph) {
  let next = 0
  const notify = vi.fn()
  const transport: DraftTransport = {
    apply: () => new Promise(() => {}),
    since: async () => ({ operations: [] }),
    reload: async () => ({ graph, revision: 0 }),
    isFinal: () => false,
  }
  const editor = createEditor({
    workflowId: 'wf_1',
    clientId: 'client_1',
    confirmed: { graph, revision: 0 },
    transport,
    storage: null,
    notify,
    newId: () => `made_${next++}`,
    later: () => () => {},
  })
  const now = () => editor.getState().graph
  return { editor, notify, now, ways: () => waysOf(now()), holds: (id: string) => heldBy(now(), id) }
}

const waysOf = (graph: Graph) =>
  graph.edges.map((edge) => `${edge.from}${edge.fromPort === 'main' ? '' : `.${edge.fromPort}`}-${edge.to}`).sort()
const heldBy = (graph: Graph, id: string) => graph.nodes.filter((node) => node.parent === id).map((node) => node.id)
const loop = { type: 'flow.for_each', position: { x: 500, y: 300 }, size: { width: 304, height: 152 } }

describe('putting nodes into a container', () => {
  it('cuts what would cross the frame and joins what stood around them', () => {
    const { editor, now, ways, holds } = open(draw('start -> a -> b -> c', { loop }))
    expect(moveInto(editor, [], ['b'], 'loop')).toBe(true)
    expect(holds('loop')).toEqual(['b'])
    expect(ways()).toEqual(['a-c', 'start-a'])
    editor.undo()
    expect(now()).toEqual(draw('start -> a -> b -> c', { loop }))
  })

  it('takes an agent with its tools, and gives them back', () => {
    const before = draw('start -> agent; tool => agent', { loop })
    const { editor, holds, ways } = open(before)
    moveInto(editor, [], ['agent'], 'loop')
    expect(holds('loop')).toEqual(['agent', 'tool'])
    expect(ways()).toEqual(['tool.tool-agent'])
    moveInto(editor, [], ['agent'], null)
    expect(holds('loop')).toEqual([])
  })

  it('happens by where a new node is put, and by what it follows', () => {
    const { editor, holds } = open(draw('start', { loop }))
    const first = placeNode(editor, 'data.set', { x: 540, y: 370 }) as string
    const next = placeNode(editor, 'data.set', { x: 2_000, y: 0 }, { kind: 'after', nodeId: first, port: 'main' }) as string
    expect(holds('loop')).toEqual([first, next])
    expect(placeNode(editor, 'trigger.webhook', { x: 540, y: 370 })).not.toBeNull()
    expect(holds('loop')).toEqual([first, next])
  })
})

describe('a card dropped near the left wall of a frame', () => {
  it('stands inside it, so that the frame does not grow over its neighbour', () => {
    const { editor, now } = open(draw('start -> a', { loop, b: { position: { x: 60, y: 600 } } }))
    const frame = () => viewsOf(now()).get('loop')
    const before = frame()
    const made = placeNode(editor, 'data.set', { x: 404, y: 302 })
    expect(now().nodes.find((node) => node.id === made)).toMatchObject({ parent: 'loop', position: { x: 524, y: 364 } })
    expect(frame()).toMatchObject({ width: before?.width, height: before?.height })
    expect(frame()?.shift).toEqual(before?.shift)
    moveInto(editor, [{ nodeId: 'b', before: { x: 60, y: 600 }, after: { x: 420, y: 380 } }], ['b'], 'loop')
    expect(now().nodes.find((node) => node.id === 'b')).toMatchObject({ parent: 'loop', position: { x: 524, y: 380 } })
    expect(frame()?.shift).toEqual(before?.shift)
  })
})

describe('what is pasted', () => {
  const copied = JSON.stringify(draw('one -> two', { one: { position: { x: 9_000, y: 40 } }, two: { position: { x: 9_260, y: 40 } } }))
  const placesOf = (ids: unknown, now: () => Graph) =>
    now().nodes.flatMap((node) => ((ids as string[]).includes(node.id) ? [node.position] : []))

  it('lies with its middle at the point', async () => {
    const { editor, now } = open(draw('start'))
    expect(placesOf(pasteAround(editor, copied, { x: 1_234, y: 528 }), now)).toEqual([
      { x: 1_000, y: 500 },
      { x: 1_260, y: 500 },
    ])
  })

  it('lies on no card, also when it is pasted twice', async () => {
    const { editor, now } = open(draw('start'))
    pasteAround(editor, copied, { x: 1_234, y: 528 })
    const again = placesOf(pasteAround(editor, copied, { x: 1_234, y: 528 }), now)
    expect(again).toEqual([
      { x: 1_000, y: 580 },
      { x: 1_260, y: 580 },
    ])
  })

  it('goes into the container at the point, unless it may not stand in one', async () => {
    const { editor, holds } = open(draw('start', { loop: { ...loop, size: { width: 900, height: 400 } } }))
    const made = pasteAround(editor, copied, { x: 900, y: 450 })
    expect(made).toHaveLength(2)
    expect(holds('loop')).toEqual(made)
    const trigger = JSON.stringify(draw('start'))
    pasteAround(editor, trigger, { x: 900, y: 650 })
    expect(holds('loop')).toEqual(made)
  })
})

describe('wrapping', () => {
  it('puts a container around what is chosen, connected as that was', () => {
    const { editor, ways, holds, now } = open(draw('start -> a -> b -> c; start -> d'))
    const made = wrap(editor, new Set(['a', 'b']), 'flow.try')
    if (!made.ok) throw new Error(made.why)
    expect(holds(made.id)).toEqual(['a', 'b'])
    expect(ways()).toEqual(['a-b', `${made.id}-c`, `start-${made.id}`, 'start-d'].sort())
    editor.undo()
    expect(now()).toEqual(draw('start -> a -> b -> c; start -> d'))
  })

  it('refuses what would close a loop, a start, and nodes of different frames', () => {
    const { editor, notify, now } = open(draw('start -> a -> b -> c', { loop, d: { parent: 'loop' } }))
    const before = now()
    expect(wrap(editor, new Set(['a', 'c']), 'flow.repeat')).toEqual({ ok: false, why: 'refused' })
    expect(wrap(editor, new Set(['start']), 'flow.repeat')).toEqual({ ok: false, why: 'refused' })
    expect(wrap(editor, new Set(['a', 'd']), 'flow.repeat')).toEqual({ ok: false, why: 'mixed' })
    expect(notify.mock.calls.map(([notice]) => notice.problem.code)).toEqual(['edge.cycle', 'node.trigger_inside'])
    expect(now()).toBe(before)
  })

  it('is offered for what lies between the ends of an edge that leads back', () => {
    const drawn = draw('start -> a -> b -> c; a -> d -> c; b -> e')
    expect([...(betweenBack(drawn, 'c', 'a') ?? [])].sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(betweenBack(drawn, 'c', 'start')).toBeNull()
    expect(betweenBack(drawn, 'e', 'd')).toBeNull()
  })

  it('and dissolving again leaves the ways that were there', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), (ids) => {
        const drawn = draw('start -> a -> b -> c -> d')
        const { editor, now, ways } = open(drawn)
        const made = wrap(editor, new Set(ids), 'flow.for_each')
        if (!made.ok) return
        dissolve(editor, [made.id])
        expect(ways()).toEqual(waysOf(drawn))
        editor.undo()
        editor.undo()
        expect(now()).toEqual(drawn)
      }),
    )
  })
})

describe('removing a container', () => {
  const filled = draw('start -> loop -> c; a -> b', { loop, a: { parent: 'loop' }, b: { parent: 'loop' } })

  it('asks where it holds what is not removed with it', () => {
    expect(filledContainers(filled, new Set(['loop'])).map((node) => node.id)).toEqual(['loop'])
    expect(filledContainers(filled, new Set(['loop', 'a', 'b', 'c']))).toEqual([])
  })

  it('may keep what stands inside, connected as the container was; undo restores it exactly', () => {
    const { editor, ways, now } = open(filled)
    dissolve(editor, ['loop'])
    expect(ways()).toEqual(['a-b', 'b-c', 'start-a'])
    editor.undo()
    expect(now()).toEqual(filled)
  })
})

describe('a frame', () => {
  it('follows what it holds and is never smaller than people made it', () => {
    const held = draw('start', { loop, a: { parent: 'loop', position: { x: 900, y: 380 } } })
    expect(viewsOf(held).get('loop')).toMatchObject({ width: 632, height: 160, shift: null })
    const above = draw('start', { loop, a: { parent: 'loop', position: { x: 540, y: 200 } } })
    expect(viewsOf(above).get('loop')).toMatchObject({ shift: { x: 0, y: -164 } })
  })

  it('keeps the look of every card when one inside it moves', () => {
    const before = draw('a -> b; c', { loop, a: { parent: 'loop' }, b: { parent: 'loop' } })
    const views = viewsOf(before)
    const after = { ...before, nodes: before.nodes.map((node) => (node.id === 'a' ? { ...node, position: { x: 600, y: 500 } } : node)) }
    const next = viewsOf(after, views)
    expect(['b', 'c'].map((id) => next.get(id) === views.get(id))).toEqual([true, true])
  })

  it('is not chosen by a box that only touches it', () => {
    const held = draw('start', { loop, a: { parent: 'loop', position: { x: 540, y: 380 } } })
    const chosen = new Set(['loop', 'a'])
    expect(withoutTouched(held, viewsOf(held), chosen, { x: 900, y: 470 }, { x: 530, y: 370 })).toEqual(['a'])
    expect(withoutTouched(held, viewsOf(held), chosen, { x: 0, y: 0 }, { x: 2_000, y: 2_000 })).toEqual(['loop', 'a'])
  })

  it('collapses to a card that says how much it holds, also inside others', () => {
    const nested = draw('a', { loop, inner: { type: 'flow.repeat', parent: 'loop' }, a: { parent: 'inner' } })
    const { editor, now } = open(nested)
    toggleCollapsed(editor, new Set(['loop', 'a']))
    expect(viewsOf(now()).get('loop')).toMatchObject({ shape: 'card', inside: 2, frame: null })
    expect(outlineOf(now()).map((row) => row.id)).toEqual(['loop'])
    editor.undo()
    expect(now()).toEqual(nested)
  })

  it('shows the parts of a try by the ports they hang from', () => {
    const tried = draw('t.catch -> b', { t: { type: 'flow.try' }, a: { parent: 't' }, b: { parent: 't' } })
    const look = viewsOf(tried).get('t')?.frame
    expect(look?.parts.map((part) => part.port)).toEqual(['catch'])
    expect(look?.inner.map(({ port, connected }) => `${port} ${connected}`)).toEqual(['catch true', 'finally false'])
    expect(look?.walls.filter((wall) => wall.side === 'in')).toHaveLength(1)
    const both = draw('t.catch -> b; t.finally -> c', {
      t: { type: 'flow.try' },
      a: { parent: 't' },
      b: { parent: 't' },
      c: { parent: 't' },
    })
    const [first, second] = viewsOf(both).get('t')?.frame?.inner ?? []
    expect((second?.y ?? 0) - (first?.y ?? 0)).toBe(24)
  })
})

describe('arrow keys', () => {
  const held = draw('start -> loop -> c; a -> b', {
    start: { type: 'trigger.manual', position: { x: 0, y: 300 } },
    loop: { type: 'flow.for_each', position: { x: 260, y: 300 }, size: { width: 560, height: 200 } },
    c: { position: { x: 900, y: 300 } },
    a: { parent: 'loop', position: { x: 300, y: 380 } },
    b: { parent: 'loop', position: { x: 560, y: 380 } },
  })

  it('enter a frame by down and leave it where nothing lies ahead', () => {
    const walk = (from: string, ...keys: string[]) =>
      keys.reduce<string | null>((at, key) => at && neighbour(held, at, `Arrow${key}`), from)
    expect(walk('start', 'Right')).toBe('loop')
    expect(walk('loop', 'Down')).toBe('a')
    expect(walk('loop', 'Down', 'Right')).toBe('b')
    expect(walk('b', 'Right')).toBe('c')
    expect(walk('a', 'Left')).toBe('loop')
    expect(walk('loop', 'Right')).toBe('c')
  })

  it('go the way of the outline, where the steps stand below their container', () => {
    expect(outlineOf(held).map((row) => `${row.depth} ${row.id}`)).toEqual(['0 start', '0 loop', '1 a', '1 b', '0 c'])
  })
})

describe('tidying with containers', () => {
  it('is stable, keeps the steps inside, and carries what is collapsed', async () => {
    const nodes = { loop, a: { parent: 'loop', position: { x: 40, y: 900 } }, b: { parent: 'loop', position: { x: 0, y: 0 } } }
    const { editor, now } = open(draw('start -> loop -> c; a -> b', nodes))
    await tidy(editor)
    const once = now()
    expect(await tidy(editor)).toBe(false)
    const frame = viewsOf(once).get('loop')
    const at = (id: string) => once.nodes.find((node) => node.id === id)?.position ?? { x: 0, y: 0 }
    for (const id of ['a', 'b']) {
      expect(at(id).x).toBeGreaterThan(at('loop').x)
      expect(at(id).x + 208).toBeLessThan(at('loop').x + (frame?.width ?? 0))
    }
    toggleCollapsed(editor, new Set(['loop']))
    editor.perform({ kind: 'moveNodes', moves: [{ nodeId: 'c', before: at('c'), after: { x: 3_000, y: 900 } }] })
    await tidy(editor)
    const offset = (graph: Graph) => {
      const [holder, step] = ['loop', 'a'].map((id) => graph.nodes.find((node) => node.id === id)?.position.x ?? 0)
      return (step ?? 0) - (holder ?? 0)
    }
    expect(offset(now())).toBe(offset(once))
  })
})

describe('a group', () => {
  const line = draw('start -> a -> b -> c', {
    start: { type: 'trigger.manual', position: { x: 0, y: 0 } },
    a: { position: { x: 260, y: 0 } },
    b: { position: { x: 520, y: 0 } },
    c: { position: { x: 780, y: 0 } },
  })
  const grouped = () => {
    const opened = open(line)
    const made = wrap(opened.editor, new Set(['a', 'b']), groupType)
    if (!made.ok) throw new Error(made.why)
    return { ...opened, id: made.id }
  }

  it('is drawn around what is chosen and leaves every connection as it is', () => {
    const { now, ways, id, editor } = grouped()
    expect(ways()).toEqual(waysOf(line))
    expect(viewsOf(now()).get(id)).toMatchObject({ shape: 'frame', width: 516, colour: 'sand' })
    ungroup(editor, new Set([id]))
    expect(now()).toEqual(line)
  })

  it('collapses to a card at which the edges of what it holds end', () => {
    const { editor, now, id } = grouped()
    toggleCollapsed(editor, new Set([id]))
    const drawn = toFlowEdges(now(), {})
    expect(drawn.map((edge) => `${edge.source} ${edge.target}`)).toEqual([`start ${id}`, `${id} c`])
    expect(now().nodes.find((node) => node.id === id)?.position).toEqual({ x: 236, y: -64 })
    expect(viewsOf(now()).get(id)).toMatchObject({ shape: 'card', inside: 2 })
  })

  it('goes into a container and out of it with all it holds, and is moved with it', () => {
    const { editor, now, id } = grouped()
    editor.perform({ kind: 'addNode', node: testNode('loop', loop) })
    moveInto(editor, [], [id], 'loop')
    expect(heldBy(now(), 'loop').sort()).toEqual(['a', 'b', id].sort())
    expect(waysOf(now())).toEqual(['a-b', 'start-c'])
    expect([...carriedBy(now(), 'loop')].sort()).toEqual(['a', 'b', id].sort())
    expect(viewsOf(now()).get('loop')?.frame?.walls).toHaveLength(2)
    moveInto(editor, [], ['b'], 'loop')
    expect(now().nodes.find((node) => node.id === 'b')).not.toHaveProperty('group')
    expect(heldBy(now(), 'loop')).toContain('b')
    moveInto(editor, [], [id], null)
    expect(heldBy(now(), 'loop')).toEqual(['b'])
  })

  it('is copied with what it holds', async () => {
    const { editor, now, id } = grouped()
    const made = (await duplicate(editor, new Set([id]))) ?? []
    const copies = now().nodes.filter((node) => made.includes(node.id))
    const group = copies.find((node) => node.type === groupType)
    expect(copies.filter((node) => node.group === group?.id)).toHaveLength(2)
  })
})

it('an import of a graph without sizes draws around what stands inside', () => {
  const drawn: Graph = { schema: 1, nodes: [testNode('loop', { type: 'flow.for_each' }), testNode('a', { parent: 'loop' }, 2)], edges: [] }
  expect(viewsOf(drawn).get('loop')).toMatchObject({ width: 256, shift: { x: 496, y: -64 } })
})
