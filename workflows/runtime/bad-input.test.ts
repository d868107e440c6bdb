import { describe, expect, it } from 'vitest'
import { plainHost, runFacts } from '../../tests/support/plain-host'
import { graphOf, idOf, type NodeSketch } from '../../tests/support/plan-of'
import { answerWith } from '../../tests/support/run-node'
import { compile } from '../graph/compile'
import { findBadJson } from '../graph/find-bad-json'
import { literalParams } from '../graph/inspect-params'
import type { Json } from '../graph/schema'
import { definitions } from '../nodes/catalogue'
import type { NodeDefinition } from '../nodes/define'
import { executors } from '../nodes/executors.server'
import { executePlan } from './execute-plan'
import { stepErrorOf } from './step-error-of'
import type { PlanOutcome, SettledWait, StepCall, StepResult } from './types'

const all = definitions as readonly NodeDefinition[]
const deep = Array.from({ length: 60 }).reduce<Json>((inner) => [inner], 1)
const reserved = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": 1}}, "toString": 1}') as Json
const values: [string, Json | undefined][] = [
  ['nothing at all', undefined],
  ['null', null],
  ['true', true],
  ['zero', 0],
  ['a negative number', -1],
  ['a fraction', 0.1],
  ['a number that nearly overflows', Number.MAX_VALUE],
  ['1e400 as JSON reads it', Number.POSITIVE_INFINITY],
  ['no number', Number.NaN],
  ['an integer beyond 2^53', 2 ** 53 + 2],
  ['such an integer as text', '9007199254740993'],
  ['an empty text', ''],
  ['text', 'banana'],
  ['NUL', 'a\u0000b'],
  ['half of a pair', 'a\ud800b'],
  ['what looks like an expression', '{{ steps.constructor }}'],
  ['a long text', 'x'.repeat(300_000)],
  ['an empty list', []],
  ['a list of nothing', [null, null]],
  ['a list of everything', [1, '1', true, null, [], {}, { a: { b: [1] } }]],
  ['an empty object', {}],
  ['names that reach a prototype', reserved],
  ['a list of such names', [reserved]],
  ['a deep value', deep],
]

/** Parameters as a person may have filled them in, so that each node has something to do. */
const filledIn: Record<string, Record<string, Json>> = {
  'flow.if': { conditions: [{ left: '{{ input.value }}', operator: 'equals', right: '1' }] },
  'flow.switch': { mode: 'value', value: '{{ input.value }}', values: [{ name: 'a', value: 'a' }] },
  'flow.for_each': { items: '{{ input.value }}' },
  'flow.repeat': { mode: 'while', check: 'before', conditions: [{ left: '{{ index }}', operator: 'less', right: '3' }] },
  'flow.wait': { mode: 'for', durationMs: 10 },
  'flow.wait_event': { name: 'paid', key: 'k' },
  'flow.sub_workflow': { workflow: `wf_${'0'.repeat(32)}` },
  'flow.stop': { end: 'failed', message: 'Stopped.' },
  'ai.agent': { model: 'practice', instructions: 'Look.', input: '{{ input.value }}', maxTurns: 2 },
  'ai.model': { model: 'practice', prompt: '{{ input.value }}' },
  'people.approval': { title: 'Go on?' },
  'data.set': { fields: [{ name: 'a.b', value: '{{ input.value }}' }] },
  'http.request': { url: 'https://api.example.com/' },
}

/** Every executor as it is, with powers that answer with what is bad too. */
const execute =
  (value: Json | undefined) =>
  async (call: StepCall): Promise<StepResult> => {
    const usage = { inputTokens: 1, outputTokens: 1, costMicros: 0, currency: 'USD' }
    if (call.node.definition.kind === 'control') {
      return { ok: true, port: 'main', output: { content: JSON.stringify(value) ?? '', toolCalls: [], finishReason: 'stop' }, usage }
    }
    const answer = { content: JSON.stringify(value) ?? '', toolCalls: [], finishReason: 'stop' as const, usage }
    const code = { run: async () => ({ value: (value ?? null) as Json, logs: [] }) }
    try {
      const { port, output } = await (executors.get(call.node.node.type) as NonNullable<ReturnType<typeof executors.get>>).run({
        ...call,
        fetch: async () => answerWith(200, JSON.stringify(value) ?? ''),
        models: { complete: async () => answer, estimateMicros: async () => 0 },
        code,
        python: code,
        now: () => new Date(0),
        log: () => {},
      })
      return { ok: true, port, output }
    } catch (thrown) {
      return { ok: false, error: stepErrorOf(thrown) }
    }
  }

function sketches(type: string, params: Record<string, Json>, settings: NodeSketch['settings'] = {}) {
  const definition = all.find((one) => one.type === type) as NodeDefinition
  const node: Record<string, NodeSketch> = { node: { type, params, settings: { retry: { attempts: 1 }, ...settings } } }
  if (definition.kind === 'trigger') return { drawing: 'node -> after', nodes: { ...node, after: inside('after') } }
  const body: Record<string, NodeSketch> =
    definition.kind === 'control' && definition.body ? { within: { ...inside('within'), parent: 'node' } } : {}
  return { drawing: 'start -> node', nodes: { start: { type: 'trigger.manual' }, ...node, ...body } }
}
const inside = (name: string): NodeSketch => ({ type: 'data.set', params: { fields: [{ name, value: '{{ input }}' }] } })

/** Runs it to an end or to a wait with a name; whatever else it does is a defect. */
async function survives(type: string, params: Record<string, Json>, value: Json | undefined, settings?: NodeSketch['settings']) {
  const { drawing, nodes } = sketches(type, params, settings)
  const compiled = compile(graphOf(drawing, nodes))
  if (!compiled.ok) {
    for (const { message } of compiled.problems) expect(message).toMatch(/\S.*\.$/s)
    return { kind: 'refused' as const }
  }
  const host = plainHost(execute(value))
  const facts = runFacts(value === undefined ? {} : { value })
  let outcome: PlanOutcome = { kind: 'more' }
  for (let slice = 0; slice < 50 && outcome.kind === 'more'; slice++) outcome = await executePlan(compiled.plan, host.log(), facts, host)
  expect(['succeeded', 'failed', 'waiting']).toContain(outcome.kind)
  if (outcome.kind === 'failed') {
    expect(outcome.error.code, JSON.stringify(outcome.error)).not.toBe('internal')
    expect(outcome.error.message).toMatch(/\S/)
    expect(outcome.error.message.length).toBeLessThan(2_000)
    expect([idOf('node'), idOf('after')]).toContain(outcome.path.split('/')[0])
  }
  if (outcome.kind === 'waiting') expect(outcome.waits.length).toBeGreaterThan(0)
  // What steps made can be kept; what came through no door at all is a trigger's own.
  const made = host.records.filter((record) => record.output !== undefined && record.path !== idOf('start'))
  for (const { output } of made.filter(() => value === undefined || findBadJson(value).length === 0))
    expect(findBadJson(output as Json).map((bad) => bad.code)).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  return outcome
}

const running = all.filter((definition) => definition.kind !== 'note')

describe.each(running.map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  const given = filledIn[type] ?? {}
  const names = Object.keys(definition.params.shape)
  const literal = literalParams(definition)

  it.each(values)('takes %s as its input, or says what is wrong', async (_, value) => {
    await survives(type, given, value)
    await survives(type, {}, value)
  })
  it.each(values)('takes %s in each of its fields, or says what is wrong', async (_, value) => {
    for (const name of names) {
      if (!literal.includes(name)) await survives(type, { ...given, [name]: '{{ input.value }}' }, value)
      // What no JSON can hold, and what the doors refuse, never stands in a graph.
      if (value !== undefined && findBadJson(value).length === 0) await survives(type, { ...given, [name]: value }, value)
    }
  })
  it('goes on behind its error port, and once for each item, with the same values', async () => {
    if (definition.kind === 'trigger') return
    for (const [, value] of values) {
      await survives(type, given, value, { onError: 'continue' })
      await survives(type, given, value, { each: { items: '{{ input.value }}', concurrency: 5, onItemError: 'collect' } })
    }
  })
})

// Nodes that work on lists have a test of their own for it.
describe('a million items', () => {
  const million = new Array<Json>(1_000_000).fill(1)
  it.each(['flow.for_each', 'flow.sub_workflow', 'http.respond', 'code.python'])(
    'are handled by %s or refused',
    async (type) => {
      await survives(type, filledIn[type] ?? {}, million)
    },
    60_000,
  )
  it('are refused by a step that its settings run for each of them', async () => {
    const outcome = await survives('http.request', filledIn['http.request'] ?? {}, million, { each: { items: '{{ input.value }}' } })
    expect(outcome).toMatchObject({ kind: 'failed' })
  }, 60_000)
})

describe('what has no end', () => {
  it('repeat stops at its limit and says so', async () => {
    const plan = { mode: 'while', check: 'before', conditions: [{ left: '1', operator: 'equals', right: '1' }], limit: 20 }
    const outcome = await survives('flow.repeat', { ...plan, onLimit: 'fail' }, 1)
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: expect.stringMatching(/limit|repeat/) } })
    expect(await survives('flow.repeat', { ...plan, onLimit: 'continue' }, 1)).toMatchObject({
      kind: expect.stringMatching(/succeeded|refused/),
    })
  })
})

describe('what ends a wait', () => {
  const ends: [string, string, SettledWait['kind'], Record<string, Json>][] = [
    ['flow.wait_callback', 'outside', 'callback', {}],
    ['flow.wait_event', 'outside', 'event', { name: 'paid', key: 'k' }],
    ['people.approval', 'person', 'approval', { title: 'Go on?' }],
    ['flow.sub_workflow', 'outside', 'child', { workflow: `wf_${'0'.repeat(32)}` }],
  ]
  it.each(ends)('%s goes on or says what is wrong, whatever ended it', async (type, settledBy, kind, params) => {
    const { drawing, nodes } = sketches(type, params)
    const compiled = compile(graphOf(`${drawing}`, nodes))
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
    for (const [, value] of values) {
      const end: Json =
        kind === 'child' ? { runId: 'run_1', status: 'succeeded', workflowName: 'W', output: value ?? null } : (value ?? null)
      const host = plainHost(execute(value))
      const first = await executePlan(compiled.plan, host.log(), runFacts({}), host)
      expect(first).toMatchObject({ kind: 'waiting', waits: [{ path: idOf('node'), kind }] })
      const settled = [{ path: idOf('node'), attempt: 1, kind, settledBy: settledBy as 'outside', result: end }]
      const outcome = await executePlan(compiled.plan, host.log(), runFacts({}), host, { settled })
      expect(['succeeded', 'failed']).toContain(outcome.kind)
      if (outcome.kind === 'failed') expect(outcome.error.code).not.toBe('internal')
    }
  })
})
