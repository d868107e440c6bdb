import { describe, expect, it } from 'vitest'
import { emptyGraph, type Graph } from '../schema'
import { validateSettings } from '../validate-settings'
import { applyOperation, invertOperation, type Operation } from './index'

const set = (name: string, after?: unknown, more: object = {}) =>
  ({ kind: 'setWorkflowSetting', name, ...(after === undefined ? {} : { after }), ...more }) as Operation
function applied(graph: Graph, operation: Operation): Graph {
  const result = applyOperation(graph, operation)
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

describe('a setting of the workflow', () => {
  it('is written, and taken back as if it never was', () => {
    const operation = set('priority', 2)
    const after = applied(emptyGraph, operation)
    expect(after.settings).toEqual({ priority: 2 })
    expect(applied(after, invertOperation(emptyGraph, operation) as Operation)).toEqual(emptyGraph)
  })
  it('leaves the others alone', () => {
    const one = applied(emptyGraph, set('maxDurationMs', 60_000))
    const two = applied(one, set('concurrency', { limit: 1 }))
    expect(two.settings).toEqual({ maxDurationMs: 60_000, concurrency: { limit: 1, whenFull: 'queue', key: '' } })
    expect(applied(two, set('maxDurationMs')).settings).toEqual({ concurrency: { limit: 1, whenFull: 'queue', key: '' } })
  })
  it('that somebody else changed since is not undone', () => {
    const graph = applied(emptyGraph, set('priority', 3))
    expect(applyOperation(graph, set('priority', 1, { before: 2, guarded: true }))).toMatchObject({
      ok: false,
      problem: { code: 'undo.changed_since' },
    })
  })
  it.each([
    ['priority', 12],
    ['errorWorkflow', 'Alerts'],
    ['concurrency', { limit: 0 }],
    ['keepFailedDays', '3'],
  ])('%s refuses %j', (name, value) => {
    expect(applyOperation(emptyGraph, set(name, value))).toMatchObject({ ok: false, problem: { code: 'setting.invalid' } })
  })
  it('is refused where its name is not known', () => {
    expect(() => applied(emptyGraph, set('constructor', 1))).toThrow()
  })
})

describe('settings', () => {
  it('say before a publish what cannot be used', () => {
    const graph: Graph = {
      ...emptyGraph,
      settings: { input: { type: 'text' }, concurrency: { limit: 1, whenFull: 'queue', key: '{{ steps.a.b + }}' } },
    }
    expect(validateSettings(graph).map(({ pointer }) => pointer)).toEqual([
      '/settings/input/type',
      '/settings/concurrency/key',
      '/settings/concurrency/key',
    ])
    expect(
      validateSettings({ ...emptyGraph, settings: { concurrency: { limit: 1, whenFull: 'skip', key: '{{ input.customer }}' } } }),
    ).toEqual([])
  })
})
