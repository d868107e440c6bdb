import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { GraphNode } from '../../graph/schema'
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
  it('shows its condition, and asks for one', () => {
    expect(flowIf.subtitle?.({ conditions: [{ left: '{{ input.total }}', operator: 'less_or_equal', right: '5000' }] }, flowIf.form)).toBe(
      'total ≤ 5,000',
    )
    expect(flowIf.check?.({}, {} as GraphNode)).toHaveLength(1)
  })
})
