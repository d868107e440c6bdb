import { describe, expect, it } from 'vitest'
import { failure, plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import { executePlan, isQuick, queueOf } from './execute-plan'
import { FencedError, type PlanOutcome, type StepRecord } from './types'

const trigger = { type: 'trigger.manual' }
const http = (url = 'https://example.com', more: Record<string, Json> = {}) => ({ type: 'http.request', params: { url, ...more } })
const set = (fields: Record<string, Json>) => ({
  type: 'data.set',
  params: { fields: Object.entries(fields).map(([name, value]) => ({ name, value })) },
})

function succeeded(outcome: PlanOutcome): Json {
  if (outcome.kind !== 'succeeded') throw new Error(`the run did not succeed: ${JSON.stringify(outcome)}`)
  return outcome.output
}

describe('executePlan', () => {
  it('hands the trigger data from node to node', async () => {
    const plan = planOf('start -> name', { start: trigger, name: set({ greeting: 'Hello {{ input.who }}' }) })
    const host = plainHost()
    const output = succeeded(await executePlan(plan, new Map(), runFacts({ who: 'Maya' }), host))
    expect(output).toMatchObject({ greeting: 'Hello Maya' })
  })

  it('records a chain of pure steps in one write', async () => {
    const plan = planOf('start -> a -> b -> c', { start: trigger, a: set({ a: 1 }), b: set({ b: 2 }), c: set({ c: 3 }) })
    const host = plainHost()
    await executePlan(plan, new Map(), runFacts({}), host)
    expect(host.writes).toHaveLength(1)
    expect(host.writes[0]?.map((record) => record.path)).toEqual(['start', 'a', 'b', 'c'].map(idOf))
  })

  it('makes earlier results durable before an effect starts that changes something', async () => {
    const plan = planOf('start -> a -> b', { start: trigger, a: http(), b: http('https://example.com', { method: 'POST' }) })
    const host = plainHost((call) => {
      if (call.path === idOf('b')) expect(host.log().get(idOf('a'))?.status).toBe('succeeded')
      return { status: 200 }
    })
    succeeded(await executePlan(plan, new Map(), runFacts({}), host))
    expect(host.executed.map((call) => call.path)).toEqual([idOf('a'), idOf('b')])
  })

  describe('an effect that only reads', () => {
    const reads = planOf('start -> a -> b', { start: trigger, a: http('https://example.com', { method: 'POST' }), b: http() })

    it('starts while earlier results are being written, and is recorded behind them', async () => {
      const order: string[] = []
      let open: () => void = () => {}
      const hasBegun = new Promise<void>((resolve) => {
        open = resolve
      })
      const host = plainHost((call) => {
        order.push(`${call.path} begins`)
        if (call.path === idOf('b')) open()
        return { status: 200 }
      })
      const { record } = host
      host.record = async (records) => {
        if (records.some(({ path, status }) => path === idOf('a') && status === 'succeeded')) await hasBegun
        await record(records)
        for (const { path, status } of records) order.push(`${path} ${status}`)
      }
      succeeded(await executePlan(reads, new Map(), runFacts({}), host))
      const ends = [`${idOf('b')} begins`, `${idOf('a')} succeeded`, `${idOf('b')} succeeded`]
      expect(order.filter((line) => ends.includes(line))).toEqual(ends)
    })

    it('does not let the run end before they are written', async () => {
      const host = plainHost(() => ({ status: 200 }))
      const { record } = host
      host.record = async (records) => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        await record(records)
      }
      let rest: readonly StepRecord[] = []
      succeeded(
        await executePlan(reads, new Map(), runFacts({}), host, {
          keepRest: (records) => {
            rest = records
          },
        }),
      )
      expect(host.log().get(idOf('a'))?.status).toBe('succeeded')
      expect(rest.map(({ path, status }) => `${path} ${status}`)).toEqual([`${idOf('b')} succeeded`])
    })

    it('leaves no trace where they could not be written', async () => {
      const host = plainHost(() => ({ status: 200 }))
      const { record } = host
      host.record = async (records) => {
        if (records.some(({ path, status }) => path === idOf('a') && status === 'succeeded')) throw new FencedError('another worker has it')
        await record(records)
      }
      await expect(executePlan(reads, new Map(), runFacts({}), host)).rejects.toThrow(FencedError)
      expect(host.executed.map(({ path }) => path)).toEqual([idOf('a'), idOf('b')])
      expect(host.log().get(idOf('a'))?.status).toBe('started')
      expect(host.log().has(idOf('b'))).toBe(false)
    })
  })

  it('runs independent effects at the same time', async () => {
    const plan = planOf('start -> a; start -> b; a -> join; b -> join', {
      start: trigger,
      a: http(),
      b: http(),
      join: { type: 'flow.merge' },
    })
    let open: () => void = () => {}
    const both = new Promise<void>((resolve) => {
      open = resolve
    })
    let inside = 0
    const host = plainHost(async (call) => {
      inside += 1
      if (inside === 2) open()
      await both
      return { from: call.path }
    })
    expect(succeeded(await executePlan(plan, new Map(), runFacts({}), host))).toEqual([{ from: idOf('a') }, { from: idOf('b') }])
  })

  it('goes one way at an if, skips the other, and runs what joins them once', async () => {
    const plan = planOf('start -> check; check.true -> yes -> end; check.false -> no -> end', {
      start: trigger,
      check: { type: 'flow.if', params: { conditions: [{ left: '{{ input.total }}', operator: 'greater', right: 100 }], combine: 'all' } },
      yes: set({ way: 'yes' }),
      no: set({ way: 'no' }),
      end: set({ came: '{{ input.way }}' }),
    })
    const host = plainHost()
    expect(succeeded(await executePlan(plan, new Map(), runFacts({ total: 5 }), host))).toMatchObject({ came: 'no' })
    expect(host.log().get(idOf('yes'))?.status).toBe('skipped')
  })

  it('starts at the trigger that fired and leaves the others alone', async () => {
    const plan = planOf('one -> a; two -> b', { one: trigger, two: { type: 'trigger.webhook' }, a: set({ a: 1 }), b: set({ b: 1 }) })
    const host = plainHost()
    const facts = runFacts({}, { trigger: { kind: 'webhook', nodeId: idOf('two'), data: {} } })
    succeeded(await executePlan(plan, new Map(), facts, host))
    expect(host.records.map((record) => record.path)).toEqual([idOf('two'), idOf('b')])
  })

  it('passes input on through a disabled node', async () => {
    const plan = planOf('start -> off -> on', {
      start: trigger,
      off: { ...http(), settings: { disabled: true } },
      on: set({ n: '{{ input.n }}' }),
    })
    const host = plainHost()
    expect(succeeded(await executePlan(plan, new Map(), runFacts({ n: 7 }), host))).toMatchObject({ n: 7 })
    expect(host.executed).toEqual([])
  })
})

describe('a failing step', () => {
  const retry = { attempts: 3, delayMs: 1_000, jitter: 0 }

  it('waits for its next attempt and goes on there', async () => {
    const plan = planOf('start -> call', { start: trigger, call: { ...http(), settings: { retry } } })
    const host = plainHost((call) => (call.attempt < 3 ? failure() : { fine: true }))
    const first = await executePlan(plan, new Map(), runFacts({}), host)
    expect(first).toMatchObject({ kind: 'waiting', until: new Date(host.clock.now + 1_000), waits: [{ kind: 'retry', attempt: 1 }] })
    expect(host.log().get(idOf('call'))).toMatchObject({ status: 'failed', attempt: 1, retryAt: new Date(host.clock.now + 1_000) })
    host.clock.now += 1_000
    const second = await executePlan(plan, host.log(), runFacts({}), host)
    expect(second).toMatchObject({ kind: 'waiting', until: new Date(host.clock.now + 2_000), waits: [{ attempt: 2 }] })
    host.clock.now += 2_000
    expect(succeeded(await executePlan(plan, host.log(), runFacts({}), host))).toEqual({ fine: true })
  })

  it('obeys the time the other side asked for', async () => {
    const plan = planOf('start -> call', { start: trigger, call: { ...http(), settings: { retry } } })
    const host = plainHost(() => failure({ class: 'rate_limited', retryAfterMs: 30_000 }))
    expect(await executePlan(plan, new Map(), runFacts({}), host)).toMatchObject({
      kind: 'waiting',
      until: new Date(host.clock.now + 30_000),
    })
  })

  it('fails the run when no attempt is left', async () => {
    const plan = planOf('start -> call -> after', {
      start: trigger,
      call: { ...http(), settings: { retry: { ...retry, attempts: 1 } } },
      after: set({ a: 1 }),
    })
    const host = plainHost(() => failure({ message: 'It answered 500.' }))
    const outcome = await executePlan(plan, new Map(), runFacts({}), host)
    expect(outcome).toMatchObject({ kind: 'failed', path: idOf('call'), nodeTitle: 'call', error: { message: 'It answered 500.' } })
    expect(host.log().has(idOf('after'))).toBe(false)
    expect(await executePlan(plan, host.log(), runFacts({}), host)).toMatchObject({ kind: 'failed', path: idOf('call') })
    expect(host.executed).toHaveLength(1)
  })

  it('is not tried again for an error that stays', async () => {
    const plan = planOf('start -> call', { start: trigger, call: { ...http(), settings: { retry } } })
    const host = plainHost(() => failure({ class: 'bad_data' }))
    expect(await executePlan(plan, new Map(), runFacts({}), host)).toMatchObject({ kind: 'failed' })
  })

  it('lets other branches finish what is in flight and starts nothing new', async () => {
    const plan = planOf('start -> bad; start -> slow -> next', {
      start: trigger,
      bad: { ...http(), settings: { retry: { ...retry, attempts: 1 } } },
      slow: http(),
      next: http(),
    })
    let release: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const host = plainHost({
      bad: () => {
        setTimeout(release, 0)
        return failure()
      },
      slow: async () => {
        await gate
        return { slow: true }
      },
      next: () => ({ never: true }),
    })
    expect(await executePlan(plan, new Map(), runFacts({}), host)).toMatchObject({ kind: 'failed', path: idOf('bad') })
    expect(host.log().get(idOf('slow'))?.status).toBe('succeeded')
    expect(host.executed.map((call) => call.path)).not.toContain(idOf('next'))
  })

  it.each([
    ['continue', 'call -> after', 'main'],
    ['port', 'call.error -> after', 'error'],
  ])('with on error "%s" goes on with the error', async (onError, way, port) => {
    const plan = planOf(`start -> call; ${way}`, {
      start: trigger,
      call: { ...http(), settings: { onError, retry: { ...retry, attempts: 1 } } },
      after: set({ said: '{{ input.error.message }}' }),
    })
    const host = plainHost(() => failure({ message: 'No.' }))
    expect(succeeded(await executePlan(plan, new Map(), runFacts({}), host))).toMatchObject({ said: 'No.' })
    expect(host.log().get(idOf('call'))).toMatchObject({ status: 'failed', port })
  })

  it('names the expression that is wrong', async () => {
    const plan = planOf('start -> name', { start: trigger, name: set({ n: '{{ input.a.b.c.d }}' }) })
    const outcome = await executePlan(plan, new Map(), runFacts({ a: 1 }), plainHost())
    expect(outcome).toMatchObject({ kind: 'failed', path: idOf('name') })
  })

  it('takes too long and is stopped', async () => {
    const plan = planOf('start -> call', {
      start: trigger,
      call: { ...http(), settings: { timeoutMs: 100, retry: { ...retry, attempts: 1 } } },
    })
    const host = plainHost(({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(failure()))))
    expect(await executePlan(plan, new Map(), runFacts({}), host)).toMatchObject({
      kind: 'failed',
      error: { class: 'timeout', code: 'step.timeout' },
    })
  })
})

describe('intent before effect', () => {
  it('writes that an at-most-once effect starts before it starts', async () => {
    const plan = planOf('start -> pay', {
      start: trigger,
      pay: { ...http('https://bank', { method: 'POST' }), settings: { atMostOnce: true } },
    })
    const host = plainHost(() => {
      expect(host.log().get(idOf('pay'))?.status).toBe('started')
      return { paid: true }
    })
    succeeded(await executePlan(plan, new Map(), runFacts({}), host))
  })

  it('stops for a person when nobody knows whether an at-most-once effect happened', async () => {
    const plan = planOf('start -> pay', {
      start: trigger,
      pay: { ...http('https://bank', { method: 'POST' }), settings: { atMostOnce: true, onError: 'continue' } },
    })
    const host = plainHost(() => ({ paid: true }))
    await host.record([
      { path: idOf('start'), attempt: 1, status: 'succeeded', port: 'main', output: {}, startedAt: host.now(), durationUs: 0 },
    ])
    await host.record([{ path: idOf('pay'), attempt: 1, status: 'started', startedAt: host.now(), durationUs: 0 }])
    const outcome = await executePlan(plan, host.log(), runFacts({}), host)
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'step.unknown' } })
    expect(host.executed).toEqual([])
    expect(host.log().get(idOf('pay'))?.status).toBe('unknown')
  })

  it('repeats an interrupted effect with the same key', async () => {
    const plan = planOf('start -> post', { start: trigger, post: http('https://shop', { method: 'POST' }) })
    const host = plainHost((call) => ({ key: call.stepKey }))
    await host.record([{ path: idOf('post'), attempt: 1, status: 'started', startedAt: host.now(), durationUs: 0 }])
    succeeded(await executePlan(plan, host.log(), runFacts({}), host))
    expect(host.executed[0]).toMatchObject({ attempt: 1, stepKey: `${runFacts().rootId}/${idOf('post')}/0/0` })
  })
})

describe('waiting', () => {
  it('waits for a time without holding anything', async () => {
    const plan = planOf('start -> pause -> after', {
      start: trigger,
      pause: { type: 'flow.wait', params: { mode: 'for', durationMs: 60_000 } },
      after: set({ n: '{{ input.n }}' }),
    })
    const host = plainHost()
    const until = new Date(host.clock.now + 60_000)
    expect(await executePlan(plan, new Map(), runFacts({ n: 1 }), host)).toMatchObject({ kind: 'waiting', until })
    expect(host.writes.at(-1)?.at(-1)).toMatchObject({ status: 'waiting', wait: { kind: 'time', dueAt: until } })
    expect(await executePlan(plan, host.log(), runFacts({ n: 1 }), host)).toMatchObject({ kind: 'waiting', until })
    host.clock.now += 60_000
    expect(succeeded(await executePlan(plan, host.log(), runFacts({ n: 1 }), host))).toMatchObject({ n: 1 })
  })

  const approval = { type: 'people.approval', params: { title: 'Approve {{ input.n }}?', dueInMs: 3_600_000, onTimeout: 'timeout' } }

  it('waits for a person and goes out by the decision', async () => {
    const plan = planOf('start -> ask; ask.approved -> yes; ask.declined -> no; ask.timeout -> late', {
      start: trigger,
      ask: approval,
      yes: set({ way: 'yes' }),
      no: set({ way: 'no' }),
      late: set({ way: 'late' }),
    })
    const host = plainHost()
    const facts = runFacts({ n: 5 })
    expect(await executePlan(plan, new Map(), facts, host)).toMatchObject({ kind: 'waiting', waits: [{ kind: 'approval' }] })
    expect(host.writes.at(-1)?.at(-1)?.wait).toMatchObject({ task: { title: 'Approve 5?', timeoutPort: 'timeout' } })
    const settled = {
      path: idOf('ask'),
      attempt: 1,
      kind: 'approval' as const,
      settledBy: 'person' as const,
      result: { decision: 'approved', comment: 'ok' },
    }
    const log = host.log()
    expect(succeeded(await executePlan(plan, log, facts, host, { settled: [settled] }))).toMatchObject({ way: 'yes' })
    const late = plainHost()
    await executePlan(plan, new Map(), facts, late)
    const output = await executePlan(plan, late.log(), facts, late, { settled: [{ ...settled, settledBy: 'timer', result: null }] })
    expect(succeeded(output)).toMatchObject({ way: 'late' })
  })

  it('does not let the clock decide an approval by itself', async () => {
    const plan = planOf('start -> ask', { start: trigger, ask: approval })
    const host = plainHost()
    await executePlan(plan, new Map(), runFacts({ n: 5 }), host)
    host.clock.now += 3_600_001
    expect(await executePlan(plan, host.log(), runFacts({ n: 5 }), host)).toMatchObject({ kind: 'waiting' })
  })
})

describe('respond, stop and the output of a run', () => {
  it('answers the caller once and makes the answer the output', async () => {
    const plan = planOf('start -> answer -> after', {
      start: { type: 'trigger.webhook' },
      answer: { type: 'http.respond', params: { status: 201, body: { id: '{{ input.id }}' } } },
      after: set({ x: 1 }),
    })
    const host = plainHost()
    expect(succeeded(await executePlan(plan, new Map(), runFacts({ id: 4 }), host))).toEqual({ id: 4 })
    expect(host.responses).toEqual([{ status: 201, headers: {}, body: { id: 4 } }])
  })

  it('stops with the message given', async () => {
    const plan = planOf('start -> halt', { start: trigger, halt: { type: 'flow.stop', params: { message: 'No {{ input.what }}' } } })
    expect(await executePlan(plan, new Map(), runFacts({ what: 'customer' }), plainHost())).toMatchObject({
      kind: 'failed',
      error: { class: 'business', code: 'stop', message: 'No customer' },
    })
  })

  it('is done early where a stop says so, also when it is taken up again after that', async () => {
    const plan = planOf('start -> enough; start -> slow -> after', {
      start: trigger,
      enough: { type: 'flow.stop', params: { end: 'succeed', output: '{{ input.n }}' } },
      slow: http(),
      after: set({ v: 1 }),
    })
    const host = plainHost({ slow: () => ({ fine: true }) })
    expect(await executePlan(plan, new Map(), runFacts({ n: 7 }), host)).toEqual({ kind: 'succeeded', output: 7 })
    expect(host.records.some((record) => record.path === 'after')).toBe(false)
    expect(await executePlan(plan, host.log(), runFacts({ n: 7 }), host)).toEqual({ kind: 'succeeded', output: 7 })
    expect(host.records.some((record) => record.path === 'after')).toBe(false)
  })

  it('gives several ends by key', async () => {
    const plan = planOf('start -> a; start -> b', { start: trigger, a: set({ v: 1 }), b: set({ v: 2 }) })
    expect(succeeded(await executePlan(plan, new Map(), runFacts({}), plainHost()))).toMatchObject({ a: { v: 1 }, b: { v: 2 } })
  })
})

describe('a slice', () => {
  it('starts nothing once it is over and goes on in the next', async () => {
    const plan = planOf('start -> a -> b', { start: trigger, a: http(), b: http() })
    let clock = 0
    const host = plainHost(() => {
      clock += 3_000
      return { at: clock }
    })
    const options = { monotonic: () => clock, sliceMs: 2_000 }
    expect(await executePlan(plan, new Map(), runFacts({}), host, options)).toEqual({ kind: 'more' })
    expect(host.executed).toHaveLength(1)
    expect(succeeded(await executePlan(plan, host.log(), runFacts({}), host, options))).toEqual({ at: 6_000 })
  })

  it('leaves long effects to a queue when it must be short', async () => {
    const plan = planOf('start -> quick -> slow', {
      start: trigger,
      quick: { ...http(), settings: { timeoutMs: 2_000 } },
      slow: { ...http(), settings: { timeoutMs: 60_000 } },
    })
    const host = plainHost(() => ({ done: true }))
    expect(await executePlan(plan, new Map(), runFacts({}), host, { fits: isQuick })).toEqual({
      kind: 'queue',
      queue: 'default',
      timeoutMs: 60_000,
    })
    expect(host.executed).toHaveLength(1)
    succeeded(await executePlan(plan, host.log(), runFacts({}), host))
  })

  it('leaves steps of another named queue to that queue, however short, and goes on there with all others', async () => {
    const plan = planOf('start -> first -> python -> last', {
      start: trigger,
      first: http(),
      python: { type: 'code.python', settings: { timeoutMs: 1_000 } },
      last: http(),
    })
    const host = plainHost(() => ({ done: true }))
    const slice = (queue: 'default' | 'code' | 'agents') =>
      executePlan(plan, host.log(), runFacts({}), host, { fits: (planned) => ['default', queue].includes(queueOf(planned)) })
    const left = { kind: 'queue', queue: 'code', timeoutMs: 1_000 }
    expect(await slice('default')).toEqual(left)
    expect(await slice('default')).toEqual(left)
    expect(await slice('agents')).toEqual(left)
    expect(host.executed).toHaveLength(1)
    succeeded(await slice('code'))
    expect(host.executed).toHaveLength(3)
  })

  it('stops where it is when somebody pauses the run', async () => {
    const plan = planOf('start -> a -> b', { start: trigger, a: http(), b: http() })
    let paused = false
    const host = plainHost(() => {
      paused = true
      return {}
    })
    const outcome = await executePlan(plan, new Map(), runFacts({}), host, { stopping: () => (paused ? 'paused' : null) })
    expect(outcome).toEqual({ kind: 'stopped', reason: 'paused' })
    expect(host.log().get(idOf('a'))?.status).toBe('succeeded')
    expect(host.log().has(idOf('b'))).toBe(false)
  })

  it('goes on later when what stopped it was over before its last write ended', async () => {
    const plan = planOf('start -> a -> b -> c', { start: trigger, a: http(), b: set({ b: 1 }), c: set({ c: 1 }) })
    let mayStart = true
    const host = plainHost(() => {
      mayStart = false
      return {}
    })
    const { record } = host
    host.record = async (records) => {
      await record(records)
      if (records.some(({ path, status }) => path === idOf('a') && status === 'succeeded')) mayStart = true
    }
    const outcome = await executePlan(plan, new Map(), runFacts({}), host, { stopping: () => (mayStart ? null : 'shutdown') })
    expect(outcome).toEqual({ kind: 'more' })
    succeeded(await executePlan(plan, host.log(), runFacts({}), host))
    expect(host.executed).toHaveLength(1)
  })

  it('aborts what is in flight on cancel and records no result for it', async () => {
    const plan = planOf('start -> a', { start: trigger, a: http() })
    const abort = new AbortController()
    const host = plainHost(({ signal }) => {
      setTimeout(() => abort.abort(), 0)
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failure({ class: 'cancelled' }))))
    })
    const outcome = await executePlan(plan, new Map(), runFacts({}), host, {
      signal: abort.signal,
      stopping: () => (abort.signal.aborted ? 'cancelled' : null),
    })
    expect(outcome).toEqual({ kind: 'stopped', reason: 'cancelled' })
    expect(host.log().get(idOf('a'))?.status).toBe('started')
  })
})
