import { describe, expect, it } from 'vitest'
import { plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, type NodeSketch, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import { executePlan } from './execute-plan'
import { neededOutputs } from './needed-outputs'
import type { StepLog, StepRecord } from './types'

const start = { type: 'trigger.manual' }
const http = (more: Partial<NodeSketch> = {}): NodeSketch => ({
  type: 'http.request',
  ...more,
  params: { url: 'https://x.test', method: 'POST', ...more.params },
  settings: { retry: { attempts: 1 }, ...more.settings },
})
const set = (value: string, parent?: string): NodeSketch => ({
  type: 'data.set',
  params: { fields: [{ name: 'n', value }], keep: 'only-set' },
  ...(parent ? { parent } : {}),
})
const large = (letter: string): Json => ({ text: letter.repeat(2_000) })

/** A host that stores every long output apart, and remembers what of it is in memory. */
function storingHost(effect: (key: string) => Json) {
  const values = new Map<string, Json>()
  const records = new Map<string, StepRecord>()
  const loads: string[] = []
  const host = plainHost((call) => effect(call.node.node.key))
  const { record } = host
  const inMemory = () => [...records.values()].filter(({ output }) => output !== undefined).map(({ path }) => path)
  return {
    loads,
    inMemory,
    forget: (path: string) => values.delete(path),
    log(): StepLog {
      return new Map(
        [...host.log()].map(([path, one]) => [path, values.has(path) ? { ...one, output: undefined, apart: { output: path } } : one]),
      )
    },
    host: Object.assign(host, {
      stored: {
        peek: () => undefined,
        load: async (where: string) => {
          loads.push(where)
          return values.get(where)
        },
        keep: () => {},
      },
      async record(written: readonly StepRecord[]) {
        await record(written)
        for (const one of written) {
          if (JSON.stringify(one.output ?? null).length < 1_000) continue
          values.set(one.path, one.output as Json)
          one.apart = { output: one.path }
          records.set(one.path, one)
        }
      },
    }),
  }
}

describe('large outputs', () => {
  it('are in memory only until what reads them has begun, and again for whatever reads them later', async () => {
    const seen: string[][] = []
    const store = storingHost((key) => {
      seen.push(store.inMemory())
      return large(key)
    })
    const plan = planOf('start -> a -> b -> c -> d -> sum', {
      start,
      a: http(),
      b: http(),
      c: http(),
      d: http(),
      sum: set(`{{ ${['a', 'b', 'c', 'd'].map((key) => `steps.$${idOf(key)}.text.length`).join(' + ')} }}`),
    })
    const outcome = await executePlan(plan, new Map(), runFacts(), store.host)
    expect(outcome).toEqual({ kind: 'succeeded', output: { n: 8_000 } })
    // While one is at work, what it got may be there, and nothing older.
    expect(Math.max(...seen.map((paths) => paths.length))).toBeLessThanOrEqual(1)
    expect(store.loads).toEqual(expect.arrayContaining([idOf('a'), idOf('b'), idOf('c')]))
  })

  it('stay for as long as a loop reads them', async () => {
    const store = storingHost((key) => (key === 'big' ? large('x') : { ok: true }))
    const plan = planOf('start -> big -> other -> loop', {
      start,
      big: http(),
      other: http(),
      loop: { type: 'flow.for_each', params: { items: '{{ [1, 2, 3, 4, 5, 6] }}', concurrency: 2 } },
      call: http({ parent: 'loop', params: { bodyMode: 'text', bodyText: `{{ steps.$${idOf('big')}.text.length }}` } }),
    })
    const outcome = await executePlan(plan, new Map(), runFacts(), store.host)
    expect(outcome.kind).toBe('succeeded')
    expect(store.host.executed.filter(({ node }) => node.node.key === 'call').map(({ params }) => params.bodyText)).toEqual(
      Array(6).fill('2000'),
    )
    expect(store.loads).toEqual([idOf('big')])
  })

  it('are read again by a run that is taken up, and fail the step that needs one that is gone', async () => {
    const store = storingHost(() => large('x'))
    const plan = planOf('start -> big -> wait -> sum', {
      start,
      big: http(),
      wait: { type: 'flow.wait', params: { mode: 'for', durationMs: 1_000 } },
      sum: set(`{{ steps.$${idOf('big')}.text.length }}`),
    })
    expect((await executePlan(plan, new Map(), runFacts(), store.host)).kind).toBe('waiting')
    store.host.clock.now += 1_000
    const log = store.log()
    expect(neededOutputs(plan, log, [idOf('big')])).toEqual([])
    store.forget(idOf('big'))
    const outcome = await executePlan(plan, log, runFacts(), store.host)
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'value.lost' } })
  })
})
