import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { Graph } from '@/workflows/graph/schema'
import { buildPaint } from './build-paint'
import type { DraftResult } from './editor-context'
import { beginTesting } from './test-progress'

const trigger = { type: 'trigger.manual' }
const step = { type: 'data.set', params: { fields: [], keep: 'input' } }
const graph = graphOf('start -> one -> two', { start: trigger, one: step, two: step })

const result = (key: string, more: Partial<DraftResult> = {}): DraftResult => ({
  nodeId: idOf(key),
  status: 'succeeded',
  port: 'main',
  input: null,
  output: null,
  error: null,
  durationMs: 5,
  stale: false,
  basis: 'basis',
  outputBytes: null,
  pinned: false,
  source: 'test',
  at: new Date(0),
  ...more,
})
const failed = (more: Partial<DraftResult> = {}) =>
  result('two', {
    status: 'failed',
    error: { class: 'bad_data', code: 'wrong', message: 'It was wrong.' } as DraftResult['error'],
    ...more,
  })

const wait = { since: new Date(1_000), dueAt: new Date(9_000) }

function painted(
  results: DraftResult[],
  how: {
    waiting?: string[]
    cancelled?: { at: string[]; ran: string[] }
    testing?: string[]
    before?: DraftResult[]
    show?: boolean
    of?: Graph
  } = {},
) {
  const { waiting = [], cancelled = null, testing = [], before = results, show = false, of = graph } = how
  return buildPaint(
    of,
    [],
    { results: new Map(results.map((one) => [one.nodeId, one])), waiting: new Map(waiting.map((key) => [idOf(key), wait])), cancelled },
    beginTesting(testing.map(idOf), new Map(before.map((one) => [one.nodeId, one]))),
    show,
    { breakpoints: new Set(), at: [] },
    { item: (number, total) => `${number} of ${total}`, stopped: 'stopped here' },
  )
}

describe('what the editor paints on its nodes', () => {
  it('says of a step in a loop which item its result is of', () => {
    const iteration = { runId: 'run_1', path: 'loop/1/one', index: 1, total: 3 }
    expect(painted([result('one', { iteration })], { show: true }).get(idOf('one'))).toMatchObject({
      status: 'succeeded',
      line: '2 of 3 · 5 ms',
    })
    expect(painted([result('one')], { show: true }).get(idOf('one'))?.line).toBe('5 ms')
  })

  it('shows what went well until the next edit alone', () => {
    expect(painted([result('one')]).get(idOf('one'))).toBeUndefined()
    expect(painted([result('one')], { show: true }).get(idOf('one'))).toMatchObject({ status: 'succeeded' })
  })

  it('shows where the last test failed, and why, however the draft came on screen', () => {
    expect(painted([failed()]).get(idOf('two'))).toEqual({ status: 'failed', line: 'It was wrong.' })
  })

  it('says only that it is stale once something before it was changed', () => {
    expect(painted([failed({ stale: true })], { show: true }).get(idOf('two'))).toEqual({ stale: true })
  })

  it('shows no failure of a run, and none of a step that is tested again', () => {
    expect(painted([failed({ source: 'run' })]).get(idOf('two'))).toBeUndefined()
    expect(painted([result('one'), failed()], { testing: ['two'] }).get(idOf('two'))).toEqual({ status: 'running' })
  })

  it('lets only those steps of a test spin that it has come to', () => {
    const testing = ['one', 'two']
    const atFirst = painted([], { testing })
    expect([atFirst.get(idOf('one'))?.status, atFirst.get(idOf('two'))?.status]).toEqual(['running', undefined])
    const later = painted([result('one', { at: new Date(1) })], { testing, before: [result('one')] })
    expect([later.get(idOf('one'))?.status, later.get(idOf('two'))?.status]).toEqual(['succeeded', 'running'])
    const waits = painted([result('one', { at: new Date(1) })], { testing, before: [], waiting: ['two'] })
    expect(waits.get(idOf('two'))).toEqual({ status: 'waiting', since: wait.since, until: wait.dueAt })
  })

  it('lets a step spin that is tested alone, and what stands in a container with it', () => {
    expect(painted([], { testing: ['two'] }).get(idOf('two'))).toEqual({ status: 'running' })
    const looped = graphOf('start -> loop -> one; two', {
      start: trigger,
      loop: { type: 'flow.for_each', params: { items: '{{ input }}' } },
      one: step,
      two: { ...step, parent: 'loop' },
    })
    const paint = painted([], { testing: ['loop', 'one', 'two'], of: looped })
    expect(['loop', 'one', 'two'].map((key) => paint.get(idOf(key))?.status)).toEqual(['running', undefined, 'running'])
  })

  it('shows the step that waits, and nothing at those behind it', () => {
    const paint = painted([result('one', { status: 'waiting', port: null })], { waiting: ['one'], show: true })
    expect(paint.get(idOf('one'))).toEqual({ status: 'waiting', since: wait.since, until: wait.dueAt })
    expect(paint.get(idOf('two'))).toBeUndefined()
    const stale = painted([result('one', { status: 'waiting', port: null, stale: true })], { waiting: ['one'] })
    expect(stale.get(idOf('one'))).toEqual({ status: 'waiting', since: wait.since, until: wait.dueAt, stale: true })
  })

  it('shows at a collapsed frame that a step inside it waits or failed', () => {
    const open = graphOf('start -> loop; two', {
      start: trigger,
      loop: { type: 'flow.for_each', params: { items: '{{ input }}' } },
      two: { ...step, parent: 'loop' },
    })
    const collapsed: Graph = { ...open, nodes: open.nodes.map((node) => (node.key === 'loop' ? { ...node, collapsed: true } : node)) }
    expect(painted([], { waiting: ['two'], of: collapsed }).get(idOf('loop'))).toEqual({
      status: 'waiting',
      since: wait.since,
      until: wait.dueAt,
    })
    expect(painted([failed()], { of: collapsed }).get(idOf('loop'))).toMatchObject({ status: 'failed' })
  })

  it('shows no marks of an earlier test on what one that stands still has not come to', () => {
    const paint = buildPaint(
      graph,
      [],
      { results: new Map([result('one'), failed()].map((one) => [one.nodeId, one])), waiting: new Map() },
      beginTesting([], new Map()),
      true,
      { breakpoints: new Set(), at: [], notReached: new Set([idOf('two')]), around: new Set([idOf('one')]) },
    )
    expect(paint.get(idOf('two'))).toEqual({ status: 'idle' })
    expect(paint.get(idOf('one'))).toEqual({ status: 'paused' })
  })

  it('shows where the last test was stopped and what it had run, until another is under way', () => {
    const cancelled = { at: [idOf('two')], ran: [idOf('one')] }
    const paint = painted([result('one'), result('two')], { cancelled })
    expect(paint.get(idOf('two'))).toEqual({ status: 'cancelled', line: 'stopped here' })
    expect(paint.get(idOf('one'))).toMatchObject({ status: 'succeeded' })
    const next = painted([result('one'), result('two')], { cancelled, testing: ['one'] })
    expect(next.get(idOf('two'))).toBeUndefined()
  })
})
