import { describe, expect, it } from 'vitest'
import { driveInChunks, type PlainChunk, withChunks } from '../../../tests/support/drive-in-chunks'
import { type Effect, failure, plainHost, runFacts } from '../../../tests/support/plain-host'
import { idOf, type NodeSketch, planOf } from '../../../tests/support/plan-of'
import type { Json } from '../../graph/schema'
import { spreadOf, suitsChunks } from '../chunks'
import { executePlan } from '../execute-plan'
import type { Plan, PlanOutcome, PlanSection } from '../types'

const start = { type: 'trigger.manual' }
const http = (more: Partial<NodeSketch> = {}): NodeSketch => ({
  type: 'http.request',
  ...more,
  params: { url: 'https://x.test', method: 'POST', ...more.params },
  settings: { retry: { attempts: 1 }, ...more.settings },
})
const count = 1_050
const list = Array.from({ length: count }, (_, n) => n)
const at = (...parts: (string | number)[]) => parts.map((part, index) => (index % 2 === 0 ? idOf(String(part)) : part)).join('/')
const loopOf = (params: Record<string, Json> = {}, work: NodeSketch = http()): Plan =>
  planOf('start -> loop -> end', {
    start,
    loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 8, ...params } },
    work: { ...work, parent: 'loop' },
    end: { type: 'data.set', params: { fields: [{ name: 'got', value: '{{ input }}' }], keep: 'only-set' } },
  })
const nOf = (path: string) => Number.parseInt(path.split('/')[1] as string, 10)
const echo: Effect = (call) => ({ n: call.input })
const facts = runFacts(list)
const begin = (plan: Plan, effects: Effect, workers = 2) => withChunks(plainHost(effects), plan, facts, workers)
const outputOf = (outcome: PlanOutcome): Json => {
  if (outcome.kind !== 'succeeded') throw new Error(`the run did not succeed: ${JSON.stringify(outcome)}`)
  return outcome.output
}
const slice = (plan: Plan, host: ReturnType<typeof begin>) => executePlan(plan, host.log(), facts, host, { settled: host.settled })

describe('how a loop is divided', () => {
  it('keeps to its own limit of items at once over all workers, and uses most of it', () => {
    for (let concurrency = 2; concurrency <= 100; concurrency++) {
      const spread = spreadOf({ items: 100_000, concurrency }, 3)
      expect(spread?.parallel).toBeGreaterThan(1)
      const used = (spread?.parallel ?? 0) * (spread?.concurrency ?? 0)
      expect(used).toBeLessThanOrEqual(concurrency)
      expect(used).toBeGreaterThanOrEqual(concurrency - 1)
    }
    expect(spreadOf({ items: 100_000, concurrency: 10 }, 2)).toEqual({ size: 1_563, concurrency: 5, parallel: 2 })
    expect(spreadOf({ items: 1_000, concurrency: 100 }, 20)).toEqual({ size: 100, concurrency: 10, parallel: 10 })
  })

  it('leaves a small loop, one that goes in order, and the only worker alone', () => {
    expect(spreadOf({ items: 999, concurrency: 10 }, 2)).toBeNull()
    expect(spreadOf({ items: 5_000, concurrency: 1 }, 2)).toBeNull()
    expect(spreadOf({ items: 5_000, concurrency: 10 }, 1)).toBeNull()
  })

  const bodyOf = (work: NodeSketch, more: Record<string, NodeSketch> = {}) => {
    const plan = planOf('start -> loop', {
      start,
      loop: { type: 'flow.for_each' },
      work: { ...work, parent: 'loop' },
      ...more,
    })
    return plan.nodes.get(idOf('loop'))?.sections[0] as PlanSection
  }
  it.each<[string, boolean, NodeSketch, Record<string, NodeSketch>]>([
    ['calls the outside', true, http(), {}],
    ['only computes', false, { type: 'code.javascript', params: { source: 'return 1' } }, {}],
    ['only shapes data', false, { type: 'data.set' }, {}],
    ['calls in a container inside', true, { type: 'flow.try' }, { inner: http({ parent: 'work' }) }],
    [
      'waits somewhere inside',
      false,
      { type: 'flow.try' },
      { inner: { type: 'flow.wait', parent: 'work' }, call: http({ parent: 'work' }) },
    ],
    ['asks a person', false, http(), { ask: { type: 'people.approval', parent: 'loop', params: { title: 'Well?' } } }],
    ['may stop the run', false, http(), { halt: { type: 'flow.stop', parent: 'loop', params: { message: 'Enough' } } }],
  ])('suits workers beside each other or not: a body that %s', (_, suits, work, more) => {
    expect(suitsChunks(bodyOf(work, more))).toBe(suits)
  })
})

describe('a loop that several workers go through', () => {
  it('waits for them, and then gives what it would have given by itself', async () => {
    const plan = loopOf()
    const host = begin(plan, echo)
    const first = await slice(plan, host)
    expect(first).toMatchObject({ kind: 'waiting', until: null, waits: [{ kind: 'chunks', path: idOf('loop') }] })
    expect(host.executed).toEqual([])
    expect(host.chunks.map(({ from, to, concurrency }) => [from, to, concurrency]).at(-1)).toEqual([1_000, 1_050, 2])
    expect(await slice(plan, host)).toMatchObject({ kind: 'waiting' })
    expect(outputOf(await driveInChunks(host, plan, facts))).toEqual({ got: list.map((n) => ({ n })) })
    expect(host.executed).toHaveLength(count)
    expect(host.log().get(idOf('loop'))).toMatchObject({ status: 'succeeded', input: { items: count, chunks: 11 } })
  })

  it('has each of them go through its own items, so many at once', async () => {
    const plan = loopOf()
    let now = 0
    let most = 0
    const host = begin(plan, async (call) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
      return { n: call.input }
    })
    await slice(plan, host)
    const chunk = host.chunks[3] as PlainChunk
    await host.goThrough(chunk)
    expect(most).toBe(chunk.concurrency)
    expect(host.executed.map(({ path }) => nOf(path)).sort((a, b) => a - b)).toEqual(list.slice(chunk.from, chunk.to))
    expect(host.records.find(({ path }) => path === idOf('loop'))?.status).toBe('started')
  })

  it('does not do again what a worker recorded before it died', async () => {
    const plan = loopOf()
    const host = begin(plan, echo)
    await slice(plan, host)
    let left = 30
    const chunk = host.chunks[0] as PlainChunk
    expect(await host.goThrough(chunk, { stopping: () => (left-- > 0 ? null : 'shutdown') })).toBe(false)
    const before = host.executed.length
    expect(before).toBeLessThan(100)
    outputOf(await driveInChunks(host, plan, facts))
    expect(host.executed).toHaveLength(count)
  })

  it('goes on beside its other branches', async () => {
    const plan = planOf('start -> loop; start -> other', {
      start,
      loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 8 } },
      work: http({ parent: 'loop' }),
      other: http(),
    })
    const host = begin(plan, echo)
    for (let slices = 0; slices < 3; slices++) await slice(plan, host)
    expect(host.executed.map(({ path }) => path)).toEqual([idOf('other')])
    expect(host.log().get(idOf('other'))?.status).toBe('succeeded')
    outputOf(await driveInChunks(host, plan, facts))
    expect(host.executed).toHaveLength(count + 1)
  })

  it.each(['skip', 'collect'])('leaves items that failed to the run, which goes on without them: %s', async (onItemError) => {
    const plan = loopOf({ onItemError })
    const effects: Effect = (call) => (nOf(call.path) % 100 === 7 ? failure({ class: 'bad_data' }) : { n: call.input })
    const host = begin(plan, effects)
    const alone = plainHost(effects)
    const expected = await executePlan(plan, new Map(), facts, alone)
    expect(outputOf(await driveInChunks(host, plan, facts, { pick: (open) => open.at(-1) as PlainChunk }))).toEqual(outputOf(expected))
    expect(host.executed).toHaveLength(count)
  })

  it('tries again later in the run what its items may be tried again for', async () => {
    const plan = loopOf({ onItemError: 'collect', attempts: 2, retryDelayMs: 60_000 })
    const tries = new Map<string, number>()
    const host = begin(plan, (call) => {
      const key = String(nOf(call.path))
      tries.set(key, (tries.get(key) ?? 0) + 1)
      return key === '512' && tries.get(key) === 1 ? failure({ class: 'bad_data' }) : { n: call.input }
    })
    expect(outputOf(await driveInChunks(host, plan, facts))).toEqual({ got: { results: list.map((n) => ({ n })), errors: [] } })
    expect(tries.get('512')).toBe(2)
    expect(host.executed).toHaveLength(count + 1)
  })

  it('leaves a step that waits for its next try to the run', async () => {
    const plan = loopOf({}, http({ settings: { retry: { attempts: 2, delayMs: 3_600_000 } } }))
    let failed = false
    const host = begin(plan, (call) => {
      if (nOf(call.path) !== 300 || failed) return { n: call.input }
      failed = true
      return failure()
    })
    expect(outputOf(await driveInChunks(host, plan, facts))).toEqual({ got: list.map((n) => ({ n })) })
    expect(host.executed.filter(({ path }) => nOf(path) === 300).map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('fails with the item that failed, and begins no other of those that are left', async () => {
    const plan = loopOf()
    const host = begin(plan, (call) => (nOf(call.path) === 750 ? failure({ class: 'bad_data' }) : { n: call.input }))
    await slice(plan, host)
    const half = host.chunks[0] as PlainChunk
    let left = 20
    await host.goThrough(half, { stopping: () => (left-- > 0 ? null : 'shutdown') })
    await host.goThrough(host.chunks[7] as PlainChunk)
    const before = host.executed.length
    expect(await driveInChunks(host, plan, facts)).toMatchObject({ kind: 'failed', path: at('loop', 750, 'work') })
    expect(host.executed).toHaveLength(before)
    expect(host.log().get(idOf('loop'))?.status).toBe('failed')
    expect([...host.log().values()].filter(({ status }) => status === 'started')).toEqual([])
  })

  it('cleans up what was under way in any of them when the run is cancelled', async () => {
    const plan = planOf('start -> loop; attempt.finally -> tidy', {
      start,
      loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 4 } },
      attempt: { type: 'flow.try', parent: 'loop' },
      work: http({ parent: 'attempt' }),
      tidy: http({ parent: 'attempt' }),
    })
    const host = begin(plan, (call) => ({ n: call.path }))
    await slice(plan, host)
    for (const no of [0, 5]) {
      let left = 6
      await host.goThrough(host.chunks[no] as PlainChunk, { stopping: () => (left-- > 0 ? null : 'shutdown') })
    }
    const underWay = [...host.log().values()].filter(({ path, status }) => path.endsWith(idOf('attempt')) && status === 'started')
    expect(new Set(underWay.map(({ path }) => (nOf(path) < 500 ? 'first' : 'second')))).toEqual(new Set(['first', 'second']))
    await host.stopChunks?.(idOf('loop'))
    host.executed.length = 0
    const outcome = await executePlan(plan, host.log(), facts, host, { settled: host.settled, cancelling: true })
    expect(outcome).toEqual({ kind: 'stopped', reason: 'cancelled' })
    expect(host.executed.filter(({ node }) => node.node.key !== 'tidy')).toEqual([])
    const tidied = new Set([...host.log().keys()].filter((path) => path.endsWith(`finally/${idOf('tidy')}`)).map(nOf))
    for (const { path } of underWay) expect(tidied).toContain(nOf(path))
  })

  it('calls them back when a branch beside it fails, and fails when they have ended', async () => {
    const plan = planOf('start -> loop; start -> other', {
      start,
      loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 8 } },
      work: http({ parent: 'loop' }),
      other: http(),
    })
    const host = begin(plan, (call) => (call.node.node.key === 'other' ? failure({ class: 'bad_data' }) : { n: 1 }))
    const stopped: string[] = []
    const { stopChunks } = host
    host.stopChunks = async (path) => {
      stopped.push(path)
      if (stopped.length > 1) await stopChunks?.(path)
    }
    await slice(plan, host)
    expect(await slice(plan, host)).toMatchObject({ kind: 'waiting', waits: [{ kind: 'chunks' }] })
    expect(stopped.length).toBeGreaterThan(0)
    await host.stopChunks?.(idOf('loop'))
    expect(await driveInChunks(host, plan, facts)).toMatchObject({ kind: 'failed', path: idOf('other') })
    expect(host.log().get(idOf('loop'))?.error?.code).toBe('step.abandoned')
  })

  it('names items as it would by itself, so that no effect has another key', async () => {
    const plan = loopOf({ itemKey: '{{ item % 500 }}' })
    const keysOf = (executed: { path: string; stepKey: string }[]) => new Map(executed.map(({ path, stepKey }) => [path, stepKey]))
    const alone = plainHost(echo)
    await executePlan(plan, new Map(), facts, alone)
    const host = begin(plan, (call) => (nOf(call.path) === 1_002 ? failure() : { n: call.input }))
    await driveInChunks(host, plan, facts, { pick: (open) => open.at(-1) as PlainChunk })
    const expected = keysOf(alone.executed)
    for (const [path, key] of keysOf(host.executed)) expect(key).toBe(expected.get(path))
  })

  it('leaves all to the run where the list is another one now', async () => {
    const plan = loopOf()
    const host = begin(plan, echo)
    await slice(plan, host)
    const chunk = host.chunks[0] as PlainChunk
    await host.goThrough({ ...chunk, items: 12 })
    expect(host.executed).toEqual([])
  })

  it('goes through its items by itself where nobody would help', async () => {
    const plan = loopOf()
    const host = begin(plan, echo, 1)
    expect(outputOf(await driveInChunks(host, plan, facts))).toEqual({ got: list.map((n) => ({ n })) })
    expect(host.chunks).toEqual([])
    expect(host.log().get(idOf('loop'))?.input).not.toHaveProperty('chunks')
  })

  it('works for a node that its settings run for each item', async () => {
    const plan = planOf('start -> call', { start, call: http({ settings: { each: { items: '{{ input }}', concurrency: 10 } } }) })
    const host = begin(plan, (call) => ({ n: nOf(call.path) }))
    expect(outputOf(await driveInChunks(host, plan, facts, { pick: (open) => open.at(-1) as PlainChunk }))).toEqual(
      list.map((n) => ({ n })),
    )
    expect(host.chunks.length).toBeGreaterThan(1)
  })
})
