import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import { compileParams } from '../../graph/expressions'
import { dataFilter } from './definition'

const scope = { input: null, trigger: null, steps: {}, vars: {}, run: {}, now: new Date(0) }

describe('a filter', () => {
  it('keeps the items for which its conditions hold', () => {
    const conditions = [{ left: '{{ item.total }}', operator: 'greater', right: '{{ index * 10 }}' }]
    const list = [{ total: 5 }, { total: 5 }, { total: 50 }]
    const { params } = compileParams({ conditions, list })
    const evaluated = params.evaluate(scope, dataFilter.perItem)
    expect(runPure(dataFilter, evaluated as never)).toEqual({ port: 'main', output: [{ total: 5 }, { total: 50 }] })
  })
  it('takes its input when no list is given, and keeps nothing rather than failing', () => {
    const conditions = [{ left: 1, operator: 'equals' as const, right: 2 }]
    expect(runPure(dataFilter, { conditions }, [1, 2]).output).toEqual([])
    expect(runPure(dataFilter, {}, [1, 2]).output).toEqual([1, 2])
  })
  it.each([[null], ['abc'], [{ a: [] }]])('says when %j is no list', async (input) => {
    expect(await failureOf(() => runPure(dataFilter, {}, input))).toMatchObject({ code: 'list.not_a_list', pointer: '/params/list' })
  })
})
