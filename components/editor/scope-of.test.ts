// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { Json } from '@/workflows/graph/schema'
import { scopeOf } from './scope-of'

const graph = graphOf('hook -> each; weigh -> label', {
  hook: { type: 'trigger.webhook' },
  each: { type: 'flow.for_each', params: { items: '{{ input.lines }}' } },
  weigh: { type: 'data.set', parent: 'each' },
  label: { type: 'data.set', parent: 'each' },
  loose: { type: 'data.set' },
})
const lines = [{ sku: 'a' }, { sku: 'b' }]

function scope(key: string, { item, output }: { item?: number; output?: Json } = {}) {
  const result = { status: 'succeeded', output, outputBytes: null, source: 'typed', at: new Date(0), stale: false }
  return scopeOf({
    graph,
    node: { id: idOf(key), params: {} },
    results: new Map(output === undefined ? [] : [[idOf('hook'), result as never]]),
    variables: {},
    workflow: { id: 'w', name: 'W' },
    ...(item === undefined ? {} : { item }),
  })
}

describe('what a step sees', () => {
  it('is, first in a loop, the chosen item of the list that the loop goes through', () => {
    const seen = scope('weigh', { item: 1, output: { lines } })
    expect(seen.scope).toMatchObject({ input: { sku: 'b' }, item: { sku: 'b' }, index: 1 })
    expect(seen.items).toMatchObject({ list: lines, path: 'input.lines', index: 1, around: true })
    expect(seen.source?.node.id).toBe(idOf('hook'))
    expect(seen.examples.has('input')).toBe(false)
  })

  it('is the item beside what the step before gives, further on in a loop', () => {
    const seen = scope('label', { output: { lines } })
    expect(seen.scope.item).toEqual({ sku: 'a' })
    expect(seen.source?.node.id).toBe(idOf('weigh'))
    expect([seen.examples.has('input'), seen.examples.has('item')]).toEqual([true, false])
  })

  it('is the item of the iteration that its values are from, until one is chosen', () => {
    const given = { graph, node: { id: idOf('label'), params: {} }, variables: {}, workflow: { id: 'w', name: 'W' } }
    const results = new Map([
      [
        idOf('hook'),
        { status: 'succeeded', output: { lines }, outputBytes: null, source: 'typed', at: new Date(0), stale: false } as never,
      ],
    ])
    expect(scopeOf({ ...given, results, iteration: 1 }).scope).toMatchObject({ item: { sku: 'b' }, index: 1 })
    expect(scopeOf({ ...given, results, iteration: 1, item: 0 }).scope).toMatchObject({ item: { sku: 'a' }, index: 0 })
  })

  describe('inside a container that is no loop over items', () => {
    const nested = graphOf('hook -> again; hook -> each; fetch -> attempt', {
      hook: { type: 'trigger.webhook' },
      again: { type: 'flow.repeat' },
      poll: { type: 'http.request', parent: 'again' },
      each: { type: 'flow.for_each', params: { items: '{{ input.lines }}' } },
      fetch: { type: 'http.request', parent: 'each' },
      attempt: { type: 'flow.try', parent: 'each' },
      pay: { type: 'http.request', parent: 'attempt' },
    })
    const seen = (key: string, outputs: Record<string, Json>) =>
      scopeOf({
        graph: nested,
        node: { id: idOf(key), params: nested.nodes.find((one) => one.id === idOf(key))?.params ?? {} },
        results: new Map(
          Object.entries(outputs).map(([of, output]) => [
            idOf(of),
            { status: 'succeeded', output, outputBytes: null, source: 'test', at: new Date(0), stale: false } as never,
          ]),
        ),
        variables: {},
        workflow: { id: 'w', name: 'W' },
      })

    it('is what comes into the container, with the number of the round', () => {
      const { scope: first, source, examples } = seen('poll', { hook: { lines } })
      expect(first).toMatchObject({ input: { lines }, index: 0 })
      expect(source?.node.id).toBe(idOf('hook'))
      expect(examples.has('input')).toBe(false)
    })

    it('is what leads to the container, not the item of a loop further out', () => {
      const { scope: first, source } = seen('pay', { hook: { lines }, fetch: { status: 200 } })
      expect(first).toMatchObject({ input: { status: 200 }, item: { sku: 'a' }, index: 0 })
      expect(source?.node.id).toBe(idOf('fetch'))
    })

    it('is, where a repeat looks whether it is done, what the last round gave', () => {
      expect(seen('again', { hook: { lines } }).itemExamples.has('input')).toBe(true)
      const after = seen('again', { hook: { lines }, poll: { status: 200, body: { done: true } } })
      expect(after.scope.input).toEqual({ lines })
      expect(after.itemScope).toMatchObject({ input: { body: { done: true } }, index: 1 })
      expect(after.itemExamples.has('input')).toBe(false)
    })

    it('is an item of its own list, where a loop says what tells items apart', () => {
      expect(seen('each', { hook: { lines } }).itemScope).toMatchObject({ item: { sku: 'a' }, index: 0 })
    })
  })

  it('is the sample input that somebody typed, until there was a test or a run', () => {
    const byHand = graphOf('start -> label', {
      start: { type: 'trigger.manual', params: { sample: { id: 7 } } },
      label: { type: 'data.set' },
    })
    const seen = (results: ReadonlyMap<string, never>) =>
      scopeOf({ graph: byHand, node: { id: idOf('label'), params: {} }, results, variables: {}, workflow: { id: 'w', name: 'W' } })
    expect(seen(new Map<string, never>()).scope).toMatchObject({ input: { id: 7 }, trigger: { id: 7 } })
    expect(seen(new Map<string, never>()).examples.size).toBe(0)
    const tested = { status: 'succeeded', output: { id: 8 }, outputBytes: null, source: 'test', at: new Date(0), stale: false } as never
    expect(seen(new Map([[idOf('start'), tested]])).scope.input).toEqual({ id: 8 })
  })

  describe('behind a failure', () => {
    const failing = graphOf('hook -> attempt; hook -> fetch; fetch.error -> tell; attempt.catch -> note', {
      hook: { type: 'trigger.webhook' },
      fetch: { type: 'http.request', settings: { onError: 'port' } },
      tell: { type: 'data.set' },
      attempt: { type: 'flow.try' },
      pay: { type: 'http.request', parent: 'attempt' },
      note: { type: 'data.set', parent: 'attempt' },
    })
    const error = { class: 'transient', code: 'http.503', message: 'It answered 503.' }
    const seen = (key: string, results: Record<string, object>) =>
      scopeOf({
        graph: failing,
        node: { id: idOf(key), params: {} },
        results: new Map(Object.entries(results).map(([of, one]) => [idOf(of), { outputBytes: null, at: new Date(0), ...one } as never])),
        variables: {},
        workflow: { id: 'w', name: 'W' },
      })

    it('is what went wrong, over the port for errors', () => {
      const before = seen('tell', {})
      expect(before.scope.input).toHaveProperty('error.message')
      expect(before.examples.has('input')).toBe(true)
      const after = seen('tell', { fetch: { status: 'failed', port: 'error', input: null, output: { error }, error } })
      expect(after.scope.input).toEqual({ error })
      expect(after.examples.has('input')).toBe(false)
    })

    it('is in a catch what failed and what the try was given, as a test of it got it', () => {
      const before = seen('note', {
        attempt: { status: 'failed', input: { id: 7 }, output: null },
        pay: { status: 'failed', output: null, error },
      })
      expect(before.scope.input).toEqual({ error: { ...error, step: 'pay', title: expect.anything() }, input: { id: 7 } })
      expect(before.examples.has('input')).toBe(false)
      const got = { error: { ...error, step: 'pay' }, input: { id: 8 } }
      expect(seen('note', { note: { status: 'succeeded', input: got, output: {} } }).scope.input).toEqual(got)
      expect(seen('note', {}).examples.has('input')).toBe(true)
    })
  })

  it('is not known yet where nothing leads to it, or nothing is known of the list', () => {
    expect(scope('loose').examples.has('input')).toBe(true)
    const seen = scope('weigh', { output: { lines: [] } })
    expect(seen.items).toBeNull()
    expect(seen.examples.has('input')).toBe(true)
  })
})
