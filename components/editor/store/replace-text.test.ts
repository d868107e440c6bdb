import { describe, expect, it } from 'vitest'
import { applyOperation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'
import { graphOf, idOf } from '../../../tests/support/plan-of'
import { replaceText } from './replace-text'

const graph = graphOf('begin -> call -> note', {
  begin: { type: 'trigger.manual' },
  call: {
    type: 'http.request',
    params: { url: 'https://old.example/Old?x={{ input.old }}', method: 'POST', headers: { 'x-from': 'old' } },
  },
  note: { type: 'data.set', params: { fields: [{ name: 'a', value: '{{ steps.$call____.body }} (a+b)' }] } },
})
const replaced = (given: Graph, text: string, by: string) =>
  replaceText(given, text, by).reduce((now, operation) => {
    const result = applyOperation(now, operation)
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }, given)
const paramsOf = (given: Graph, key: string) => given.nodes.find((node) => node.id === idOf(key))?.params

describe('replacing a text', () => {
  it('changes it in all fields, whatever its capitals', () => {
    expect(paramsOf(replaced(graph, 'old', 'new'), 'call')).toEqual({
      url: 'https://new.example/new?x={{ input.new }}',
      method: 'POST',
      headers: { 'x-from': 'new' },
    })
  })

  it('takes the text as it is written, not as a pattern', () => {
    expect(JSON.stringify(paramsOf(replaced(graph, '(a+b)', '$& $1'), 'note'))).toContain('$& $1')
    expect(replaceText(graph, 'a.b', 'x')).toEqual([])
  })

  it('names steps as they are shown', () => {
    expect(JSON.stringify(paramsOf(replaced(graph, 'steps.call.body', 'steps.call.status'), 'note'))).toContain(
      `steps.$${idOf('call')}.status`,
    )
  })

  it('leaves what is chosen from a list, and what is locked', () => {
    expect(replaceText(graph, 'post', 'GET')).toEqual([])
    const locked = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, locked: true as const })) }
    expect(replaceText(locked, 'old', 'new')).toEqual([])
    expect(replaceText(graph, ' ', 'new')).toEqual([])
  })
})
