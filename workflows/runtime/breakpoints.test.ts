import { describe, expect, it } from 'vitest'
import { failure, type PlainHost, plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, type NodeSketch, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import type { BreakDetail, BreakRelease } from './break-detail'
import { heldForMs } from './breakpoints'
import { executePlan } from './execute-plan'
import type { Plan, SettledWait } from './types'

const start = { type: 'trigger.manual' }
const http = (parent?: string): NodeSketch => ({
  type: 'http.request',
  params: { url: 'https://x.test', method: 'POST' },
  settings: { retry: { attempts: 1 } },
  ...(parent ? { parent } : {}),
})
const set = (parent: string, value: Json): NodeSketch => ({
  type: 'data.set',
  params: { fields: [{ name: 'v', value }], keep: 'only-set' },
  parent,
})
const at = (...parts: (string | number)[]) => parts.map((part, index) => (index % 2 === 0 ? idOf(String(part)) : part)).join('/')

/** A test with breakpoints as the server drives it: a hold is a row, and going on settles it. */
function testOf(plan: Plan, host: PlainHost, input: Json, nodes: string[], step = false) {
  const settled: SettledWait[] = [breakWait('', { number: 0, nodes: nodes.map(idOf), step })]
  const details = new Map<string, BreakDetail>()
  const { record } = host
  host.record = async (records) => {
    for (const { path, wait } of records) if (wait?.kind === 'break') details.set(path, wait.detail)
    await record(records)
  }
  let now = nodes.map(idOf)
  const run = async () => {
    for (let slices = 0; slices < 100; slices++) {
      const released = new Set(settled.map(({ path }) => path))
      const log = new Map([...host.log()].filter(([path, { attempt }]) => attempt > 0 || !released.has(path)))
      const outcome = await executePlan(plan, log, runFacts(input), host, { settled })
      if (outcome.kind === 'more') continue
      if (outcome.kind !== 'waiting') return outcome.kind === 'succeeded' ? { done: outcome.output } : { ended: outcome.kind }
      const held = outcome.waits.filter(({ kind }) => kind === 'break')
      expect(held.length).toBeLessThanOrEqual(1)
      if (held[0]) return { held: held[0].path }
      host.clock.now = outcome.until?.getTime() ?? host.clock.now
    }
    throw new Error('it came to no end')
  }
  const release = (path: string, more: Partial<BreakRelease> = {}) => {
    now = more.nodes ?? now
    settled.push(breakWait(path, { number: settled.length, nodes: now, step: false, ...more }))
    return run()
  }
  const detailAt = (path: string) => details.get(path)
  return { run, release, settled, detailAt }
}
function breakWait(path: string, release: BreakRelease, settledBy: SettledWait['settledBy'] = 'person'): SettledWait {
  return { path, attempt: 0, kind: 'break', settledBy, result: release as never }
}

describe('a breakpoint in a loop', () => {
  const plan = (concurrency = 1) =>
    planOf('start -> loop -> after; first -> second', {
      start,
      loop: { type: 'flow.for_each', params: { concurrency } },
      first: http('loop'),
      second: set('loop', '{{ input.got + item }}'),
      after: http(),
    })
  const hostOf = () => plainHost((call) => ({ got: call.input }))

  it('holds at each item that comes to it, before the step runs', async () => {
    const host = hostOf()
    const test = testOf(plan(), host, ['a', 'b'], ['first'])
    expect(await test.run()).toEqual({ held: at('loop', 0, 'first') })
    expect(host.executed).toEqual([])
    expect(await test.release(at('loop', 0, 'first'))).toEqual({ held: at('loop', 1, 'first') })
    expect(host.executed.map(({ path }) => path)).toEqual([at('loop', 0, 'first')])
    expect(await test.release(at('loop', 1, 'first'))).toEqual({ done: { got: [{ v: 'aa' }, { v: 'bb' }] } })
  })

  it('says in which item it is, of how many, its value and what comes in', async () => {
    const test = testOf(plan(), hostOf(), ['a', 'b'], ['second'])
    await test.run()
    await test.release(at('loop', 0, 'second'))
    expect(test.detailAt(at('loop', 1, 'second'))).toEqual({
      input: { got: 'b' },
      around: [{ id: idOf('loop'), iteration: '1', index: 1, total: 2, item: 'b' }],
    })
  })

  it('steps to what is next in the same item, then to the next item, then out of the loop', async () => {
    const test = testOf(plan(), hostOf(), ['a', 'b'], ['first'])
    await test.run()
    const step = { step: true }
    expect(await test.release(at('loop', 0, 'first'), step)).toEqual({ held: at('loop', 0, 'second') })
    expect(await test.release(at('loop', 0, 'second'), step)).toEqual({ held: at('loop', 1, 'first') })
    expect(await test.release(at('loop', 1, 'first'), step)).toEqual({ held: at('loop', 1, 'second') })
    expect(await test.release(at('loop', 1, 'second'), step)).toEqual({ held: idOf('after') })
    expect(await test.release(idOf('after'), step)).toMatchObject({ done: {} })
  })

  it('is not met again where it was taken away meanwhile', async () => {
    const test = testOf(plan(), hostOf(), ['a', 'b', 'c'], ['first'])
    await test.run()
    expect(await test.release(at('loop', 0, 'first'), { nodes: [] })).toMatchObject({ done: {} })
  })

  it('takes a changed value of what comes in, and a changed item', async () => {
    const host = hostOf()
    const test = testOf(plan(), host, ['a', 'b'], ['first'])
    await test.run()
    await test.release(at('loop', 0, 'first'), { input: 'x' })
    expect(await test.release(at('loop', 1, 'first'), { item: 'y' })).toEqual({ done: { got: [{ v: 'xa' }, { v: 'yy' }] } })
  })

  it('keeps a change of an item when the worker starts anew in the middle of it', async () => {
    const test = testOf(plan(), hostOf(), ['a'], ['first', 'second'])
    await test.run()
    expect(await test.release(at('loop', 0, 'first'), { item: 'y' })).toEqual({ held: at('loop', 0, 'second') })
    expect(await test.release(at('loop', 0, 'second'))).toEqual({ done: { got: [{ v: 'yy' }] } })
  })

  it.each([1, 2, 3])('holds one item at a time, the same whatever ends first, with %i at once', async (concurrency) => {
    const host = plainHost(async (call) => {
      // Later items end first.
      for (let turn = 0; turn < 5 - Number(call.input); turn++) await Promise.resolve()
      return { got: call.input }
    })
    const test = testOf(plan(concurrency), host, [0, 1, 2], ['second'])
    expect(await test.run()).toEqual({ held: at('loop', 0, 'second') })
    expect(host.executed).toHaveLength(concurrency)
    expect(await test.release(at('loop', 0, 'second'))).toEqual({ held: at('loop', 1, 'second') })
    expect(await test.release(at('loop', 1, 'second'))).toEqual({ held: at('loop', 2, 'second') })
    expect(await test.release(at('loop', 2, 'second'))).toMatchObject({ done: {} })
  })

  it('steps in one item while the others of the same moment wait', async () => {
    const test = testOf(plan(3), hostOf(), ['a', 'b', 'c'], ['first'])
    await test.run()
    expect(await test.release(at('loop', 0, 'first'))).toEqual({ held: at('loop', 1, 'first') })
    expect(await test.release(at('loop', 1, 'first'), { step: true })).toEqual({ held: at('loop', 1, 'second') })
    expect(await test.release(at('loop', 1, 'second'))).toEqual({ held: at('loop', 2, 'first') })
  })

  it('is held still when something else wakes the run', async () => {
    const test = testOf(plan(2), hostOf(), ['a', 'b'], ['first'])
    expect(await test.run()).toEqual(await test.run())
  })

  it('left alone for too long is over, without another step', async () => {
    const host = hostOf()
    const test = testOf(plan(), host, ['a'], ['first'])
    await test.run()
    host.clock.now += heldForMs
    test.settled.push({ path: at('loop', 0, 'first'), attempt: 0, kind: 'break', settledBy: 'timer', result: null })
    expect(await test.run()).toEqual({ ended: 'stopped' })
    expect(host.executed).toEqual([])
  })
})

describe('a breakpoint in other containers', () => {
  it('holds in each round of a repeat within a loop', async () => {
    const plan = planOf('start -> loop', {
      start,
      loop: { type: 'flow.for_each' },
      again: {
        type: 'flow.repeat',
        parent: 'loop',
        params: { mode: 'until', conditions: [{ left: '{{ input.v }}', operator: 'greater', right: 1 }], limit: 5 },
      },
      add: set('again', '{{ (input.v ?? 0) + 1 }}'),
    })
    const test = testOf(plan, plainHost(), [{ n: 'a' }, { n: 'b' }], ['add'])
    const seen: string[] = []
    let here = await test.run()
    for (; here.held; here = await test.release(here.held)) seen.push(here.held)
    expect(seen).toEqual([0, 1].flatMap((item) => [0, 1].map((round) => at('loop', item, 'again', round, 'add'))))
    expect(test.detailAt(at('loop', 1, 'again', 1, 'add'))?.around).toEqual([
      { id: idOf('loop'), iteration: '1', index: 1, total: 2, item: { n: 'b' } },
      { id: idOf('again'), iteration: '1', index: 1, total: null },
    ])
    expect(here).toEqual({ done: [{ v: 2 }, { v: 2 }] })
  })

  it('steps into a container', async () => {
    const plan = planOf('start -> loop', { start, loop: { type: 'flow.for_each' }, inside: set('loop', 1) })
    const test = testOf(plan, plainHost(), ['a'], [], true)
    expect(await test.run()).toEqual({ held: idOf('loop') })
    expect(await test.release(idOf('loop'), { step: true })).toEqual({ held: at('loop', 0, 'inside') })
  })

  it('holds in try and in catch, and what a failure lets go of is not held', async () => {
    const plan = planOf('start -> attempt; attempt.catch -> mend', {
      start,
      attempt: { type: 'flow.try' },
      risky: http('attempt'),
      mend: set('attempt', 'mended'),
    })
    const host = plainHost(() => failure({ class: 'business' }))
    const test = testOf(plan, host, {}, ['risky', 'mend'])
    expect(await test.run()).toEqual({ held: at('attempt', 'try', 'risky') })
    expect(await test.release(at('attempt', 'try', 'risky'))).toEqual({ held: at('attempt', 'catch', 'mend') })
    expect(await test.release(at('attempt', 'catch', 'mend'))).toEqual({ done: { v: 'mended' } })
  })

  it('lets an item that fails beside the held one end the loop', async () => {
    const plan = planOf('start -> loop; check.true -> fine; check.false -> bad', {
      start,
      loop: { type: 'flow.for_each', params: { concurrency: 2 } },
      check: { type: 'flow.if', parent: 'loop', params: { conditions: [{ left: '{{ input }}', operator: 'is_true' }] } },
      fine: set('loop', 1),
      bad: http('loop'),
    })
    const test = testOf(
      plan,
      plainHost(() => failure({ class: 'business' })),
      [true, false],
      ['fine'],
    )
    expect(await test.run()).toEqual({ ended: 'failed' })
  })
})
