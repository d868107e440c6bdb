import { describe, expect, it } from 'vitest'
import { failure, type PlainHost, plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, planOf } from '../../tests/support/plan-of'
import type { Json } from '../graph/schema'
import type { ModelToolCall } from '../nodes/model-client'
import { executePlan } from './execute-plan'
import type { ModelTurn, Plan, PlanOutcome, StepCall, StepResult } from './types'

const usage = { model: 'scripted', inputTokens: 100, outputTokens: 50, costMicros: 1_000, currency: 'USD' }

function says(content: string, toolCalls: ModelToolCall[] = []): StepResult {
  return {
    ok: true,
    port: 'main',
    output: { content, toolCalls, finishReason: toolCalls.length > 0 ? 'tool_calls' : 'stop' } as unknown as Json,
    usage,
  }
}
const calls = (name: string, args: Json, id = 'c1'): ModelToolCall => ({ id, name, arguments: JSON.stringify(args) })

function agentPlan(params: Record<string, Json> = {}, settings: Record<string, unknown> = {}): Plan {
  return planOf('start -> agent -> after; lookup => agent', {
    start: { type: 'trigger.manual' },
    agent: { type: 'ai.agent', params: { instructions: 'Assess.', input: 'Assess {{ input.company }}', ...params }, settings },
    lookup: {
      type: 'http.request',
      params: { url: "https://registry.test/{{ $ai('company', 'Name of the company', 'string') }}" },
      settings: { retry: { attempts: 2, delayMs: 1_000, jitter: 0 } },
    },
    after: { type: 'data.set', params: { fields: [{ name: 'answer', value: '{{ input.answer }}' }] } },
  })
}

/** A model that answers by turn, and one tool. */
function scripted(
  turns: (StepResult | ((turn: ModelTurn) => StepResult))[],
  tool: (call: StepCall) => Json | StepResult = () => ({ rating: 'A' }),
): PlainHost {
  return plainHost((call) => {
    if (call.path.includes('/call.')) return tool(call)
    const turn = turns[Number(/turn\.(\d+)$/.exec(call.path)?.[1]) - 1]
    if (!turn) throw new Error(`no turn for ${call.path}`)
    return typeof turn === 'function' ? turn(call.params as unknown as ModelTurn) : turn
  })
}
const facts = runFacts({ company: 'Acme' })
const run = (plan: Plan, host: PlainHost): Promise<PlanOutcome> => executePlan(plan, host.log(), facts, host)

describe('an agent', () => {
  it('asks a model only once where its settings say at most once, also when a worker died while it was asked', async () => {
    for (const [atMostOnce, asked] of [
      [true, 1],
      [false, 2],
    ] as const) {
      const plan = agentPlan({}, { atMostOnce })
      const host = scripted([says('Low risk')])
      host.boundary = (where) => {
        if (where.startsWith('after effect')) throw new Error('crash')
      }
      const { execute } = host
      host.execute = (call) => execute(call).catch(() => new Promise<never>(() => {}))
      const dying = new AbortController()
      const first = executePlan(plan, host.log(), facts, host, { signal: dying.signal })
      await new Promise((go) => setTimeout(go, 150))
      dying.abort()
      await first.catch(() => {})
      host.boundary = () => {}
      host.execute = execute
      const outcome = await run(plan, host)
      expect(host.executed).toHaveLength(asked)
      if (atMostOnce) expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'step.unknown' } })
      else expect(outcome).toMatchObject({ kind: 'succeeded', output: { answer: 'Low risk' } })
    }
  })

  it('calls no tool where one answer calls more than its limit, and says so to the model', async () => {
    const many = Array.from({ length: 51 }, (_, index) => calls('lookup', { company: `Company ${index}` }, `c${index}`))
    const host = scripted([
      says('', many),
      (turn) => {
        expect(turn.messages.filter(({ role }) => role === 'tool')).toHaveLength(51)
        expect(turn.messages.at(-1)).toMatchObject({ toolCallId: 'c50', content: expect.stringContaining('None of these 51 calls') })
        return says('', many.slice(0, 50))
      },
      says('Done'),
    ])
    expect(await run(agentPlan(), host)).toMatchObject({ kind: 'succeeded', output: { answer: 'Done' } })
    expect(host.executed.filter(({ path }) => path.includes('/turn.1/'))).toEqual([])
    expect(host.executed.filter(({ path }) => path.includes('/turn.2/'))).toHaveLength(50)
  })

  it('works in turns with its tools until it has an answer', async () => {
    const host = scripted([
      (turn) => {
        expect(turn.tools).toMatchObject([
          { name: 'lookup', parameters: { required: ['company'], properties: { company: { type: 'string' } } } },
        ])
        expect(turn.messages.at(-1)).toEqual({ role: 'user', content: 'Assess Acme' })
        return says('', [calls('lookup', { company: 'acme' })])
      },
      (turn) => {
        expect(turn.messages.at(-1)).toEqual({ role: 'tool', toolCallId: 'c1', content: '{"rating":"A"}' })
        return says('Low risk')
      },
    ])
    const outcome = await run(agentPlan(), host)
    expect(outcome).toMatchObject({ kind: 'succeeded', output: { answer: 'Low risk' } })
    const agent = idOf('agent')
    expect([...host.log().keys()]).toEqual([
      idOf('start'),
      agent,
      `${agent}/turn.1`,
      `${agent}/turn.1/call.0.${idOf('lookup')}`,
      `${agent}/turn.2`,
      idOf('after'),
    ])
    expect(host.executed[1]?.params).toMatchObject({ url: 'https://registry.test/acme' })
    expect(host.log().get(agent)?.output).toEqual({ answer: 'Low risk', turns: 2, toolCalls: 1 })
  })

  it('tells the model what is wrong with a call of a tool', async () => {
    let said: string[] = []
    const host = scripted([
      says('', [calls('erase', {}, 'c1'), { id: 'c2', name: 'lookup', arguments: '{broken' }, calls('lookup', {}, 'c3')]),
      (turn) => {
        said = turn.messages.slice(-3).map((message) => message.content)
        return says('sorry')
      },
    ])
    expect(await run(agentPlan(), host)).toMatchObject({ kind: 'succeeded' })
    expect(said).toEqual([
      expect.stringContaining('There is no tool called'),
      expect.stringContaining('The arguments are not JSON'),
      expect.stringContaining('\\"company\\" must be'),
    ])
    expect(host.executed.filter((call) => call.path.includes('call.'))).toEqual([])
  })

  it('asks again for an answer that does not fit its schema', async () => {
    const responseSchema = { type: 'object', properties: { risk: { enum: ['low', 'high'] } }, required: ['risk'] }
    const host = scripted([
      says('it is fine'),
      says('{"risk":"medium"}'),
      (turn) => {
        expect(turn.messages.at(-1)?.content).toContain('does not fit its schema')
        return says('```json\n{"risk":"low"}\n```')
      },
    ])
    await run(agentPlan({ responseSchema }), host)
    expect(host.log().get(idOf('agent'))?.output).toMatchObject({ answer: { risk: 'low' }, turns: 3 })
  })

  it('goes on with the call that is missing after an interruption', async () => {
    const host = scripted([says('', [calls('lookup', { company: 'a' }, 'c1'), calls('lookup', { company: 'b' }, 'c2')]), says('done')])
    let crashed = false
    host.boundary = (where) => {
      if (!crashed && where.startsWith('after write') && where.includes('turn.2')) {
        crashed = true
        throw new Error('crash')
      }
    }
    await expect(run(agentPlan(), host)).rejects.toThrow('crash')
    expect(await run(agentPlan(), host)).toMatchObject({ kind: 'succeeded' })
    const times = (path: string) => host.executed.filter((call) => call.path.includes(path)).length
    expect([times('turn.1/call.0'), times('turn.1/call.1')]).toEqual([1, 1])
    expect(host.executed.filter((call) => call.path.endsWith('turn.1'))).toHaveLength(1)
  })

  it('waits for the next try of a model that is busy', async () => {
    let busy = true
    const host = plainHost((call) => {
      if (call.path.endsWith('turn.1') && busy) return failure({ class: 'rate_limited', retryAfterMs: 5_000 })
      return says('here')
    })
    expect(await run(agentPlan(), host)).toMatchObject({ kind: 'waiting', waits: [{ kind: 'retry', path: `${idOf('agent')}/turn.1` }] })
    busy = false
    host.clock.now += 5_000
    expect(await run(agentPlan(), host)).toMatchObject({ kind: 'succeeded' })
  })

  it('lets a tool fail by its own policy and tells the model', async () => {
    const host = scripted([says('', [calls('lookup', { company: 'a' })]), (turn) => says(turn.messages.at(-1)?.content ?? '')], () =>
      failure({ class: 'transient', message: 'It answered 503.' }),
    )
    expect(await run(agentPlan(), host)).toMatchObject({ kind: 'waiting' })
    host.clock.now += 1_000
    await run(agentPlan(), host)
    expect(host.log().get(idOf('agent'))?.output).toMatchObject({ answer: expect.stringContaining('It answered 503.') })
  })
})

describe('the limits of an agent', () => {
  const endless = Array.from({ length: 30 }, (_, index) => says('', [calls('lookup', { company: `c${index}` })]))

  it.each([
    ['turns', { maxTurns: 2 }, 'agent.turns', 2],
    ['tokens', { maxTokens: 300 }, 'agent.tokens', 2],
  ])('stop it before the call that would go too far: %s', async (_name, params, code, modelCalls) => {
    const host = scripted(endless)
    expect(await run(agentPlan(params), host)).toMatchObject({ kind: 'failed', path: idOf('agent'), error: { class: 'budget', code } })
    expect(host.executed.filter((call) => /turn\.\d+$/.test(call.path))).toHaveLength(modelCalls)
  })

  it('stop it before money is spent that was not allowed', async () => {
    const host = scripted(endless)
    host.estimateMicros = async () => 2_500
    expect(await run(agentPlan({ maxCostMicros: 4_000 }), host)).toMatchObject({
      kind: 'failed',
      error: { class: 'budget', code: 'agent.money' },
    })
    expect(host.executed.filter((call) => /turn\.\d+$/.test(call.path))).toHaveLength(2)
  })

  it('are no reason to try again', async () => {
    const host = scripted(endless)
    const plan = agentPlan({ maxTurns: 1 }, { onError: 'port', retry: { attempts: 5, on: ['any'] } })
    await run(plan, host)
    expect(host.log().get(idOf('agent'))).toMatchObject({ status: 'failed', port: 'error' })
  })
})
