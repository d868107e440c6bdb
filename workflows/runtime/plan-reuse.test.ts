import { describe, expect, it } from 'vitest'
import { failure, plainHost, runFacts } from '../../tests/support/plain-host'
import { compiled, graphOf, idOf, type NodeSketch, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import { executePlan } from './execute-plan'
import { planReuse } from './plan-reuse'
import type { Plan, StepCall, StepLog, StepRecord } from './types'

const drawing = 'start -> a -> b -> c; start -> side -> c'
const http = (url: string) => ({ type: 'http.request', params: { url }, settings: { retry: { attempts: 1 } } })
const sketches = (more: Record<string, NodeSketch> = {}): Record<string, NodeSketch> => ({
  start: { type: 'trigger.manual' },
  a: http('https://a.test'),
  b: http('https://b.test/{{ input.n }}'),
  side: http('https://side.test'),
  c: { type: 'flow.merge' },
  ...more,
})
const facts = runFacts({ id: 7 })
const options = { trigger: { nodeId: null, data: { id: 7 } }, variables: {} }

async function failedAtB() {
  const plan = planOf(drawing, sketches())
  const host = plainHost({ a: () => ({ n: 1 }), b: () => failure(), side: () => ({ s: 1 }) })
  await executePlan(plan, new Map(), facts, host)
  return { plan, host }
}

describe('running again from a step', () => {
  it('takes over what does not follow it and is unchanged', async () => {
    const { plan, host } = await failedAtB()
    expect(planReuse(plan, host.log(), { ...options, fromPath: idOf('b') })).toEqual({
      reused: [idOf('a'), idOf('side')],
      again: [idOf('b'), idOf('c')],
    })
  })

  it('does a changed step again, and what gets another input from it', async () => {
    const { host } = await failedAtB()
    const changed = planOf(drawing, sketches({ a: http('https://other.test') }))
    expect(planReuse(changed, host.log(), { ...options, fromPath: idOf('b') }).reused).toEqual([idOf('side')])
  })

  it('takes nothing over when the run gets another input', async () => {
    const { plan, host } = await failedAtB()
    expect(planReuse(plan, host.log(), { ...options, trigger: { nodeId: null, data: { id: 8 } }, fromPath: idOf('b') }).reused).toEqual([])
  })

  it('executes only what was not taken over, with the keys of the first run', async () => {
    const { plan, host } = await failedAtB()
    const { reused } = planReuse(plan, host.log(), { ...options, fromPath: idOf('b') })
    const log = new Map([...host.log()].filter(([path]) => reused.includes(path)))
    const again = plainHost((call) => ({ key: call.stepKey }))
    const outcome = await executePlan(plan, log, { ...facts, id: 'run_2' }, again)
    expect(again.executed.map((call) => [call.path, call.stepKey])).toEqual([[idOf('b'), `${facts.rootId}/${idOf('b')}/0/0`]])
    expect(outcome).toMatchObject({ kind: 'succeeded', output: [{ key: `${facts.rootId}/${idOf('b')}/0/0` }, { s: 1 }] })
  })

  it('takes over more steps of a loop than a call takes arguments', async () => {
    const plan = planOf('start -> loop -> bad', {
      start: { type: 'trigger.manual' },
      loop: { type: 'flow.for_each', params: { items: '{{ [1] }}' } },
      one: { ...http('https://one.test'), parent: 'loop' },
      bad: http('https://bad.test'),
    })
    const host = plainHost({ one: () => 1, bad: () => failure() })
    await executePlan(plan, new Map(), facts, host)
    const log = host.log() as Map<string, StepRecord>
    const inside = (item: number) => `${idOf('loop')}/${item}/${idOf('one')}`
    const one = log.get(inside(0)) as StepRecord
    for (let item = 1; item < 200_000; item++) log.set(inside(item), { ...one, path: inside(item) })
    expect(planReuse(plan, log, { ...options, fromPath: idOf('bad') }).reused).toHaveLength(200_001)
  })

  it('takes over what a merge of what arrives first gave, whichever way that was', async () => {
    const plan = planOf('start -> slow -> m; start -> quick -> m; m -> pay -> last', {
      start: { type: 'trigger.manual' },
      slow: http('https://slow.test'),
      quick: http('https://quick.test'),
      m: { type: 'flow.merge', params: { mode: 'first-to-arrive' } },
      pay: { ...http('https://pay.test'), params: { url: 'https://pay.test', method: 'POST' } },
      last: http('https://last.test'),
    })
    for (const first of ['quick', 'slow', 'both']) {
      const later = (key: string) => async () => {
        if (first !== 'both' && key !== first) await new Promise((go) => setTimeout(go, 20))
        return { key }
      }
      const host = plainHost({ slow: later('slow'), quick: later('quick'), pay: () => 'paid', last: () => failure() })
      await executePlan(plan, new Map(), facts, host)
      expect(host.log().get(idOf('slow'))?.status).toBe('succeeded')
      const { reused } = planReuse(plan, host.log(), { ...options, fromPath: idOf('last') })
      expect(reused.sort()).toEqual(['m', 'pay', 'quick', 'slow'].map(idOf))
      const changed = new Map([...host.log()].map(([path, record]) => [path, record]))
      for (const key of ['slow', 'quick']) changed.set(idOf(key), { ...(changed.get(idOf(key)) as StepRecord), output: 'other' })
      expect(planReuse(plan, changed, { ...options, fromPath: idOf('last') }).reused).not.toContain(idOf('pay'))
    }
  })

  it('leaves out what the earlier run skipped, unless this one may come to it', async () => {
    const graph = graphOf('start -> check; check.true -> yes -> end; check.false -> no -> end', {
      start: { type: 'trigger.manual' },
      check: { type: 'flow.if', params: { conditions: [{ left: '{{ input.id }}', operator: 'greater', right: 1 }] } },
      yes: { type: 'data.set' },
      no: { type: 'data.set' },
      end: http('https://end.test'),
    })
    const plan = compiled(graph)
    const host = plainHost(() => failure())
    await executePlan(plan, new Map(), facts, host)
    expect(planReuse(plan, host.log(), { ...options, fromPath: idOf('end') })).toEqual({
      reused: [idOf('check'), idOf('yes')],
      again: [idOf('end')],
    })
    const other = { ...options, trigger: { nodeId: null, data: { id: 0 } }, fromPath: idOf('end') }
    expect(planReuse(plan, host.log(), other)).toEqual({ reused: [], again: ['check', 'yes', 'no', 'end'].map(idOf) })
  })
})

describe('running again with containers', () => {
  const drawing = 'start -> loop -> after; first -> second'
  const sketches = (second: Record<string, Json> = {}) => ({
    start: { type: 'trigger.manual' },
    loop: { type: 'flow.for_each' },
    first: {
      type: 'http.request',
      parent: 'loop',
      params: { url: 'https://x.test/first', method: 'POST' },
      settings: { retry: { attempts: 1 } },
    },
    second: {
      type: 'http.request',
      parent: 'loop',
      params: { url: 'https://x.test/second', method: 'POST', ...second },
      settings: { retry: { attempts: 1 } },
    },
    after: { type: 'data.set', params: { fields: [{ name: 'n', value: '{{ input.length }}' }] } },
  })
  const at = (index: number, key: string) => `${idOf('loop')}/${index}/${idOf(key)}`
  async function failed() {
    const plan = planOf(drawing, sketches())
    const host = plainHost((call) => (call.path === at(1, 'second') ? failure({ class: 'business' }) : { by: call.path }))
    await executePlan(plan, host.log(), runFacts(['a', 'b', 'c']), host)
    return { plan, log: host.log() }
  }
  const reuse = (plan: Plan, log: StepLog, fromPath: string) =>
    planReuse(plan, log, { trigger: { nodeId: null, data: ['a', 'b', 'c'] }, variables: {}, fromPath })

  it('takes over what was done for each item before the step that failed', async () => {
    const { plan, log } = await failed()
    const { reused, again } = reuse(plan, log, at(1, 'second'))
    expect(reused).toEqual([at(0, 'first'), at(0, 'second'), at(1, 'first')])
    expect(again).toEqual(['loop', 'first', 'second', 'after'].map(idOf))
  })
  it('does the chosen step again and what follows it in its item, and nothing else', async () => {
    const { plan, log } = await failed()
    expect(reuse(plan, log, at(0, 'first')).reused).toEqual([at(1, 'first')])
  })
  it('keeps what stands before a step inside that was changed', async () => {
    const { log } = await failed()
    const changed = planOf(drawing, sketches({ url: 'https://x.test/repaired' }))
    expect(reuse(changed, log, '').reused).toEqual([at(0, 'first'), at(1, 'first')])
  })
  it('goes on from there to the same end', async () => {
    const { plan, log } = await failed()
    const { reused } = reuse(plan, log, at(1, 'second'))
    const host = plainHost((call) => ({ by: call.path }))
    const taken = new Map(reused.map((path) => [path, log.get(path) as StepRecord]))
    const outcome = await executePlan(plan, taken, runFacts(['a', 'b', 'c']), host)
    expect(outcome).toMatchObject({ kind: 'succeeded', output: { n: 3 } })
    expect(host.executed.map((call) => call.path)).toEqual([at(1, 'second'), at(2, 'first'), at(2, 'second')])
  })
  it('goes no further round by round than a changed repeat would', async () => {
    const polling = (right: number) =>
      planOf('start -> poll', {
        start: { type: 'trigger.manual' },
        poll: { type: 'flow.repeat', params: { limit: 5, conditions: [{ left: '{{ input.n }}', operator: 'equals', right }] } },
        step: { ...http('https://step.test'), parent: 'poll' },
      })
    const effect = (call: StepCall) => ({ n: Number(call.path.split('/')[1]) })
    const wrong = polling(-1)
    const host = plainHost(effect)
    expect(await executePlan(wrong, new Map(), facts, host)).toMatchObject({ kind: 'failed', error: { code: 'repeat.limit' } })
    expect(planReuse(wrong, host.log(), { ...options, fromPath: '' }).reused).toHaveLength(5)
    const mended = polling(2)
    const { reused } = planReuse(mended, host.log(), { ...options, fromPath: '' })
    const log = new Map([...host.log()].filter(([path]) => reused.includes(path)))
    const outcome = await executePlan(mended, log, { ...facts, id: 'run_2' }, plainHost(effect))
    expect(outcome).toMatchObject({ kind: 'succeeded', output: { n: 2 } })
  })

  it('takes a container that is done as one, with what stands in it', async () => {
    const plan = planOf(drawing, sketches())
    const host = plainHost((call) => ({ by: call.path }))
    await executePlan(plan, host.log(), runFacts(['a']), host)
    const { reused, again } = planReuse(plan, host.log(), {
      trigger: { nodeId: null, data: ['a'] },
      variables: {},
      fromPath: idOf('after'),
    })
    expect(reused.sort()).toEqual([idOf('loop'), at(0, 'first'), at(0, 'second')].sort())
    expect(again).toEqual([idOf('after')])
  })
})
