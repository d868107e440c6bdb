import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '../../tests/support/plan-of'
import { catalogue } from '../nodes/catalogue'
import { effectsOf } from './effects-of'
import { type KnownResult, planTest, type TestMode } from './plan-test'
import type { Graph, Json } from './schema'
import { staleResults } from './stale-results'
import { fillToolFields, toolFieldsOf } from './tool-fields'

const trigger = { type: 'trigger.manual' }
const set = { type: 'data.set' }
const post = (url = 'https://api.example.com/orders') => ({ type: 'http.request', params: { method: 'POST', url } })
const result = (key: string, output: Json, more: Partial<KnownResult> = {}): KnownResult => ({
  nodeId: idOf(key),
  status: 'succeeded',
  port: 'main',
  output,
  pinned: false,
  ...more,
})
const names = (ids: Iterable<string>) => [...ids].map((id) => id.replace(/_+$/, ''))

function plan(graph: Graph, key: string, mode: TestMode, results: KnownResult[] = [], more: object = {}) {
  const planned = planTest(graph, { nodeId: idOf(key), mode, ...more }, results, catalogue)
  if (!planned.ok) throw new Error(planned.reason)
  return planned.plan
}

describe('what a test runs', () => {
  const graph = graphOf('start -> a -> b -> c; start -> side', { start: trigger, a: set, b: set, c: set, side: set })

  it('is the step alone, with the last answers before it', () => {
    const made = plan(graph, 'b', 'node', [result('start', {}), result('a', { n: 1 })])
    expect(names(made.runs)).toEqual(['b'])
    expect(names(made.known.keys())).toEqual(['a'])
  })
  it('is everything up to the step', () => {
    expect(names(plan(graph, 'b', 'upTo', [result('a', 1)]).runs)).toEqual(['a', 'b'])
  })
  it('is the step and everything after it', () => {
    const made = plan(graph, 'b', 'from', [result('start', {}), result('a', { n: 1 })])
    expect(names(made.runs)).toEqual(['b', 'c'])
  })
  it('is the whole draft', () => {
    expect(names(plan(graph, 'start', 'all').runs)).toEqual(['a', 'b', 'c', 'side'])
  })
  it('leaves out what is pinned, switched off or replaced', () => {
    const off = {
      ...graph,
      nodes: graph.nodes.map((node) => (node.key === 'a' ? { ...node, settings: { ...node.settings, disabled: true } } : node)),
    }
    const made = plan(off, 'c', 'upTo', [result('b', 1, { pinned: true })], { instead: [{ nodeId: idOf('c'), output: { typed: true } }] })
    expect(names(made.runs)).toEqual([])
    expect(made.known.get(idOf('c'))?.output).toEqual({ typed: true })
  })
  it('is refused where nothing came in and where there is no answer to repeat', () => {
    const b = { nodeId: idOf('b'), mode: 'node' } as const
    expect(planTest(graph, b, [], catalogue)).toMatchObject({ ok: false, reason: 'no_input', untested: true })
    const wentElsewhere = { ...result('a', 1), port: 'error' }
    expect(planTest(graph, b, [wentElsewhere], catalogue)).toMatchObject({ ok: false, reason: 'no_input', untested: false })
    const instead = [{ nodeId: idOf('a') }]
    expect(planTest(graph, { nodeId: idOf('b'), mode: 'upTo', instead }, [], catalogue)).toMatchObject({
      ok: false,
      reason: 'no_answer',
      title: 'a',
    })
    expect(planTest(graph, { nodeId: 'gone', mode: 'node' }, [], catalogue)).toMatchObject({ ok: false, reason: 'gone' })
  })
  it('goes in by the trigger as it last was, unless something else is given', () => {
    const known = [result('start', { last: true })]
    expect(plan(graph, 'a', 'upTo', known)).toMatchObject({ input: { last: true }, fedBy: { nodeId: idOf('start') } })
    const given = plan(graph, 'a', 'upTo', known, { input: { given: true } })
    expect(given.input).toEqual({ given: true })
    expect(given.fedBy).toBeUndefined()
  })
})

describe('what a test would really do', () => {
  it('names what sends, what costs money and what asks a person, and nothing that only reads', () => {
    const graph = graphOf('start -> read -> send -> ask -> model -> practice', {
      start: trigger,
      read: { type: 'http.request', params: { url: 'https://api.example.com' } },
      send: post(),
      ask: { type: 'people.approval', params: { title: 'Approve?' } },
      model: { type: 'ai.model', params: { model: 'gpt-5', prompt: 'Hi' } },
      practice: { type: 'ai.model', params: { prompt: 'Hi' } },
    })
    const { graph: part, runs } = plan(graph, 'practice', 'upTo')
    expect(effectsOf(part, runs, catalogue).map((effect) => [effect.title, effect.outside])).toEqual([
      ['send', 'sends'],
      ['ask', 'asks'],
      ['model', 'pays'],
    ])
  })
  it('counts a tool for the agent that may call it', () => {
    const graph = graphOf('start -> agent; send => agent', { start: trigger, agent: { type: 'ai.agent' }, send: post() })
    const { graph: part, runs } = plan(graph, 'agent', 'upTo')
    expect(effectsOf(part, runs, catalogue)).toMatchObject([
      { title: 'agent', outside: 'sends', tools: [{ title: 'send', line: 'POST /orders' }] },
    ])
  })
})

describe('the fields that a model fills', () => {
  const params = { url: "https://x/{{ $ai('order', 'The order', 'text') }}", query: { q: '{{ $ai("many", "How many", "number") + 1 }}' } }
  it('are read off the markers, wherever they stand', () => {
    expect(toolFieldsOf(params)).toEqual([
      { name: 'order', description: 'The order', type: 'text' },
      { name: 'many', description: 'How many', type: 'number' },
    ])
  })
  it('are filled in for a test, and what is not given stays a marker', () => {
    const filled = fillToolFields(params, { many: 3 })
    expect(filled.query).toEqual({ q: '{{ (3) + 1 }}' })
    expect(toolFieldsOf(filled).map((field) => field.name)).toEqual(['order'])
  })
  it('cannot end the expression they stand in', () => {
    expect(fillToolFields({ a: "{{ $ai('o', 'x', 'object') }}" }, { o: { p: { q: 1 } } }).a).toBe('{{ ({"p":{"q":1} }) }}')
  })
})

describe('stale results', () => {
  const graph = graphOf('start -> a -> b -> c', { start: trigger, a: set, b: set, c: set })
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))
  const kept = (key: string, minute: number, more: object = {}) => ({
    nodeId: idOf(key),
    port: 'main',
    pinned: false,
    basis: null,
    at: at(minute),
    ...more,
  })
  it('are those behind what was made anew', () => {
    const stale = staleResults(graph, [kept('start', 1), kept('a', 5), kept('b', 1), kept('c', 1)], catalogue)
    expect(names(stale)).toEqual(['b', 'c'])
  })
  it('are not those behind a pinned one', () => {
    const stale = staleResults(graph, [kept('start', 5), kept('a', 1), kept('b', 1, { pinned: true }), kept('c', 1)], catalogue)
    expect(names(stale)).toEqual(['a'])
  })
  it('are found in a graph that goes round in a circle', () => {
    const circle = graphOf('start -> a -> b -> a', { start: trigger, a: set, b: set })
    expect(names(staleResults(circle, [kept('a', 1, { basis: 'other' }), kept('b', 1)], catalogue))).toEqual(['a', 'b'])
  })
})
