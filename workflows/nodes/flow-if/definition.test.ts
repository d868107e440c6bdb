import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { GraphNode, Json } from '../../graph/schema'
import { flowIf } from './definition'

describe('if', () => {
  it('goes out by true or false with its input unchanged', () => {
    const at = (left: number) => runPure(flowIf, { conditions: [{ left, operator: 'less_or_equal', right: '5000' }] }, { total: left })
    expect(at(4999)).toEqual({ port: 'true', output: { total: 4999 } })
    expect(at(5001)).toEqual({ port: 'false', output: { total: 5001 } })
  })
  it('fails in words when it cannot compare', async () => {
    const error = await failureOf(() => runPure(flowIf, { conditions: [{ left: 'much', operator: 'less', right: 1 }] }))
    expect(error.message).toBe('"much" is not a number, so it cannot be compared.')
  })
  it('takes capital and small letters for the same when asked to', () => {
    const out = (operator: 'equals' | 'one_of' | 'starts_with' | 'contains', left: Json, right: Json, ignoreCase = true) =>
      runPure(flowIf, { conditions: [{ left, operator, right }], ignoreCase }).port
    expect(out('equals', 'Paid', 'paid')).toBe('true')
    expect(out('equals', 'Paid', 'paid', false)).toBe('false')
    expect(out('one_of', 'nl', 'NL, BE')).toBe('true')
    expect(out('starts_with', 'ORDER-7', 'order')).toBe('true')
    expect(out('contains', ['A', 1], 'a')).toBe('true')
    expect(out('equals', { a: 'A' }, { a: 'a' })).toBe('false')
  })
  it('shows its condition, and asks for one', () => {
    expect(flowIf.subtitle?.({ conditions: [{ left: '{{ input.total }}', operator: 'less_or_equal', right: '5000' }] }, flowIf.form)).toBe(
      'total ≤ 5,000',
    )
    expect(flowIf.check?.({}, {} as GraphNode)).toHaveLength(1)
  })
})
