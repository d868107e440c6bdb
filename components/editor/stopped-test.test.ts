import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import { toggled } from './breakpoints'
import { holdsOf, requestOf, type StoppedTest, stopOf } from './stopped-test'

const set = { type: 'data.set' }
const graph = graphOf('start -> one -> two -> three; two -> loop', {
  start: { type: 'trigger.manual' },
  one: set,
  two: set,
  three: set,
  loop: { type: 'flow.for_each' },
  inside: { ...set, parent: 'loop' },
})
const [start, one, two, three, loop] = ['start', 'one', 'two', 'three', 'loop'].map(idOf) as [string, string, string, string, string]
const begun = { nodeId: start, mode: 'all' as const }
const stopped: StoppedTest = {
  ...begun,
  at: [two],
  taken: new Map([[one, 'main']]),
  changed: new Map([[one, { a: 9 }]]),
  startedAt: 0,
}

describe('a test with breakpoints', () => {
  it('ends before them', () => {
    expect(requestOf(begun, graph, new Set([two]), null, null)).toEqual({ ...begun, instead: [], stopBefore: [two] })
  })
  it('is held inside containers instead', () => {
    const breakpoints = new Set([two, idOf('inside')])
    expect(requestOf(begun, graph, breakpoints, null, null).stopBefore).toEqual([two])
    expect(holdsOf(graph, breakpoints)).toEqual([idOf('inside')])
  })
  it('of one step alone does not ask for them', () => {
    expect(requestOf({ nodeId: two, mode: 'node' }, graph, new Set([two]), null, null)).toEqual({ nodeId: two, mode: 'node', instead: [] })
  })
  it('goes on with what it has and what was changed, until the next one', () => {
    expect(requestOf(begun, graph, new Set([two, three]), stopped, 'continue')).toEqual({
      ...begun,
      instead: [{ nodeId: one, output: { a: 9 } }],
      stopBefore: [three],
    })
  })
  it('steps over what is next alone', () => {
    expect(requestOf(begun, graph, new Set([two]), stopped, 'step').stopBefore).toEqual([three, loop])
  })
})

describe('where a test stands', () => {
  const runs = new Set([one, two, three, loop])
  const at = (taken: string[], stopBefore: string[]) =>
    stopOf(graph, { taken: new Map(taken.map((id) => [id, 'main'])), triggerId: start, stopBefore, runs })
  it('is before breakpoints that the flow came to', () => {
    expect(at([one], [two])).toEqual({ kind: 'stopped', at: [two] })
  })
  it('is its end where nothing is next', () => {
    expect(at([one, two, three, loop], [two])).toEqual({ kind: 'done' })
  })
  it('goes on by itself where something was held back for nothing', () => {
    expect(at([one], [three])).toEqual({ kind: 'on', at: [two] })
  })
})

it('a breakpoint is set on steps, also inside a container, not on triggers, and taken away again', () => {
  expect(toggled(new Set(), [start, one, idOf('inside')], graph)).toEqual(new Set([one, idOf('inside')]))
  expect(toggled(new Set([one]), [one], graph)).toEqual(new Set())
  expect(toggled(new Set([one]), [one, two], graph)).toEqual(new Set([one, two]))
  expect(toggled(new Set(), [start], graph)).toBeNull()
})
