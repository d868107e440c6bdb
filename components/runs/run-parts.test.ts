import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { StepItem } from './run-model'
import { aroundOf, numberOf, partsOf, pickedBy, showParts } from './run-parts'

const graph = graphOf('start -> loop -> after', {
  start: { type: 'trigger.manual' },
  loop: { type: 'flow.for_each', title: 'Each line' },
  attempt: { type: 'flow.try', parent: 'loop' },
  call: { type: 'http.request', parent: 'attempt' },
  after: { type: 'data.set', settings: { each: { items: '{{ input }}' } } },
})
const [loop, attempt, call, after] = ['loop', 'attempt', 'call', 'after'].map(idOf) as [string, string, string, string]
const step = (path: string, at: number): StepItem =>
  ({
    path,
    nodeId: path.split('/').at(-1),
    attempt: 1,
    status: 'succeeded',
    port: 'main',
    startedAt: new Date(at),
    durationUs: 1,
    seq: at,
    waited: null,
  }) as StepItem

describe('the parts of a run', () => {
  const run = { status: 'succeeded' as const, graph }
  const steps: Record<string, StepItem[]> = {
    '': [step(idOf('start'), 1), step(loop, 2), step(after, 9)],
    [`${loop}/4/`]: [step(`${loop}/4/${attempt}`, 3)],
    [`${loop}/7/`]: [step(`${loop}/7/${attempt}`, 5)],
    [`${loop}/7/${attempt}/body/`]: [step(`${loop}/7/${attempt}/body/${call}`, 6)],
    [`${after}/0/`]: [step(`${after}/0/${after}`, 10)],
  }
  const known = {
    steps: (prefix: string) => steps[prefix] ?? null,
    first: (path: string) => (path === loop ? '4' : '0'),
    sections: (path: string) => (path === `${loop}/7/${attempt}` ? ['body'] : null),
  }

  it('shows of a loop the iteration that needs a look, below the loop', () => {
    const { rows, open } = showParts(run, known, new Map())
    expect(rows.map((row) => [row.path, row.depth])).toEqual([
      [idOf('start'), 0],
      [loop, 0],
      [`${loop}/4/${attempt}`, 1],
      [after, 0],
      [`${after}/0/${after}`, 1],
    ])
    expect(open).toEqual([`${loop}/4/`, `${after}/0/`])
  })

  it('shows the iteration that was picked, with all sections in it', () => {
    const { rows, open, containers, loops } = showParts(run, known, new Map([[loop, '7']]))
    expect(rows.map((row) => row.path)).toContain(`${loop}/7/${attempt}/body/${call}`)
    expect(open).toContain(`${loop}/7/${attempt}/body/`)
    expect(containers).toEqual([`${loop}/7/${attempt}`])
    expect(loops).toEqual([loop, after])
  })

  it('reads from a path which iterations it goes through', () => {
    expect([...pickedBy(`${loop}/7/${attempt}/body/${call}`)]).toEqual([
      [loop, '7'],
      [`${loop}/7/${attempt}`, 'body'],
    ])
    expect(aroundOf(`${loop}/7/${attempt}/body/${call}`)).toEqual({ container: `${loop}/7/${attempt}`, iteration: 'body' })
    expect(aroundOf(loop)).toBeNull()
    expect([numberOf('5'), numberOf('5.2'), numberOf('catch')]).toEqual([5, 5, null])
  })

  it('knows what runs many times from what has named parts', () => {
    expect(graph.nodes.map((node) => partsOf(node))).toEqual([null, 'loop', 'sections', null, 'loop'])
  })
})
