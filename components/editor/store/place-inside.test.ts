import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { neighbour } from '../neighbour'
import { placeInside } from './place-inside'
import { roomBesideFrames } from './room-beside-frames'

const trigger = { type: 'trigger.manual' }
const step = { type: 'data.set', params: { fields: [], keep: 'input' } }
const loop = { type: 'flow.for_each', params: { items: '{{ input }}' } }

function placed(graph: Graph, key: string, port?: string) {
  return placeInside(graph, idOf(key), port)
}

describe('where the next step inside a container goes', () => {
  it('is its upper left corner while it is empty', () => {
    const graph = graphOf('start -> loop', { start: trigger, loop })
    expect(placed(graph, 'loop')).toEqual({ at: { x: 224, y: 64 }, placement: { kind: 'inside', nodeId: idOf('loop') } })
  })

  it('is behind the last step in it', () => {
    const graph = graphOf('start -> loop; one -> two', {
      start: trigger,
      loop,
      one: { ...step, parent: 'loop' },
      two: { ...step, parent: 'loop' },
    })
    expect(placed(graph, 'loop')?.placement).toEqual({ kind: 'after', nodeId: idOf('two'), port: 'main' })
  })

  it('is beside its branches, as one more of them', () => {
    const graph = graphOf('start -> all', { start: trigger, all: { type: 'flow.parallel' }, one: { ...step, parent: 'all' } })
    const inside = placed(graph, 'all')
    expect(inside?.placement).toEqual({ kind: 'inside', nodeId: idOf('all') })
    expect(inside?.at.y).toBeGreaterThan(graph.nodes.find((node) => node.key === 'one')?.position.y ?? 0)
  })

  it('leaves what is caught alone, unless that is asked for', () => {
    const graph = graphOf('start -> attempt; attempt.catch -> handle', {
      start: trigger,
      attempt: { type: 'flow.try' },
      one: { ...step, parent: 'attempt' },
      handle: { ...step, parent: 'attempt' },
    })
    expect(placed(graph, 'attempt')?.placement).toEqual({ kind: 'after', nodeId: idOf('one'), port: 'main' })
    expect(placed(graph, 'attempt', 'finally')?.placement).toEqual({ kind: 'after', nodeId: idOf('attempt'), port: 'finally' })
  })

  it('is nowhere in a step, and nowhere in a container that is collapsed', () => {
    const open = graphOf('start -> loop; one', { start: trigger, loop, one: { ...step, parent: 'loop' } })
    const graph: Graph = { ...open, nodes: open.nodes.map((node) => (node.key === 'loop' ? { ...node, collapsed: true } : node)) }
    expect(placed(graph, 'start')).toBeNull()
    expect(placed(graph, 'loop')).toBeNull()
  })

  it('is reached by arrow keys as soon as a step stands there', () => {
    const graph = graphOf('start -> loop', { start: trigger, loop, one: { ...step, parent: 'loop' } })
    expect(neighbour(graph, idOf('loop'), 'ArrowDown')).toBe(idOf('one'))
    expect(neighbour(graph, idOf('one'), 'ArrowUp')).toBe(idOf('loop'))
  })
})

describe('a frame that grows', () => {
  const at = (graph: Graph, key: string) => graph.nodes.find((node) => node.id === idOf(key))?.position.x ?? 0
  const drawn = () => {
    const sketch = graphOf('start -> outer -> after', {
      start: trigger,
      outer: loop,
      inner: { ...loop, parent: 'outer' },
      one: { ...step, parent: 'inner' },
      beside: { ...step, parent: 'outer' },
      after: step,
      below: step,
    })
    const places: Record<string, [number, number]> = {
      start: [0, 0],
      outer: [260, 0],
      inner: [284, 64],
      one: [308, 128],
      beside: [640, 64],
      after: [960, 0],
      below: [960, 900],
    }
    return {
      ...sketch,
      nodes: sketch.nodes.map((node) => ({ ...node, position: { x: places[node.key]?.[0] ?? 0, y: places[node.key]?.[1] ?? 0 } })),
    }
  }

  it('moves what stands beside it out of the way, in the frame around it and beside that one', () => {
    const graph = drawn()
    const node = {
      ...(graph.nodes.find((one) => one.key === 'one') as GraphNode),
      id: idOf('two'),
      key: 'two',
      position: { x: 568, y: 128 },
    }
    const moves = roomBesideFrames(graph, { kind: 'addNode', node }, node)
    const moved = new Map(moves.map((move) => [move.nodeId, move.after.x]))
    expect([...moved.keys()].sort()).toEqual([idOf('after'), idOf('below'), idOf('beside')].sort())
    expect(moved.get(idOf('beside'))).toBe(568 + 208 + 24 + 52)
    expect(moved.get(idOf('after'))).toBeGreaterThan(at(graph, 'after'))
    expect((moved.get(idOf('below')) ?? 0) - at(graph, 'below')).toBe((moved.get(idOf('after')) ?? 0) - at(graph, 'after'))
  })

  it('moves nothing while there is room', () => {
    const graph = drawn()
    const node = {
      ...(graph.nodes.find((one) => one.key === 'one') as GraphNode),
      id: idOf('two'),
      key: 'two',
      position: { x: 308, y: 228 },
    }
    expect(roomBesideFrames(graph, { kind: 'addNode', node }, node)).toEqual([])
  })
})
