import { describe, expect, it } from 'vitest'
import { plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import { executePlan } from './execute-plan'
import type { GateAnswer, GateCall } from './types'

const trigger = { type: 'trigger.manual' }
const set = (name: string, value: Json) => ({ type: 'data.set', params: { fields: [{ name, value }] } })

function hostWith(answers: GateAnswer[]) {
  const asked: GateCall[] = []
  const host = {
    ...plainHost(),
    async passGate(call: GateCall): Promise<GateAnswer> {
      asked.push(call)
      return answers[asked.length - 1] ?? { outcome: 'pass' }
    },
  }
  return { host, asked }
}

describe('a throttle', () => {
  const plan = (params: Record<string, Json> = {}) =>
    planOf('start -> gate -> after; gate.limited -> other', {
      start: trigger,
      gate: { type: 'flow.throttle', params: { limit: 2, key: '{{ input.customer }}', otherwise: 'leave', ...params } },
      after: set('way', 'passed'),
      other: set('way', 'limited'),
    })

  it('asks with its key and lets pass', async () => {
    const { host, asked } = hostWith([])
    const outcome = await executePlan(plan(), new Map(), runFacts({ customer: 7 }), host)
    expect(outcome).toMatchObject({ kind: 'succeeded', output: { customer: 7, way: 'passed' } })
    expect(asked).toEqual([{ kind: 'throttle', path: idOf('gate'), nodeId: idOf('gate'), key: '7', limit: 2, withinMs: 60_000 }])
  })

  it('lets one too many leave by its own way', async () => {
    const { host } = hostWith([{ outcome: 'wait', until: new Date(Date.UTC(2027, 0, 1)) }])
    expect(await executePlan(plan(), new Map(), runFacts({ customer: 7 }), host)).toMatchObject({
      kind: 'succeeded',
      output: { way: 'limited' },
    })
  })

  it('holds nothing back that cleans up after a run that is cancelled', async () => {
    const cleaning = planOf('start -> attempt; attempt.finally -> gate -> tidy', {
      start: trigger,
      attempt: { type: 'flow.try' },
      work: { type: 'flow.wait', parent: 'attempt', params: { durationMs: 60_000 } },
      gate: { type: 'flow.throttle', parent: 'attempt' },
      tidy: { ...set('way', 'tidied'), parent: 'attempt' },
    })
    const { host, asked } = hostWith([{ outcome: 'wait', until: new Date(Date.UTC(2027, 0, 1)) }])
    expect(await executePlan(cleaning, host.log(), runFacts({}), host)).toMatchObject({ kind: 'waiting' })
    const outcome = await executePlan(cleaning, host.log(), runFacts({}), host, { cancelling: true })
    expect(outcome).toEqual({ kind: 'stopped', reason: 'cancelled' })
    expect([...host.log().keys()].filter((path) => path.endsWith(idOf('tidy')))).toHaveLength(1)
    expect(asked).toEqual([])
  })

  it('keeps one too many waiting until it may pass, however often it asks', async () => {
    const waiting = planOf('start -> gate -> after', { start: trigger, gate: { type: 'flow.throttle' }, after: set('way', 'passed') })
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000)
    const { host, asked } = hostWith([
      { outcome: 'wait', until: at(10) },
      { outcome: 'wait', until: at(20) },
    ])
    const run = () => executePlan(waiting, host.log(), runFacts({}), host)
    expect(await run()).toMatchObject({ kind: 'waiting', until: at(10), waits: [{ kind: 'time' }] })
    expect(await run()).toMatchObject({ kind: 'waiting', until: at(10) })
    expect(asked).toHaveLength(1)
    host.clock.now = at(10).getTime()
    expect(await run()).toMatchObject({ kind: 'waiting', until: at(20) })
    host.clock.now = at(20).getTime()
    expect(await run()).toMatchObject({ kind: 'succeeded', output: { way: 'passed' } })
    expect(host.log().get(idOf('gate'))).toMatchObject({ status: 'succeeded', attempt: 1, durationUs: 20_000_000 })
  })

  it('holds nobody where nobody counts', async () => {
    expect(await executePlan(plan(), new Map(), runFacts({ customer: 7 }), plainHost())).toMatchObject({
      kind: 'succeeded',
      output: { way: 'passed' },
    })
  })
})

describe('a debounce', () => {
  const plan = planOf('start -> gate -> after; gate.superseded -> old', {
    start: trigger,
    gate: { type: 'flow.debounce', params: { key: 'doc' } },
    after: set('way', 'last'),
    old: set('way', 'old'),
  })
  const until = new Date(Date.UTC(2026, 0, 1) + 10_000)

  it.each([
    [{ outcome: 'pass' } as const, 'last'],
    [{ outcome: 'superseded' } as const, 'old'],
  ])('waits for quiet, then with %j goes out as the %s', async (answer, way) => {
    const { host, asked } = hostWith([{ outcome: 'wait', until }, answer])
    expect(await executePlan(plan, new Map(), runFacts({}), host)).toMatchObject({ kind: 'waiting', until })
    host.clock.now = until.getTime()
    expect(await executePlan(plan, host.log(), runFacts({}), host)).toMatchObject({ kind: 'succeeded', output: { way } })
    expect(asked.map((call) => call.kind === 'debounce' && call.isNew)).toEqual([true, false])
  })
})
