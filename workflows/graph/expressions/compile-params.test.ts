import { describe, expect, test } from 'vitest'
import { NodeError } from '../../nodes/errors'
import { compileParams } from './index'
import { scopeOf } from './test-scope'

describe('compileParams', () => {
  const params = {
    url: 'https://example.com/{{ input.id }}',
    retries: 3,
    headers: [{ name: 'x-total', value: '{{ steps.$k3f9a2x1.total }}' }],
    body: { list: '{{ input.tags }}', fixed: { a: [1, 'b'] }, 'last name': '{{ vars.name }}' },
    source: 'return `{{ not an expression }}`',
  }
  const scope = scopeOf({ input: { id: 7, tags: ['a'] }, steps: { k3f9a2x1: { total: 9 } }, vars: { name: 'Ada' } })

  test('every text in objects and lists is evaluated, and everything else stays', () => {
    const compiled = compileParams(params, { literalKeys: ['source'] })
    expect(compiled.problems).toEqual([])
    expect(compiled.params.evaluate(scope)).toEqual({
      url: 'https://example.com/7',
      retries: 3,
      headers: [{ name: 'x-total', value: 9 }],
      body: { list: ['a'], fixed: { a: [1, 'b'] }, 'last name': 'Ada' },
      source: 'return `{{ not an expression }}`',
    })
    expect(compiled.params).toMatchObject({ steps: ['k3f9a2x1'], vars: ['name'] })
  })
  test('problems name the place in the params', () => {
    const { problems } = compileParams({ body: { 'a/b': [{ x: 'hi {{ nope }}' }] }, url: '{{ }}' })
    expect(problems.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/body/a~1b/0/x', 'expression.unknown_name'],
      ['/url', 'expression.empty'],
    ])
  })
  test('a failure names the place in the params', () => {
    const { params: compiled } = compileParams({ headers: [{ value: '{{ input.no.thing }}' }] })
    try {
      compiled.evaluate(scope)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(NodeError)
      expect((error as NodeError).step).toMatchObject({ pointer: '/headers/0/value', code: 'expression.no_value', class: 'bad_data' })
    }
  })
  test('params that could not be compiled fail when they are needed, not before', () => {
    const { params: compiled } = compileParams({ bad: '{{ nope }}' })
    expect(() => compiled.evaluate(scope)).toThrow(NodeError)
  })
  test('per-item params are functions of the item', () => {
    const { params: compiled } = compileParams({
      conditions: [{ left: '{{ item.price }}', right: '{{ input.id + index }}' }],
      label: 'fixed',
    })
    const made = compiled.evaluate(scope, ['conditions', 'label'])
    const conditions = made.conditions as (item: unknown, index: number) => unknown
    expect(conditions({ price: 4 }, 2)).toEqual([{ left: 4, right: 9 }])
    expect((made.label as (item: unknown, index: number) => unknown)(1, 0)).toBe('fixed')
  })
  test('the fields a model fills in are listed once', () => {
    const { params: compiled } = compileParams({
      a: "{{ $ai('city', 'Which city') }}",
      b: "{{ $ai('city', '') }} {{ $ai('n', 'How many', 'number') }}",
    })
    expect(compiled.aiFields).toEqual([
      { name: 'city', description: 'Which city', type: 'string' },
      { name: 'n', description: 'How many', type: 'number' },
    ])
    expect(compiled.evaluate(scopeOf({ ai: { city: 'Oslo', n: 2 } }))).toEqual({ a: 'Oslo', b: 'Oslo 2' })
  })
})
