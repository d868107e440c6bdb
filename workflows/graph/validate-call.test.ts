import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/plan-of'
import { catalogue } from '../nodes/catalogue'
import { callKey } from './call'
import { callsOf } from './calls-of'
import type { Json } from './schema'
import { validate } from './validate'

const workflow = `wf_${'1'.repeat(32)}`
const schema = {
  type: 'object',
  properties: { customerId: { type: 'string' }, amount: { type: 'number' }, express: { type: 'boolean' } },
  required: ['customerId', 'amount'],
}

function problemsOf(input: Json | undefined, version: Record<string, Json> = {}) {
  const params = { workflow, ...(input === undefined ? {} : { input }), ...version }
  const graph = graphOf('start -> ship', { start: { type: 'trigger.manual' }, ship: { type: 'flow.sub_workflow', title: 'Ship', params } })
  const callees = new Map([[callKey({ workflowId: workflow, version: 'live' }), { name: 'Ship order', schema }]])
  return validate(graph, catalogue, { callees })
    .filter((problem) => problem.code.startsWith('call.'))
    .map(({ pointer, message }) => [pointer, message])
}

describe('a step that runs another workflow', () => {
  it('has to give what that asks for', () => {
    expect(problemsOf({ customerId: '{{ input.id }}' })).toEqual([
      ['/params/input/amount', '“amount” is missing in “Ship”: “Ship order” asks for it.'],
    ])
  })

  it('may not give what that cannot take, as far as it is known before', () => {
    expect(problemsOf({ customerId: 'c', amount: '12' })).toEqual([
      ['/params/input/amount', expect.stringMatching(/^“amount” of “Ship” is not what “Ship order” takes\. /)],
    ])
    expect(problemsOf({ customerId: 'c', amount: '{{ input.amount }}', note: 1 })).toEqual([])
  })

  it('is not judged by what comes in, by an expression, or by another version', () => {
    expect(problemsOf(undefined)).toEqual([])
    expect(problemsOf('{{ input }}')).toEqual([])
    expect(problemsOf({}, { version: 'number', versionNumber: 3 })).toEqual([])
  })

  it('names the workflow and the version, each once', () => {
    const call = (params: Record<string, Json>) => ({ type: 'flow.sub_workflow', params: { workflow, ...params } })
    const graph = graphOf('', {
      a: call({}),
      b: call({}),
      c: call({ version: 'tag', versionTag: 'staging' }),
      d: { type: 'flow.sub_workflow' },
    })
    expect(callsOf(graph, catalogue)).toEqual([
      { workflowId: workflow, version: 'live' },
      { workflowId: workflow, version: 'staging' },
    ])
  })
})
