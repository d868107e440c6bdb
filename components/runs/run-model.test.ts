import { describe, expect, it } from 'vitest'
import type { GraphNode } from '@/workflows/graph/schema'
import { mergeSteps, paintRun, repeatedSteps, rowsOf, type StepItem, spanOf } from './run-model'
import { axisOf } from './timeline-axis'
import { around, bringInto, moved, zoomed } from './timeline-view'

const words = {
  cancelled: 'cancelled',
  unknown: 'unknown',
  calls: (calls: number) => `${calls} calls`,
  toolCalls: (calls: number) => `${calls} call`,
  iterations: (done: number, total: number | null) => `${done} of ${total}`,
  items: (count: number) => `${count} items`,
  way: (port: string) => port,
}

describe('a run as it is shown', () => {
  it('replaces what was known of a try with later news of it', () => {
    const merged = mergeSteps([step('fetch001', { seq: 1, status: 'started' })], [step('fetch001', { seq: 2, status: 'succeeded' })])
    expect(merged).toHaveLength(1)
    expect(merged[0]?.status).toBe('succeeded')
  })

  it('says which try is next and when while a step waits to be tried again', () => {
    const retryAt = new Date('2026-11-21T10:01:00Z')
    const run = runOf('waiting')
    const rows = rowsOf(run, [step('fetch001', { status: 'failed', retryAt, port: null })])
    expect(paintRun(run, rows, words).paint.get('fetch001')).toMatchObject({
      status: 'retrying',
      retry: { at: retryAt, attempt: 2, of: 3 },
    })
  })

  it('says since when a step waits, and until when', () => {
    const waited = { kind: 'approval' as const, since: at(2_000), until: null, dueAt: at(90_000) }
    const run = runOf('waiting')
    const rows = rowsOf(run, [step('fetch001', { status: 'waiting', port: null, waited })])
    expect(paintRun(run, rows, words).paint.get('fetch001')).toMatchObject({ status: 'waiting', since: at(2_000), until: at(90_000) })
  })

  it('does not promise a try in a run that has ended', () => {
    const run = runOf('cancelled')
    const [row] = rowsOf(run, [step('fetch001', { status: 'failed', retryAt: new Date(), port: null })])
    expect(row?.look).toBe('failed')
  })

  it('counts a wait that ended with its run until then', () => {
    const run = { ...runOf('cancelled'), finishedAt: at(30_000) }
    const [row] = rowsOf(run, [step('fetch001', { status: 'waiting', startedAt: at(0), durationUs: 0, port: null })])
    expect(row && spanOf(row)).toBe(30_000)
  })

  it('draws the way that was taken and dims the other', () => {
    const run = runOf('succeeded')
    const rows = rowsOf(run, [
      step('limit001', { port: 'true' }),
      step('fetch001', { seq: 2 }),
      step('other001', { seq: 3, status: 'skipped', port: null }),
    ])
    const { edgePaint, paint } = paintRun(run, rows, words)
    expect(edgePaint.get('edge_yes1')).toBe('taken')
    expect(edgePaint.get('edge_no01')).toBe('dim')
    expect(paint.get('other001')).toEqual({ status: 'idle' })
  })

  it('says on an edge how much went through it and how long that took, and nothing where nothing went', () => {
    const run = runOf('succeeded')
    const rows = rowsOf(run, [step('limit001', { port: 'true', items: 12, durationUs: 340_000 }), step('fetch001', { seq: 2 })])
    const { labels } = paintRun(run, rows, words)
    expect(labels.get('edge_yes1')).toContain('12 items · 340 ms')
    expect(labels.get('edge_no01') ?? '').not.toContain('items')
  })

  it('gathers the turns of an agent below it', () => {
    const run = runOf('running')
    const [row] = rowsOf(run, [
      step('fetch001', { status: 'started', port: null }),
      step('fetch001/turn.1', { seq: 2, inputTokens: 10, outputTokens: 5 }),
    ])
    expect(row?.inner).toHaveLength(1)
    expect(row?.look).toBe('running')
  })

  it('counts a step as repeated only where it was unknown how the try before ended', () => {
    const run = runOf('succeeded')
    const lost = [step('fetch001', { status: 'started', port: null }), step('fetch001', { attempt: 2, seq: 2 })]
    const retried = [step('limit001', { status: 'failed', seq: 3 }), step('limit001', { attempt: 2, seq: 4 })]
    expect(repeatedSteps(rowsOf(run, [...lost, ...retried]))).toBe(1)
  })

  it('ends with the run and has its marks at round times', () => {
    const run = { ...runOf('succeeded'), createdAt: at(0), startedAt: at(0), finishedAt: at(7_300) }
    const rows = rowsOf(run, [step('fetch001', { startedAt: at(200), durationUs: 7_000_000 })])
    const axis = axisOf(run, rows, 0, 'time')
    expect(axis.whole).toBeCloseTo(7_373)
    expect(axis.ticks.map((tick) => tick.label).slice(1)).toEqual(['2 s', '4 s', '6 s'])
    const place = axis.place(rows[0]?.last as StepItem, 0)
    expect(place.left).toBeCloseTo((200 / 7_373) * 100)
    expect(place.left + place.width).toBeCloseTo((7_200 / 7_373) * 100)
  })

  it('reaches a mark beyond now while the run goes on, and stays there until now comes near', () => {
    const run = { ...runOf('running'), createdAt: at(0), startedAt: at(0), finishedAt: null }
    const rows = rowsOf(run, [step('fetch001', { status: 'started', port: null })])
    const wholeAt = (ms: number) => axisOf(run, rows, at(ms).getTime(), 'time').whole
    expect([wholeAt(6_500), wholeAt(7_900), wholeAt(8_100)]).toEqual([10_000, 10_000, 12_000])
  })

  it('shows a part of the time with its own round marks', () => {
    const run = { ...runOf('succeeded'), createdAt: at(0), startedAt: at(0), finishedAt: at(7_300) }
    const rows = rowsOf(run, [step('fetch001', { startedAt: at(2_100), durationUs: 100_000 })])
    const axis = axisOf(run, rows, 0, 'time', { from: 2_000, to: 2_500 })
    expect(axis.ticks.map((tick) => Math.round(tick.at))).toEqual([0, 20, 40, 60, 80, 100])
    const place = axis.place(rows[0]?.last as StepItem, 0)
    expect(place.left).toBeCloseTo(20)
    expect(place.width).toBeCloseTo(20)
  })

  it('reckons two hundred thousand tries without running out of room', () => {
    const run = { ...runOf('succeeded'), createdAt: at(0), startedAt: at(0), finishedAt: at(10_000) }
    const tries = Array.from({ length: 200_000 }, (_, index) =>
      step('fetch001', { attempt: index + 1, seq: index, startedAt: at(index / 20) }),
    )
    expect(axisOf(run, rowsOf(run, tries), 0, 'time').whole).toBe(10_100)
    expect(axisOf(run, rowsOf(run, tries), 0, 'order').whole).toBe(200_001)
  })

  it('keeps what an iteration of a loop did apart from the steps around it', () => {
    const run = runOf('succeeded')
    const steps = [step('limit001'), step('limit001/3/fetch001', { seq: 2, nodeId: 'fetch001' }), step('limit001/4/other001', { seq: 3 })]
    expect(rowsOf(run, steps).map((row) => row.path)).toEqual(['limit001'])
    expect(rowsOf(run, steps, 'limit001/3/').map((row) => [row.path, row.title, row.depth])).toEqual([
      ['limit001/3/fetch001', 'fetch001', 1],
    ])
  })
})

describe('what is seen of the timeline', () => {
  const all = { by: 'time' as const, whole: 1_000, view: { from: 0, to: 1_000 } }

  it('keeps the place that is zoomed at where it is', () => {
    const near = zoomed(all, 0.5, 200)
    expect(near).toEqual({ from: 100, to: 600 })
    expect(zoomed({ ...all, view: near as never }, 2, 200)).toBeNull()
  })

  it('does not leave the axis', () => {
    expect(moved(all, 100)).toBeNull()
    expect(moved({ ...all, view: { from: 700, to: 900 } }, 500)).toEqual({ from: 800, to: 1_000 })
    expect(zoomed({ ...all, view: { from: 900, to: 1_000 } }, 4, 1_000)).toEqual({ from: 600, to: 1_000 })
  })

  it('comes no nearer than anything can be told apart', () => {
    const view = zoomed(all, 1e-9, 500)
    expect((view?.to ?? 0) - (view?.from ?? 0)).toBeCloseTo(0.2)
  })

  it('brings a step into sight at the zoom there is', () => {
    expect(bringInto({ ...all, view: { from: 0, to: 100 } }, { from: 50, to: 500 })).toBeNull()
    expect(bringInto({ ...all, view: { from: 0, to: 100 } }, { from: 500, to: 510 })).toEqual({ from: 490, to: 590 })
    expect(around(all, { from: 400, to: 600 })).toEqual({ from: 350, to: 650 })
  })
})

function at(ms: number) {
  return new Date(Date.UTC(2026, 10, 21, 10) + ms)
}

function runOf(status: 'running' | 'waiting' | 'succeeded' | 'cancelled') {
  return {
    status,
    graph: {
      schema: 1 as const,
      nodes: [node('limit001', 'flow.if'), node('fetch001', 'http.request'), node('other001', 'http.request')],
      edges: [
        { id: 'edge_yes1', from: 'limit001', fromPort: 'true', to: 'fetch001', toPort: 'main' },
        { id: 'edge_no01', from: 'limit001', fromPort: 'false', to: 'other001', toPort: 'main' },
      ],
    },
  }
}

function node(id: string, type: string): GraphNode {
  const settings = { onError: 'fail' as const, atMostOnce: false, disabled: false, note: '' }
  return { id, key: id, title: id, type, version: 1, params: {}, settings, position: { x: 0, y: 0 } }
}

function step(path: string, extra: Partial<StepItem> = {}): StepItem {
  return {
    path,
    nodeId: path.split('/')[0] as string,
    nodeTitle: path,
    nodeType: 'http.request',
    attempt: 1,
    status: 'succeeded',
    port: 'main',
    startedAt: at(0),
    durationUs: 1_000,
    retryAt: null,
    model: null,
    inputTokens: null,
    outputTokens: null,
    practice: false,
    costMicros: 0,
    currency: null,
    reused: false,
    originRunId: null,
    error: null,
    seq: 1,
    hasOutput: true,
    items: 1,
    waited: null,
    ...extra,
  }
}
