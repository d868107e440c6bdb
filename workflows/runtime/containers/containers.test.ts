import { describe, expect, it } from 'vitest'
import { failure, type PlainHost, plainHost, runFacts } from '../../../tests/support/plain-host'
import { idOf, type NodeSketch, planOf } from '../../../tests/support/plan-of'
import type { Json } from '../../graph/schema'
import { executePlan } from '../execute-plan'
import type { ExecuteOptions, Plan, PlanOutcome, SettledWait, StepRecord } from '../types'

const start = { type: 'trigger.manual' }
const http = (more: Partial<NodeSketch> = {}): NodeSketch => ({
  type: 'http.request',
  ...more,
  params: { url: 'https://x.test', method: 'POST', ...more.params },
  settings: { retry: { attempts: 1 }, ...more.settings },
})
const set = (fields: Record<string, Json>, parent?: string): NodeSketch => ({
  type: 'data.set',
  params: { fields: Object.entries(fields).map(([name, value]) => ({ name, value })), keep: 'only-set' },
  ...(parent ? { parent } : {}),
})
const inside = (parent: string, sketch: NodeSketch): NodeSketch => ({ ...sketch, parent })

/** Drives a run to its end as the worker would: slice after slice, its clock moved to what it waits for. */
async function drive(plan: Plan, host: PlainHost, input: Json = null, options: ExecuteOptions = {}): Promise<PlanOutcome> {
  for (let slices = 0; slices < 200; slices++) {
    const outcome = await executePlan(plan, host.log(), runFacts(input), host, options)
    if (outcome.kind === 'waiting' && outcome.until) host.clock.now = outcome.until.getTime()
    else if (outcome.kind !== 'more') return outcome
  }
  throw new Error('the run came to no end')
}
const outputOf = (outcome: PlanOutcome): Json => {
  if (outcome.kind !== 'succeeded') throw new Error(`the run did not succeed: ${JSON.stringify(outcome)}`)
  return outcome.output
}
const statuses = (host: PlainHost) => Object.fromEntries([...host.log()].map(([path, record]) => [path, record.status]))
const at = (...parts: (string | number)[]) => parts.map((part, index) => (index % 2 === 0 ? idOf(String(part)) : part)).join('/')

describe('for each', () => {
  const plan = (params: Record<string, Json> = {}, body: NodeSketch = http()) =>
    planOf('start -> loop', {
      start,
      loop: { type: 'flow.for_each', params: { items: '{{ input.list }}', ...params } },
      work: inside('loop', body),
    })

  it('gives the results in the order of the items, whatever order they end in', async () => {
    const waiting: (() => void)[] = []
    const host = plainHost(async (call) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 3) for (const go of waiting.reverse()) go()
      })
      return { got: call.input }
    })
    const outcome = await drive(plan({ concurrency: 3 }), host, { list: ['a', 'b', 'c'] })
    expect(outputOf(outcome)).toEqual([{ got: 'a' }, { got: 'b' }, { got: 'c' }])
    expect(host.executed.map((call) => call.path)).toEqual([at('loop', 0, 'work'), at('loop', 1, 'work'), at('loop', 2, 'work')])
  })

  it('has only so many items under way at once', async () => {
    let now = 0
    let most = 0
    const host = plainHost(async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 1))
      now -= 1
      return null
    })
    await drive(plan({ concurrency: 2 }), host, { list: [1, 2, 3, 4, 5] })
    expect(most).toBe(2)
    expect(host.executed).toHaveLength(5)
  })

  it('lets expressions read the item, its index and steps outside', async () => {
    const nested = planOf('start -> before -> loop', {
      start,
      before: set({ rate: 2 }),
      loop: { type: 'flow.for_each', params: { items: '{{ steps.$start___.list }}' } },
      work: set({ v: `{{ item.n * steps.$before__.rate + index }}` }, 'loop'),
    })
    expect(outputOf(await drive(nested, plainHost(), { list: [{ n: 1 }, { n: 5 }] }))).toEqual([{ v: 2 }, { v: 11 }])
  })

  it('nests, and says in its idempotency keys which item of which loop it was', async () => {
    const nested = planOf('start -> outer', {
      start,
      outer: { type: 'flow.for_each' },
      inner: inside('outer', { type: 'flow.for_each' }),
      work: inside('inner', http()),
    })
    const host = plainHost((call) => call.input)
    expect(outputOf(await drive(nested, host, [[1, 2], [], [3]]))).toEqual([[1, 2], [], [3]])
    expect(host.executed.map((call) => [call.path, call.stepKey.split('/').slice(1).join('/')])).toEqual([
      [at('outer', 0, 'inner', 0, 'work'), `${idOf('work')}/0.0/0`],
      [at('outer', 0, 'inner', 1, 'work'), `${idOf('work')}/0.1/0`],
      [at('outer', 2, 'inner', 0, 'work'), `${idOf('work')}/2.0/0`],
    ])
  })

  it('hands over lists where items go together', async () => {
    expect(outputOf(await drive(plan({ batchSize: 2 }, set({ n: '{{ input.length }}' })), plainHost(), { list: [1, 2, 3] }))).toEqual([
      { n: 2 },
      { n: 1 },
    ])
  })

  it('gives an empty list for an empty one, and for nothing', async () => {
    expect(outputOf(await drive(plan(), plainHost(), { list: [] }))).toEqual([])
    expect(outputOf(await drive(plan(), plainHost(), {}))).toEqual([])
  })

  it.each([
    [{ a: 1 }, 'an object'],
    ['text', 'a text'],
    [5, 'a number'],
  ])('says that %j is no list', async (list, what) => {
    const outcome = await drive(plan(), plainHost(), { list })
    expect(outcome).toMatchObject({ kind: 'failed', path: idOf('loop'), error: { code: 'loop.not_a_list', pointer: '/params/items' } })
    expect(JSON.stringify(outcome)).toContain(what)
  })

  const second = plainHostFailing(1)
  function plainHostFailing(index: number) {
    return () =>
      plainHost((call) => (call.path.includes(`/${index}/`) ? failure({ class: 'business', message: 'No.' }) : { ok: call.input }))
  }

  it('stops with the error of the first item that fails, and says where', async () => {
    const host = second()
    expect(await drive(plan(), host, { list: [1, 2, 3] })).toMatchObject({
      kind: 'failed',
      path: at('loop', 1, 'work'),
      nodeTitle: 'work',
      error: { class: 'business', message: 'No.' },
    })
    expect(host.executed).toHaveLength(2)
    expect(host.log().get(idOf('loop'))).toMatchObject({ status: 'failed', error: { path: at('loop', 1, 'work') } })
  })

  it('goes on without items that fail', async () => {
    expect(outputOf(await drive(plan({ onItemError: 'skip' }), second(), { list: [1, 2, 3] }))).toEqual([{ ok: 1 }, { ok: 3 }])
  })

  it('goes on and keeps errors apart', async () => {
    expect(outputOf(await drive(plan({ onItemError: 'collect' }), second(), { list: [1, 2, 3] }))).toEqual({
      results: [{ ok: 1 }, { ok: 3 }],
      errors: [{ index: 1, item: 2, error: { class: 'business', code: 'test', message: 'No.', step: 'work', title: 'work' } }],
    })
  })

  it('leaves by its error port like any step', async () => {
    const handled = planOf('start -> loop; loop.error -> mend', {
      start,
      loop: { type: 'flow.for_each', settings: { onError: 'port' } },
      work: inside('loop', http()),
      mend: set({ said: '{{ input.error.message }}' }),
    })
    expect(outputOf(await drive(handled, second(), [1, 2]))).toEqual({ said: 'No.' })
  })

  it('tries an item again as a whole, with the same idempotency keys', async () => {
    const body = planOf('start -> loop; first -> last', {
      start,
      loop: { type: 'flow.for_each', params: { attempts: 3, retryDelayMs: 5_000 } },
      first: inside('loop', http()),
      last: inside('loop', http()),
    })
    let tries = 0
    const host = plainHost((call) => (call.node.node.key === 'last' && ++tries < 3 ? failure() : { by: call.node.node.key }))
    const before = host.clock.now
    expect(outputOf(await drive(body, host, ['x']))).toEqual([{ by: 'last' }])
    expect(host.clock.now - before).toBe(10_000)
    expect(host.executed.map((call) => call.path)).toEqual([
      at('loop', '0', 'first'),
      at('loop', '0', 'last'),
      at('loop', '0.2', 'first'),
      at('loop', '0.2', 'last'),
      at('loop', '0.3', 'first'),
      at('loop', '0.3', 'last'),
    ])
    expect(new Set(host.executed.map((call) => call.stepKey)).size).toBe(2)
  })

  it('does nothing inside again where a step may be sent once only, however deep it stands', async () => {
    const once = { settings: { atMostOnce: true } }
    const drawn = (pay: NodeSketch, more: Record<string, NodeSketch> = {}) =>
      planOf('start -> loop; first -> tell', {
        start,
        loop: { type: 'flow.for_each', params: { attempts: 3, retryDelayMs: 0, onItemError: 'collect' } },
        first: inside('loop', { type: 'flow.try' }),
        ...more,
        pay,
        tell: inside('loop', http()),
      })
    const effects = { pay: () => 'paid', tell: () => failure() }
    for (const [plan, tries] of [
      [drawn(inside('first', http(once))), 1],
      [drawn(inside('deep', http(once)), { deep: inside('first', { type: 'flow.for_each', params: { items: '{{ [1] }}' } }) }), 1],
      [drawn(inside('first', http({ settings: { ...once.settings, disabled: true } }))), 3],
      [drawn(inside('first', http())), 3],
    ] as const) {
      const host = plainHost(effects)
      expect(outputOf(await drive(plan, host, ['a']))).toMatchObject({ errors: [{ index: 0 }] })
      expect(host.executed.filter((call) => call.node.node.key === 'tell')).toHaveLength(tries)
    }
  })

  it('names items by a key, so that a changed order sends the same keys outside', async () => {
    const host = plainHost(() => null)
    await drive(plan({ itemKey: '{{ item.id }}' }), host, { list: [{ id: 'a/1' }, { id: 'b' }, { id: 'b' }, {}] })
    expect(host.executed.map((call) => call.stepKey.split('/')[2])).toEqual(['a%2F1', 'b', 'b~2', '#3'])
  })

  it('runs branches, waits and decisions inside, each item by itself', async () => {
    const waiting = planOf('start -> loop; check.true -> ask; ask.approved -> yes; check.false -> pause -> late', {
      start,
      loop: { type: 'flow.for_each', params: { concurrency: 5 } },
      check: inside('loop', { type: 'flow.if', params: { conditions: [{ left: '{{ item.ask }}', operator: 'is_true' }] } }),
      ask: inside('loop', { type: 'people.approval', params: { title: 'Well?' } }),
      yes: set({ said: 'yes {{ item.n }}' }, 'loop'),
      pause: inside('loop', { type: 'flow.wait', params: { durationMs: 60_000 } }),
      late: set({ said: 'late {{ item.n }}' }, 'loop'),
    })
    const host = plainHost()
    const list: Json[] = [{ n: 1, ask: true }, { n: 2 }, { n: 3, ask: true }]
    const first = await executePlan(waiting, host.log(), runFacts(list), host)
    expect(first).toMatchObject({ kind: 'waiting', until: new Date(host.clock.now + 60_000) })
    const settled: SettledWait[] = [0, 2].map((item) => ({
      path: at('loop', item, 'ask'),
      attempt: 1,
      kind: 'approval',
      settledBy: 'person',
      result: { decision: 'approved' },
    }))
    host.clock.now += 60_000
    expect(outputOf(await drive(waiting, host, list, { settled }))).toEqual([{ said: 'yes 1' }, { said: 'late 2' }, { said: 'yes 3' }])
  })

  it('goes through the list that it began with, whoever changes a variable meanwhile', async () => {
    const waiting = (each: boolean) =>
      each
        ? planOf('start -> loop', {
            start,
            loop: http({ settings: { each: { items: '{{ vars.list }}' }, retry: { attempts: 2, delayMs: 1_000, jitter: 0 } } }),
          })
        : planOf('start -> loop; pause -> tell', {
            start,
            loop: { type: 'flow.for_each', params: { items: '{{ vars.list }}' } },
            pause: inside('loop', { type: 'flow.wait', params: { durationMs: 1_000 } }),
            tell: inside('loop', http({ params: { url: 'https://x.test/{{ item }}/{{ vars.list[0] }}' } })),
          })
    for (const each of [false, true]) {
      const host = plainHost((call) => (each && call.attempt === 1 ? failure() : each ? call.input : (call.params.url as string)))
      let outcome: PlanOutcome | null = null
      for (const list of [['a', 'b'], ['x', 'b', 'c'], ['y']]) {
        outcome = await executePlan(waiting(each), host.log(), runFacts(null, { variables: { list } }), host)
        host.clock.now += 1_000
      }
      const last = each ? ['a', 'b'] : ['https://x.test/a/x', 'https://x.test/b/y']
      expect(outputOf(outcome as PlanOutcome)).toEqual(last)
    }
  })

  it('comes further in each slice, however long it takes to come back to where it was', async () => {
    const failing = planOf('start -> loop', {
      start,
      loop: { type: 'flow.for_each', params: { onItemError: 'collect' } },
      work: inside('loop', http({ settings: { retry: { attempts: 1 } } })),
    })
    const host = plainHost(() => failure())
    const list = Array.from({ length: 400 }, (_, index) => index)
    const slice = async (options: ExecuteOptions) => executePlan(failing, host.log(), runFacts(list), host, options)
    await slice({ stopping: () => (host.executed.length >= 200 ? 'shutdown' : null) })
    let clock = 0
    const log = host.log() as Map<string, StepRecord>
    const { get } = log
    // Each look into the log takes its time.
    log.get = (path) => {
      clock += 1
      return get.call(log, path)
    }
    const before = host.executed.length
    const outcome = await executePlan(failing, log, runFacts(list), host, { sliceMs: 100, monotonic: () => clock })
    expect(outcome.kind).toBe('more')
    expect(clock).toBeGreaterThan(200)
    expect(host.executed.length).toBeGreaterThan(before)
  })

  it('goes through 100,000 items slice by slice', async () => {
    const big = plan({}, set({ v: '{{ item * 2 }}' }))
    const host = plainHost()
    const rows = new Map()
    host.record = async (records) => {
      for (const record of records) rows.set(record.path, record)
    }
    let slices = 0
    const input = { list: Array.from({ length: 100_000 }, (_, index) => index) }
    for (;;) {
      slices += 1
      const outcome = await executePlan(big, rows, runFacts(input), host, { sliceMs: 1_500, hash: () => '' })
      if (outcome.kind === 'more') continue
      const output = outputOf(outcome) as Json[]
      expect(output).toHaveLength(100_000)
      expect(output[99_999]).toEqual({ v: 199_998 })
      break
    }
    expect(slices).toBeGreaterThan(0)
  }, 60_000)

  it('refuses more items than a loop goes through', async () => {
    const outcome = await drive(plan(), plainHost(), { list: Array.from({ length: 100_001 }, () => 0) })
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'loop.too_many' } })
  })
})

describe('a node run for each item by its settings', () => {
  const plan = (each: Record<string, Json>, more: Partial<NodeSketch> = {}) =>
    planOf('start -> work -> end', {
      start,
      work: http({ ...more, settings: { each: { items: '{{ input.list }}', ...each }, ...more.settings } }),
      end: set({ n: '{{ input.length }}' }),
    })
  it('gives the list of its outputs', async () => {
    const host = plainHost((call) => ({ got: call.input, at: call.scope.index ?? null }))
    expect(outputOf(await drive(plan({}), host, { list: ['a', 'b'] }))).toEqual({ n: 2 })
    expect(host.log().get(idOf('work'))?.output).toEqual([
      { got: 'a', at: 0 },
      { got: 'b', at: 1 },
    ])
    expect(host.executed.map((call) => call.stepKey.split('/').slice(1).join('/'))).toEqual([`${idOf('work')}/0/0`, `${idOf('work')}/1/0`])
  })
  it('tries each item again by itself', async () => {
    const host = plainHost((call) => (call.path.includes('/1/') && call.attempt === 1 ? failure() : 'done'))
    await drive(plan({ concurrency: 3 }, { settings: { retry: { attempts: 2, delayMs: 1_000 } } }), host, { list: [1, 2, 3] })
    expect(host.executed.map((call) => `${call.path}#${call.attempt}`).sort()).toEqual(
      [`${at('work', 0, 'work')}#1`, `${at('work', 1, 'work')}#1`, `${at('work', 1, 'work')}#2`, `${at('work', 2, 'work')}#1`].sort(),
    )
  })
  it('collects what failed', async () => {
    const host = plainHost((call) => (call.input === 2 ? failure({ class: 'business' }) : 'ok'))
    await drive(plan({ onItemError: 'collect' }), host, { list: [1, 2] })
    expect(host.log().get(idOf('work'))?.output).toMatchObject({ results: ['ok'], errors: [{ index: 1, item: 2 }] })
  })
})

describe('run if', () => {
  const plan = planOf('start -> work -> end', {
    start,
    work: http({ settings: { runIf: '{{ input.go }}' } }),
    end: set({ came: '{{ input }}' }),
  })
  it.each([true, 1, 'yes'])('%j lets the node run', async (go) => {
    const host = plainHost(() => 'answer')
    expect(outputOf(await drive(plan, host, { go }))).toEqual({ came: 'answer' })
  })
  it.each([false, 0, '', null, 'false'])('%j passes the input on', async (go) => {
    const host = plainHost(() => 'answer')
    expect(outputOf(await drive(plan, host, { go }))).toEqual({ came: { go } })
    expect(host.executed).toEqual([])
  })
  it('does not take white space around its expression for an answer', async () => {
    const spaced = planOf('start -> work', {
      start,
      work: http({ settings: { runIf: ' {{ input.go }}\n', each: { items: ' {{ input.list }} ' } } }),
    })
    const host = plainHost((call) => call.input)
    expect(outputOf(await drive(spaced, host, { go: false, list: [1] }))).toEqual({ go: false, list: [1] })
    expect(
      outputOf(
        await drive(
          spaced,
          plainHost((call) => call.input),
          { go: true, list: [1] },
        ),
      ),
    ).toEqual([1])
    expect(host.executed).toEqual([])
  })
})

describe('repeat', () => {
  const plan = (params: Record<string, Json>, body: NodeSketch = set({ n: '{{ (input.n ?? 0) + 1 }}' })) =>
    planOf('start -> again', { start, again: { type: 'flow.repeat', params }, step: inside('again', body) })
  const until = (left: string, right: Json) => [{ left: `{{ ${left} }}`, operator: 'equals', right }]

  it('goes on until conditions hold, each round with what the last one gave', async () => {
    expect(outputOf(await drive(plan({ conditions: until('input.n', 4) }), plainHost(), {}))).toEqual({ n: 4 })
  })
  it('goes on while they hold, looking before the first round where asked to', async () => {
    const conditions = [{ left: '{{ input.n }}', operator: 'less', right: 3 }]
    expect(outputOf(await drive(plan({ mode: 'while', check: 'before', conditions }), plainHost(), { n: 7 }))).toEqual({ n: 7 })
    expect(outputOf(await drive(plan({ mode: 'while', check: 'before', conditions }), plainHost(), { n: 1 }))).toEqual({ n: 3 })
    expect(outputOf(await drive(plan({ mode: 'while', conditions }), plainHost(), { n: 7 }))).toEqual({ n: 8 })
  })
  it('polls: a round, a pause that is a wait, a round', async () => {
    const host = plainHost((call) => ({ ready: call.path.includes('/2/') }))
    const before = host.clock.now
    const poll = plan({ conditions: until('input.ready', true), pauseMs: 60_000 }, http())
    expect(outputOf(await drive(poll, host, {}))).toEqual({ ready: true })
    expect(host.clock.now - before).toBe(120_000)
    expect(host.executed.map((call) => call.stepKey.split('/')[2])).toEqual(['0', '1', '2'])
  })
  it('fails after its limit, or goes on', async () => {
    const conditions = until('input.n', -1)
    expect(await drive(plan({ conditions, limit: 3 }), plainHost(), {})).toMatchObject({ kind: 'failed', error: { code: 'repeat.limit' } })
    expect(outputOf(await drive(plan({ conditions, limit: 3, onLimit: 'go-on' }), plainHost(), {}))).toEqual({ n: 3 })
  })
  it('does not decide again after a crash what it had decided by the clock', async () => {
    const conditions = [{ left: '{{ now }}', operator: 'after', right: '2026-01-01T00:01:00Z' }]
    const host = plainHost((call) => call.path)
    host.boundary = (where) => {
      if (where === `after write ${at('again', 1, 'step')}:succeeded`) throw new Error('crash')
    }
    const timed = plan({ conditions }, http({ params: { method: 'GET' }, settings: { timeoutMs: 5_000 } }))
    await expect(executePlan(timed, host.log(), runFacts({}), host, { monotonic: () => 0 })).rejects.toThrow('crash')
    host.clock.now += 120_000
    expect(outputOf(await drive(timed, host, {}))).toBe(at('again', 1, 'step'))
  })
  it('runs thousands of rounds without a stack', async () => {
    const host = plainHost()
    const rows = new Map()
    host.record = async (records) => {
      for (const record of records) rows.set(record.path, record)
    }
    const many = plan({ conditions: until('input.n', 5_000), limit: 10_000 })
    const first = await executePlan(many, rows, runFacts({}), host, { sliceMs: 60_000, hash: () => '' })
    expect(outputOf(first)).toEqual({ n: 5_000 })
    rows.delete(idOf('again'))
    expect(outputOf(await executePlan(many, rows, runFacts({}), host, { sliceMs: 60_000, hash: () => '' }))).toEqual({ n: 5_000 })
  }, 30_000)
})

describe('try', () => {
  const plan = planOf('start -> attempt; risky -> shape; attempt.catch -> mend; attempt.finally -> tidy; attempt -> end', {
    start,
    attempt: { type: 'flow.try' },
    risky: inside('attempt', http()),
    shape: set({ got: '{{ input }}' }, 'attempt'),
    mend: set({ why: '{{ input.error.message }}', step: '{{ input.error.step }}', was: '{{ input.input.n }}' }, 'attempt'),
    tidy: inside('attempt', http({ params: { url: 'https://x.test/{{ input.status }}' } })),
    end: set({ out: '{{ input }}' }),
  })
  const urls = (host: PlainHost) => host.executed.filter((call) => call.node.node.key === 'tidy').map((call) => call.params.url)

  it('gives what the body gives, and cleans up', async () => {
    const host = plainHost(() => 'fine')
    expect(outputOf(await drive(plan, host, { n: 1 }))).toEqual({ out: { got: 'fine' } })
    expect(urls(host)).toEqual(['https://x.test/succeeded'])
    expect(host.log().get(at('attempt', 'catch', 'mend'))).toBeUndefined()
  })
  it('catches a failure as data', async () => {
    const host = plainHost({ risky: () => failure({ class: 'business', message: 'Full.' }), tidy: () => null })
    expect(outputOf(await drive(plan, host, { n: 1 }))).toEqual({ out: { why: 'Full.', step: 'risky', was: 1 } })
    expect(urls(host)).toEqual(['https://x.test/succeeded'])
  })
  it('lets a failure go on outwards where nothing catches it, after cleaning up', async () => {
    const uncaught = planOf('start -> attempt; attempt.finally -> tidy', {
      start,
      attempt: { type: 'flow.try' },
      risky: inside('attempt', { type: 'flow.stop', params: { message: 'Enough.' } }),
      tidy: inside('attempt', http({ params: { url: 'https://x.test/{{ input.status }}/{{ input.error.message }}' } })),
    })
    const host = plainHost(() => null)
    expect(await drive(uncaught, host)).toMatchObject({
      kind: 'failed',
      path: at('attempt', 'try', 'risky'),
      error: { message: 'Enough.' },
    })
    expect(urls(host)).toEqual(['https://x.test/failed/Enough.'])
  })
  it('fails with what went wrong in the catch, or in the finally', async () => {
    const badMend = plainHost({ risky: () => failure(), tidy: () => null })
    const failing = planOf('start -> attempt; attempt.catch -> mend', {
      start,
      attempt: { type: 'flow.try' },
      risky: inside('attempt', http()),
      mend: inside('attempt', { type: 'flow.stop', params: { message: 'Worse: {{ input.error.message }}' } }),
    })
    expect(await drive(failing, badMend)).toMatchObject({ kind: 'failed', error: { message: 'Worse: It did not work.' } })
    const badTidy = plainHost({ risky: () => 'fine', tidy: () => failure({ message: 'No tidying.' }) })
    expect(await drive(plan, badTidy, { n: 1 })).toMatchObject({ kind: 'failed', error: { message: 'No tidying.' } })
  })
  it('runs its finally when another branch fails the run', async () => {
    const beside = planOf('start -> attempt; start -> bad; attempt.finally -> tidy', {
      start,
      attempt: { type: 'flow.try' },
      risky: inside('attempt', http()),
      after: inside('attempt', http()),
      tidy: inside('attempt', http({ params: { url: 'https://x.test/{{ input.status }}' } })),
      bad: http(),
    })
    let go: () => void = () => {}
    const gone = new Promise<void>((resolve) => {
      go = resolve
    })
    const host = plainHost({
      risky: async () => {
        await gone
        return 'late'
      },
      after: () => 'x',
      tidy: () => null,
      bad: () => {
        setTimeout(go, 5)
        return failure({ message: 'Bad.' })
      },
    })
    expect(await drive(beside, host)).toMatchObject({ kind: 'failed', error: { message: 'Bad.' } })
    expect(urls(host)).toEqual(['https://x.test/cancelled'])
    expect(host.log().get(at('attempt', 'try', 'risky'))?.status).toBe('succeeded')
    expect(host.log().get(idOf('attempt'))).toMatchObject({ status: 'failed', error: { code: 'step.abandoned' } })
  })
  it('runs its finally for each item that was under way beside one that failed, after a crash too', async () => {
    const each = planOf('start -> loop; inner.finally -> tidy', {
      start,
      loop: { type: 'flow.for_each', params: { concurrency: 3 } },
      inner: inside('loop', { type: 'flow.try' }),
      work: inside('inner', http()),
      tidy: inside('inner', http()),
    })
    let go: () => void = () => {}
    const gone = new Promise<void>((resolve) => {
      go = resolve
    })
    const host = plainHost({
      work: (call) => (call.path.includes('/0/') ? failure() : gone.then(() => null)),
      tidy: () => null,
    })
    host.boundary = (where) => {
      if (where.startsWith('after write') && where.includes(`${at('loop', 0, 'inner')}:failed`)) go()
      if (/before write .*\/[12]\/[^,]*tidy[^,]*:succeeded/.test(where)) throw new Error('crash')
    }
    const items = ['a', 'b', 'c', 'd']
    await expect(drive(each, host, items)).rejects.toThrow('crash')
    expect(host.log().get(at('loop', 0, 'inner'))?.status).toBe('failed')
    host.boundary = () => {}
    expect(await drive(each, host, items)).toMatchObject({ kind: 'failed', path: at('loop', 0, 'inner', 'try', 'work') })
    const tidied = [0, 1, 2, 3].map((index) => host.log().get(at('loop', index, 'inner', 'finally', 'tidy'))?.status)
    expect(tidied).toEqual(['succeeded', 'succeeded', 'succeeded', undefined])
  })
  it('lets a stop in its finally end the run, whatever was tried, also where a crash lies between any two writes', async () => {
    const ending = planOf('start -> attempt -> never; attempt.finally -> inner; inner -> unreached', {
      start,
      attempt: { type: 'flow.try' },
      risky: inside('attempt', http()),
      inner: inside('attempt', { type: 'flow.try' }),
      halt: inside('inner', { type: 'flow.stop', params: { end: 'succeed', output: 'over' } }),
      unreached: inside('attempt', http()),
      never: http(),
    })
    for (const risky of [() => 'fine', () => failure({ class: 'business' })]) {
      const whole = plainHost({ risky })
      expect(outputOf(await drive(ending, whole))).toBe('over')
      expect(whole.executed.map((call) => call.path)).toEqual([at('attempt', 'try', 'risky')])
      for (let crashAt = 1; crashAt <= whole.writes.length; crashAt++) {
        const host = plainHost({ risky })
        let writes = 0
        host.boundary = (where) => {
          if (where.startsWith('after write') && ++writes === crashAt) throw new Error('crash')
        }
        await drive(ending, host).catch(() => {})
        host.boundary = () => {}
        expect(outputOf(await drive(ending, host))).toBe('over')
      }
    }
  })
  it('begins nothing behind a stop while what was under way still cleans up, in a later slice neither', async () => {
    const ending = planOf('start -> outer; start -> beside -> pay; outer.finally -> tidy; inner.catch -> mend', {
      start,
      outer: { type: 'flow.try' },
      inner: inside('outer', { type: 'flow.try' }),
      halt: inside('inner', { type: 'flow.stop', params: { end: 'succeed', output: 'over' } }),
      mend: inside('inner', http()),
      tidy: inside('outer', http({ settings: { retry: { attempts: 2, delayMs: 1_000, jitter: 0, on: ['any'] } } })),
      beside: http({ params: { method: 'GET' } }),
      pay: http({ params: { method: 'GET' } }),
    })
    let tries = 0
    const host = plainHost((call) => (call.node.node.key === 'tidy' && tries++ === 0 ? failure() : 'done'))
    expect(await executePlan(ending, host.log(), runFacts(), host)).toMatchObject({ kind: 'waiting', waits: [{ kind: 'retry' }] })
    expect(outputOf(await drive(ending, host))).toBe('over')
    expect(host.executed.map((call) => call.node.node.key)).toEqual(['beside', 'tidy', 'tidy'])
  })
  it('ends with what failed elsewhere where a stop in its finally comes after that', async () => {
    const beside = planOf('start -> attempt; start -> bad; attempt.finally -> halt', {
      start,
      attempt: { type: 'flow.try' },
      pause: inside('attempt', { type: 'flow.wait', params: { durationMs: 60_000 } }),
      halt: inside('attempt', { type: 'flow.stop', params: { end: 'succeed' } }),
      bad: http(),
    })
    expect(
      await drive(
        beside,
        plainHost(() => failure({ message: 'Bad.' })),
      ),
    ).toMatchObject({ kind: 'failed', error: { message: 'Bad.' } })
  })
  it('runs its finally, inner ones first, when a run is cancelled', async () => {
    const nested = planOf('start -> outer -> never; outer.finally -> last; inner.finally -> first', {
      start,
      outer: { type: 'flow.try' },
      loop: inside('outer', { type: 'flow.for_each', params: { concurrency: 2 } }),
      inner: inside('loop', { type: 'flow.try' }),
      pause: inside('inner', { type: 'flow.wait', params: { durationMs: 60_000 } }),
      first: inside('inner', http({ settings: { retry: { attempts: 3, delayMs: 9_000 } } })),
      last: inside('outer', http()),
      never: http(),
    })
    const tried = new Map<string, number>()
    const host = plainHost((call) => {
      const count = (tried.get(call.path) ?? 0) + 1
      tried.set(call.path, count)
      return call.node.node.key === 'first' && count < 2 ? failure() : null
    })
    expect(await executePlan(nested, host.log(), runFacts(['a', 'b', 'c']), host)).toMatchObject({ kind: 'waiting' })
    const cancelled = await executePlan(nested, host.log(), runFacts(['a', 'b', 'c']), host, { cancelling: true })
    expect(cancelled).toEqual({ kind: 'stopped', reason: 'cancelled' })
    const ran = host.executed.map((call) => call.path)
    expect([...new Set(ran)]).toEqual([
      at('outer', 'try', 'loop', 0, 'inner', 'finally', 'first'),
      at('outer', 'try', 'loop', 1, 'inner', 'finally', 'first'),
      at('outer', 'finally', 'last'),
    ])
    const again = await executePlan(nested, host.log(), runFacts(['a', 'b', 'c']), host, { cancelling: true })
    expect(again).toEqual({ kind: 'stopped', reason: 'cancelled' })
    expect(host.executed).toHaveLength(ran.length)
  })
})

describe('parallel', () => {
  const plan = (until: string, drawing = 'start -> both; a -> a2') =>
    planOf(drawing, {
      start,
      both: { type: 'flow.parallel', params: { until } },
      a: inside('both', http()),
      a2: set({ a: '{{ input }}' }, 'both'),
      b: inside('both', http()),
    })
  it('waits for all branches and gives each one’s end by its key', async () => {
    const host = plainHost((call) => call.node.node.key)
    expect(outputOf(await drive(plan('all'), host))).toEqual({ a2: { a: 'a' }, b: 'b' })
  })
  it('fails when one of all fails', async () => {
    const host = plainHost({ a: () => 'a', b: () => failure({ message: 'B.' }) })
    expect(await drive(plan('all'), host)).toMatchObject({ kind: 'failed', error: { message: 'B.' } })
  })
  it('takes the first that succeeds, and fails when none does', async () => {
    expect(outputOf(await drive(plan('any'), plainHost({ a: () => failure(), b: () => 'b' })))).toBe('b')
    expect(
      await drive(
        plan('any'),
        plainHost(() => failure()),
      ),
    ).toMatchObject({ kind: 'failed', error: { message: expect.stringContaining('None of 2') } })
  })
  it('takes the first end, and breaks off what the others do', async () => {
    let aborted = false
    const host = plainHost({
      a: (call) =>
        new Promise((resolve) => {
          call.signal.addEventListener('abort', () => {
            aborted = true
            resolve(failure({ class: 'cancelled' }))
          })
        }),
      b: () => 'b',
    })
    expect(outputOf(await drive(plan('race'), host))).toBe('b')
    expect(aborted).toBe(true)
    expect(statuses(host)[at('both', 0, 'a')]).toBe('failed')
    expect(
      await drive(
        plan('race'),
        plainHost({ a: () => failure({ message: 'A.' }), b: () => new Promise((resolve) => setTimeout(() => resolve('b'), 20)) }),
      ),
    ).toMatchObject({
      kind: 'failed',
      error: { message: 'A.' },
    })
  })
  it('drops a wait that lost', async () => {
    const racing = planOf('start -> both', {
      start,
      both: { type: 'flow.parallel', params: { until: 'race' } },
      ask: inside('both', { type: 'people.approval', params: { title: 'Well?' } }),
      quick: inside('both', http()),
    })
    const host = plainHost(() => 'quick')
    expect(outputOf(await drive(racing, host))).toBe('quick')
    expect(host.log().get(at('both', 0, 'ask'))).toMatchObject({ status: 'failed', error: { code: 'step.abandoned' } })
  })
})
