import { describe, expect, it } from 'vitest'
import { compileParams } from '../graph/expressions'
import { readToolArguments, toolSchemaOf, unknownToolMessage } from './agent-tools'

const settings = { onError: 'fail', atMostOnce: false, disabled: false, note: '' } as const

describe('a tool', () => {
  const { params } = compileParams({
    url: "https://x.example/{{ $ai('vat', 'VAT number', 'text') }}",
    query: { days: "{{ $ai('days', 'How many days back', 'integer') }}", again: "{{ $ai('vat', 'VAT number') }}" },
  })
  it('asks the model for what its markers leave to it', () => {
    expect(
      toolSchemaOf({ key: 'credit_bureau', title: 'Credit bureau', settings: { ...settings, note: 'Scores a company' } }, params),
    ).toEqual({
      name: 'credit_bureau',
      description: 'Scores a company',
      parameters: {
        type: 'object',
        properties: { vat: { type: 'string', description: 'VAT number' }, days: { type: 'integer', description: 'How many days back' } },
        required: ['vat', 'days'],
        additionalProperties: false,
      },
    })
  })
  it('without markers or note has its title and no fields', () => {
    expect(toolSchemaOf({ key: 'now', title: 'Now', settings }, { aiFields: [] })).toMatchObject({
      description: 'Now',
      parameters: { properties: {}, required: [] },
    })
  })
  it.each([
    ['{"vat": "NL1", "days": 3}', { vat: 'NL1', days: 3 }],
    ['```json\n{"vat": 17, "days": "3", "more": 1}\n```', { vat: '17', days: 3 }],
  ])('takes arguments %s', (text, values) => {
    expect(readToolArguments(text, params.aiFields)).toEqual({ ok: true, values })
  })
  it.each([
    ['{"vat": "NL1"', 'not JSON'],
    ['[1]', 'must be a JSON object'],
    ['', '"vat" must be a text; "days" must be a whole number'],
    ['{"vat": {}, "days": 1.5}', '"vat" must be a text; "days" must be a whole number'],
    ['{"__proto__": {"vat": "x"}, "days": 1}', '"vat" must be a text'],
  ])('tells the model what is wrong with %s', (text, message) => {
    const read = readToolArguments(text, params.aiFields)
    expect(read).toMatchObject({ ok: false, message: expect.stringContaining(message) })
  })
  it('that does not exist is answered with those that do', () => {
    expect(unknownToolMessage('x', [{ name: 'a' }, { name: 'b' }])).toBe('There is no tool called "x". The tools are: a, b.')
  })
})
