import { describe, expect, it } from 'vitest'
import type { Json } from '../schema'
import { checkJson, schemaProblems } from './index'

const order: Json = {
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: 1 },
    customer: { type: 'object', properties: { email: { type: 'string', format: 'email' } }, required: ['email'] },
    state: { enum: ['new', 'paid'] },
    lines: { type: 'array', minItems: 1, items: { type: 'object', properties: { sku: { type: 'string', minLength: 1 } } } },
    note: { type: ['string', 'null'], maxLength: 3 },
  },
  required: ['id', 'customer'],
  additionalProperties: false,
}
const wrong = (value: Json, schema: Json = order) => checkJson(value, schema).map(({ pointer, message }) => `${pointer} ${message}`)

describe('a value', () => {
  it('that fits passes', () => {
    const value = { id: 3, customer: { email: 'maya@example.com', more: 1 }, state: 'new', lines: [{ sku: 'A1' }], note: null }
    expect(wrong(value)).toEqual([])
    expect(checkJson({ any: 'thing' }, undefined)).toEqual([])
  })
  it('that does not fit is told where and what must be there', () => {
    expect(wrong({ id: 1.5, customer: {}, state: 'x', lines: [{ sku: '' }, 3], note: 'long', extra: true })).toEqual([
      '/id “id” must be a whole number.',
      '/customer/email “customer.email” is missing.',
      '/state “state” must be one of "new", "paid".',
      '/lines/0/sku “lines.0.sku” must not be empty.',
      '/lines/1 “lines.1” must be an object.',
      '/note “note” must have at most 3 characters.',
      '/extra “extra” is not known here.',
    ])
    expect(wrong([])).toEqual([' The value must be an object.'])
  })
  it.each([
    ['date', '2026-02-31x', 'must be a date such as 2026-03-31.'],
    ['date-time', 'soon', 'must be a date and time.'],
    ['uri', 'nowhere', 'must be an address such as https://example.com.'],
    ['uuid', '1', 'must be a UUID.'],
  ])('of the format %s is looked at', (format, value, words) => {
    expect(checkJson(value, { type: 'string', format })[0]?.message).toContain(words)
  })
  it('may take one of several forms', () => {
    const schema: Json = { anyOf: [{ type: 'string' }, { type: 'object', required: ['a'] }] }
    expect(wrong({ a: 1 }, schema)).toEqual([])
    expect(wrong({}, schema)).toEqual([' The value fits none of the forms that are taken.'])
  })
  it('finds nothing on a prototype', () => {
    expect(wrong({}, { type: 'object', required: ['constructor', 'toString'] })).toHaveLength(2)
    expect(wrong(JSON.parse('{"constructor": 1}'), { type: 'object', properties: {} })).toEqual([])
  })
  it('of a million items ends with a sentence', () => {
    const list = Array.from({ length: 300_000 }, () => 1)
    expect(wrong(list, { type: 'array', items: { type: 'number' } })).toEqual([expect.stringContaining('too large')])
  })
})

describe('a schema', () => {
  it('that can be used has no problems, and none is one', () => {
    expect(schemaProblems(order)).toEqual([])
    expect(schemaProblems(undefined)).toEqual([])
  })
  it('says what it holds that cannot be used', () => {
    const schema = { type: 'text', pattern: '(a+)+$', required: 'a', properties: { b: { $ref: '#' }, c: 3 }, minLength: -1 }
    expect(schemaProblems(schema).map(({ pointer }) => pointer)).toEqual([
      '/type',
      '/pattern',
      '/required',
      '/properties/b/$ref',
      '/properties/c',
      '/minLength',
    ])
  })
  it('that goes too deep is refused', () => {
    const deep = Array.from({ length: 30 }).reduce<Json>((items) => ({ type: 'array', items }), { type: 'string' })
    expect(schemaProblems(deep)).toMatchObject([{ message: expect.stringContaining('levels deep') }])
  })
})
