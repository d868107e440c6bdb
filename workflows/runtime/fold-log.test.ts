import { describe, expect, it } from 'vitest'
import { plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, type NodeSketch, planOf } from '../../tests/support/plan-of'
import { executePlan } from './execute-plan'
import { createLogFold } from './fold-log'
import type { Plan, StepRecord } from './types'

const start = { type: 'trigger.manual' }
const http = (parent: string): NodeSketch => ({
  type: 'http.request',
  parent,
  params: { url: 'https://x.test', method: 'POST' },
  settings: { retry: { attempts: 1 } },
})
const loop = (items: string, parent?: string): NodeSketch => ({
  type: 'flow.for_each',
  params: { items, concurrency: 3 },
  ...(parent ? { parent } : {}),
})
const foldOf = (plan: Plan, records: Iterable<StepRecord>) => {
  const fold = createLogFold(plan)
  for (const record of records) fold.add(record)
  return fold.end()
}

describe('the folded log of a run', () => {
  const plan = planOf('start -> loop; a -> b', { start, loop: loop('{{ input.list }}'), a: http('loop'), b: http('loop') })
  const list = Array.from({ length: 40 }, (_, n) => n)

  it('holds of items that are done their results only, and the run goes on behind them', async () => {
    const host = plainHost((call) => ({ from: call.path }))
    let writes = 0
    host.boundary = (where) => {
      if (!where.startsWith('before write')) return
      writes += 1
      if (writes > 15) throw new Error('down')
    }
    await executePlan(plan, new Map(), runFacts({ list }), host).catch(() => {})
    host.boundary = () => {}
    const before = [...host.log().values()]
    const { log, finished } = foldOf(plan, before.toReversed())
    const done = finished.get(idOf('loop'))?.size ?? 0
    expect(done).toBeGreaterThan(5)
    expect(log.size).toBe(before.length - 2 * done)
    const executed = host.executed.length
    const outcome = await executePlan(plan, log, runFacts({ list }), host, { finished })
    expect(outcome).toEqual({
      kind: 'succeeded',
      output: list.map((n) => ({ from: `${idOf('loop')}/${n}/${idOf('b')}` })),
    })
    expect(host.executed.length - executed).toBeLessThanOrEqual(2 * (list.length - done))
    expect(foldOf(plan, host.log().values()).log.size).toBe(2)
  })

  it('holds nothing of loops inside an item that is done', async () => {
    const nested = planOf('start -> outer', {
      start,
      outer: loop('{{ [1, 2] }}'),
      inner: loop('{{ [1, 2, 3] }}', 'outer'),
      a: http('inner'),
    })
    const host = plainHost(() => 1)
    await executePlan(nested, new Map(), runFacts(), host)
    const unfinished = [...host.log().values()].filter(
      ({ path }) => path !== idOf('outer') && path !== `${idOf('outer')}/1/${idOf('inner')}`,
    )
    const { log, finished } = foldOf(nested, unfinished)
    expect([...log.keys()]).toEqual([idOf('start')])
    expect([...finished].map(([path, items]) => [path, [...items]])).toEqual([
      [idOf('outer'), [[0, [1, 1, 1]]]],
      [`${idOf('outer')}/1/${idOf('inner')}`, [0, 1, 2].map((index) => [index, 1])],
    ])
  })
})
