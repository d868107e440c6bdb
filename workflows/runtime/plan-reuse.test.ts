import { describe, expect, it } from 'vitest'
import { failure, plainHost, runFacts } from '../../tests/support/plain-host'
import { compiled, graphOf, idOf, type NodeSketch, planOf } from '../../tests/support/plan-of'
import { executePlan } from './execute-plan'
import { planReuse } from './plan-reuse'

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

  it('leaves out what the earlier run skipped', async () => {
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
  })
})
