import { expect, it } from 'vitest'
import { graphOf, idOf } from '../../../tests/support/plan-of'
import { catalogue } from '../../nodes/catalogue'
import { sampleOf } from '../sample-of'
import type { Json } from '../schema'
import { sampleOfSchema } from './sample-of-schema'

const schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    kind: { enum: ['a', 'b'] },
    amount: { type: ['number', 'null'], minimum: 5 },
    vip: { type: 'boolean' },
    since: { type: 'string', format: 'date' },
    lines: { type: 'array', items: { properties: { sku: { type: 'string', examples: ['OAK-1'] } } } },
    any: {},
  },
} satisfies Json
const sample = { id: 'text', kind: 'a', amount: 5, vip: true, since: '2026-03-09', lines: [{ sku: 'OAK-1' }], any: null }

it('has each field that a schema names, with a value of its kind', () => {
  expect(sampleOfSchema(schema)).toEqual(sample)
  expect(sampleOfSchema(true)).toBeUndefined()
  expect(sampleOfSchema('{{ input.schema }}')).toBeUndefined()
})

it('is what a step gives that says by a schema what comes in or is filled in', () => {
  const given = (type: string, params: Record<string, Json>) => {
    const graph = graphOf('', { step: { type, params } })
    const [node] = graph.nodes
    expect(node?.id).toBe(idOf('step'))
    return node && sampleOf(graph, node, () => undefined, catalogue)
  }
  expect(given('trigger.sub_workflow', { input: schema })).toEqual(sample)
  expect(given('trigger.sub_workflow', {})).toBeUndefined()
  expect(given('people.approval', { form: schema })).toMatchObject({ decision: 'approved', values: sample })
  expect(given('ai.model', { answer: 'json', schema })).toEqual({ answer: sample })
  expect(given('ai.agent', { responseSchema: schema })).toMatchObject({ answer: sample, turns: 2 })
})
