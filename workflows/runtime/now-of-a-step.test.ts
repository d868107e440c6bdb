import { describe, expect, it } from 'vitest'
import { plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import { executePlan } from './execute-plan'

const trigger = { type: 'trigger.manual' }
const set = (fields: Record<string, Json>) => ({
  type: 'data.set',
  params: { fields: Object.entries(fields).map(([name, value]) => ({ name, value })) },
})

/** A host whose clock goes on each time it is looked at. */
function tickingHost() {
  const host = plainHost(() => ({ status: 200 }))
  host.now = () => {
    host.clock.now += 1_000
    return new Date(host.clock.now)
  }
  return host
}

describe('now', () => {
  it('is the same in all fields of a step, and is recorded as its start', async () => {
    const plan = planOf('start -> a -> b', {
      start: trigger,
      a: set({
        first: '{{ now.toMillis() }}',
        second: '{{ [1, 2].map(() => Date.now()) }}',
        third: 'at {{ now.toISO() }} and {{ now.toISO() }}',
      }),
      b: set({ later: '{{ now.toMillis() }}' }),
    })
    const host = tickingHost()
    await executePlan(plan, new Map(), runFacts({}), host)
    const [a, b] = ['a', 'b'].map((key) => host.log().get(idOf(key)))
    const at = a?.startedAt.getTime()
    const iso = a?.startedAt.toISOString()
    expect(a?.output).toEqual({ first: at, second: [at, at], third: `at ${iso} and ${iso}` })
    expect(b?.output).toMatchObject({ later: b?.startedAt.getTime() })
    expect(b?.startedAt.getTime()).toBeGreaterThan(at ?? 0)
  })
  it('is recorded with what an effect was asked to do', async () => {
    const plan = planOf('start -> call', {
      start: trigger,
      call: { type: 'http.request', params: { url: 'https://example.com/{{ now.toMillis() }}/{{ now.toMillis() }}' } },
    })
    const host = tickingHost()
    await executePlan(plan, new Map(), runFacts({}), host)
    const recorded = host.log().get(idOf('call'))?.input as { url: string }
    const asked = recorded.url.split('/').slice(3)
    expect(asked).toHaveLength(2)
    expect(asked[0]).toBe(asked[1])
    expect(host.executed[0]?.params).toMatchObject({ url: `https://example.com/${asked.join('/')}` })
  })
})
