import { describe, expect, it } from 'vitest'
import { failure, type PlainHost, plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import { executePlan } from './execute-plan'
import type { Plan, SettledWait, StepCall } from './types'

const http = (settings: Record<string, unknown> = {}) => ({
  type: 'http.request',
  params: { url: 'https://x.test', method: 'POST' },
  settings,
})
const set = (name: string, value: Json) => ({ type: 'data.set', params: { fields: [{ name, value }] } })

/** Branches, joins, a retry, a wait, a decision, an error that is handled, and an answer. */
const plan: Plan = planOf(
  `start -> a -> shape -> check; check.true -> b -> join; check.false -> never -> join; a -> c -> join
   join -> flaky -> pause -> ask; ask.approved -> risky; ask.declined -> no; risky.error -> answer -> last`,
  {
    start: { type: 'trigger.webhook' },
    a: http(),
    shape: set('n', '{{ input.n + 1 }}'),
    check: { type: 'flow.if', params: { conditions: [{ left: '{{ input.n }}', operator: 'greater', right: 1 }] } },
    b: http(),
    c: http(),
    never: set('never', true),
    no: set('no', true),
    join: { type: 'flow.merge' },
    flaky: http({ retry: { attempts: 3, delayMs: 1_000, jitter: 0, on: ['any'] } }),
    pause: { type: 'flow.wait', params: { mode: 'for', durationMs: 60_000 } },
    ask: { type: 'people.approval', params: { title: 'Well?' } },
    risky: http({ onError: 'port', retry: { attempts: 1 } }),
    answer: { type: 'http.respond', params: { body: { said: '{{ input.error.message }}' } } },
    last: set('end', '{{ input.said }}'),
  },
)
const facts = runFacts({ n: 1 })

function effects(call: StepCall) {
  const { key } = call.node.node
  if (key === 'flaky' && call.attempt === 1) return failure()
  if (key === 'risky') return failure({ class: 'business', message: 'Refused.' })
  return { by: key, n: 1 }
}

/** Drives the run as Temporal would: again and again, with its waits settled, each crash forgotten. */
async function drive(host: PlainHost): Promise<Json> {
  for (let slices = 0; slices < 60; slices++) {
    const settled: SettledWait[] = [...host.log().values()]
      .filter((record) => record.status === 'waiting' && record.path === idOf('ask'))
      .map((record) => ({
        path: record.path,
        attempt: record.attempt,
        kind: 'approval',
        settledBy: 'person',
        result: { decision: 'approved' },
      }))
    const outcome = await executePlan(plan, host.log(), facts, host, { settled }).catch((error: Error) => {
      if (!error.message.startsWith('crash')) throw error
      return null
    })
    if (outcome?.kind === 'succeeded') return outcome.output
    if (outcome?.kind === 'failed') throw new Error(`failed: ${outcome.error.message}`)
    host.clock.now += 61_000
  }
  throw new Error('the run came to no end')
}

function summary(host: PlainHost): Record<string, unknown> {
  return Object.fromEntries(
    host.records
      .map((record) => [`${record.path}#${record.attempt}`, { status: record.status, port: record.port, output: record.output }] as const)
      .sort(([one], [two]) => (one < two ? -1 : 1)),
  )
}

describe('a crash', () => {
  it('at any boundary around another workflow and a callback starts the one once and loses neither', async () => {
    const linked = planOf('start -> child -> hear -> last; child.error -> no', {
      start: { type: 'trigger.manual' },
      child: { type: 'flow.sub_workflow', params: { workflow: `wf_${'0'.repeat(32)}` }, settings: { onError: 'port' } },
      hear: { type: 'flow.wait_callback' },
      last: set('end', '{{ input.said }}'),
      no: set('no', true),
    })
    const settledOf = (host: PlainHost): SettledWait[] => [
      ...host.children.map(({ path, attempt }) => ({
        path,
        attempt,
        kind: 'child' as const,
        settledBy: 'outside' as const,
        result: { runId: 'run_1', status: 'succeeded', workflowName: 'x', output: { n: 1 } },
      })),
      // A callback may come before its step.
      { path: idOf('hear'), attempt: 1, kind: 'callback', settledBy: 'outside', result: { said: 'yes' } },
    ]
    const through = async (host: PlainHost) => {
      for (let slices = 0; slices < 20; slices++) {
        const outcome = await executePlan(linked, host.log(), facts, host, { settled: settledOf(host) }).catch((error: Error) => {
          if (!error.message.startsWith('crash')) throw error
          return null
        })
        if (outcome?.kind === 'succeeded') return outcome.output
      }
      throw new Error('the run came to no end')
    }
    const boundaries: string[] = []
    const calm = plainHost()
    calm.boundary = (where) => boundaries.push(where)
    const output = await through(calm)
    expect(output).toMatchObject({ said: 'yes', end: 'yes' })
    for (let at = 0; at < boundaries.length; at++) {
      const host = plainHost()
      let passed = 0
      host.boundary = () => {
        if (passed++ === at) throw new Error('crash')
      }
      expect(await through(host), `crash at ${boundaries[at]}`).toEqual(output)
      expect(summary(host), `crash at ${boundaries[at]}`).toEqual(summary(calm))
      expect(host.children).toHaveLength(1)
    }
  })

  it('at any boundary leaves the same log in the end, and no finished step is done twice', async () => {
    const boundaries: string[] = []
    const calm = plainHost(effects)
    calm.boundary = (where) => boundaries.push(where)
    const output = await drive(calm)
    const expected = summary(calm)
    expect(boundaries.length).toBeGreaterThan(25)

    for (let at = 0; at < boundaries.length; at++) {
      const host = plainHost(effects)
      let passed = 0
      let down = false
      host.boundary = () => {
        if (down) return
        if (passed++ === at) {
          down = true
          throw new Error('crash')
        }
      }
      // A crash inside an effect ends the process, not the step.
      const { execute, record } = host
      const finished = new Set<string>()
      host.record = async (records) => {
        await record(records)
        for (const one of records) if (one.status === 'succeeded') finished.add(one.path)
      }
      host.execute = async (call) => {
        if (finished.has(call.path)) throw new Error(`${call.path} was finished and is executed again`)
        const wasDown = down
        const result = await execute(call).catch((error: Error) => error)
        if (!wasDown && down) crashed.add(host)
        if (result instanceof Error) throw result
        return result
      }
      expect(await driveThrough(host), `crash at ${boundaries[at]}`).toEqual(output)
      expect(summary(host), `crash at ${boundaries[at]}`).toEqual(expected)
    }
  })
})

const crashed = new WeakSet<PlainHost>()

/** A process that died inside an effect writes nothing more; what it had buffered is lost. */
async function driveThrough(host: PlainHost): Promise<Json> {
  const { record } = host
  host.record = async (records) => {
    if (crashed.has(host)) {
      crashed.delete(host)
      throw new Error('crash')
    }
    await record(records)
  }
  return drive(host)
}
