import { describe, expect, it } from 'vitest'
import '../graph/expressions'
import type { Json } from '../graph/schema'
import { conditionHolds, conditionsHold, describeConditions } from './conditions'
import { NodeError } from './errors'
import type { Operator } from './operators'

const holds = (left: Json, operator: Operator, right: Json = null): boolean => conditionHolds({ left, operator, right })

describe('a condition', () => {
  it.each<[Json, Operator, Json, boolean]>([
    [5, 'equals', '5', true],
    ['5', 'equals', 5, true],
    [true, 'equals', 'TRUE', true],
    ['a', 'equals', 'A', false],
    [null, 'equals', '', true],
    [0, 'equals', '', false],
    [{ a: 1, b: [2] }, 'equals', { b: [2], a: 1 }, true],
    [[1, 2], 'not_equals', [2, 1], true],
    ['12', 'greater', '9', true],
    [5000, 'less_or_equal', '5000', true],
    ['Hello', 'contains', 'ell', true],
    [['a', 1], 'contains', '1', true],
    [{ name: 1 }, 'contains', 'name', true],
    [{}, 'contains', 'constructor', false],
    ['Hello', 'not_contains', 'x', true],
    ['Hello', 'starts_with', 'He', true],
    ['Hello', 'ends_with', 'lo', true],
    ['NL8021B01', 'matches', '^NL\\d+', true],
    ['DE', 'not_matches', '^NL', true],
    ['BE', 'one_of', 'NL, BE, LU', true],
    [2, 'one_of', [1, 2], true],
    ['2026-03-01', 'before', '2026-03-01T08:00:00Z', true],
    ['2026-03-02', 'after', '2026-03-01', true],
    ['true', 'is_true', null, true],
    [false, 'is_false', null, true],
    ['  ', 'is_empty', null, true],
    [[], 'is_empty', null, true],
    [0, 'is_empty', null, false],
    [{ a: null }, 'is_not_empty', null, true],
  ])('%j %s %j is %s', (left, operator, right, expected) => {
    expect(holds(left, operator, right)).toBe(expected)
  })
  it.each<[Json, Operator, Json, string]>([
    ['abc', 'greater', 1, 'condition.not_a_number'],
    [null, 'less', 1, 'condition.not_a_number'],
    ['soon', 'before', '2026-01-01', 'condition.not_a_date'],
    ['a', 'matches', '(', 'condition.pattern'],
    ['a', 'matches', '(?=a)', 'condition.pattern'],
  ])('%j %s %j says what is wrong', (left, operator, right, code) => {
    try {
      holds(left, operator, right)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(NodeError)
      expect((error as NodeError).step).toMatchObject({ class: 'bad_data', code })
    }
  })
  it('with a pattern that others choke on is quick', () => {
    expect(holds(`${'a'.repeat(50_000)}b`, 'matches', '^(a+)+$')).toBe(false)
  })
})

describe('several conditions', () => {
  const yes = { left: 1, operator: 'equals', right: 1 } as const
  const no = { left: 1, operator: 'equals', right: 2 } as const
  it('hold together or one of them', () => {
    expect(conditionsHold([yes, no], 'all')).toBe(false)
    expect(conditionsHold([yes, no], 'any')).toBe(true)
    expect(conditionsHold([], 'all')).toBe(true)
  })
  it('are described in few words', () => {
    const one = { left: '{{ input.order.total }}', operator: 'less_or_equal', right: '5000' }
    expect(describeConditions([one], 'all')).toBe('total ≤ 5,000')
    expect(describeConditions([one, one], 'any')).toBe('total ≤ 5,000 or 1 more')
    expect(describeConditions([{ left: '{{ item.email }}', operator: 'is_empty' }], 'all')).toBe('email is empty')
    expect(describeConditions([null, 3], 'all')).toBe(' and 1 more')
    expect(describeConditions('{{ x }}', 'all')).toBe('')
  })
})
