import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataSet } from './definition'

describe('set fields', () => {
  it('adds and changes fields of the input, which stays as it was', () => {
    const input = { id: 1, customer: { name: 'A', vat: 'x' } }
    const fields = [
      { name: 'customer.name', value: 'B' },
      { name: 'total', value: 3 },
    ]
    expect(runPure(dataSet, { fields }, input)).toEqual({
      port: 'main',
      output: { id: 1, customer: { name: 'B', vat: 'x' }, total: 3 },
    })
    expect(input.customer.name).toBe('A')
  })
  it('keeps only these fields when asked to, and when the input is no object', () => {
    const fields = [{ name: 'a.b', value: [1] }]
    expect(runPure(dataSet, { fields, keep: 'only-set' }, { z: 1 }).output).toEqual({ a: { b: [1] } })
    expect(runPure(dataSet, { fields }, [1, 2]).output).toEqual({ a: { b: [1] } })
  })
  it.each(['__proto__', 'a.constructor.b', 'prototype', 'a..b', '.'])('refuses the name %s', async (name) => {
    expect(await failureOf(() => runPure(dataSet, { fields: [{ name, value: { polluted: true } }] }, {}))).toMatchObject({
      code: 'set.name',
    })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
  it('shows the names it sets', () => {
    expect(dataSet.subtitle?.({ fields: [{ name: 'a' }, { name: 'b.c' }, 3] }, dataSet.form)).toBe('a, b.c')
  })
  it('takes a whole object as JSON, beside the input or alone', () => {
    const given = { a: { b: 1 }, list: [1] }
    expect(runPure(dataSet, { mode: 'json', json: given }, { a: 1, c: 2 }).output).toEqual({ a: { b: 1 }, list: [1], c: 2 })
    expect(runPure(dataSet, { mode: 'json', json: given, keep: 'only-set' }, { c: 2 }).output).toEqual(given)
    expect(runPure(dataSet, { mode: 'json', json: [1, 2], keep: 'only-set' }, { c: 2 }).output).toEqual([1, 2])
    expect(runPure(dataSet, { mode: 'json', json: '{"a": [1]}' }, null).output).toEqual({ a: [1] })
    expect(runPure(dataSet, { mode: 'json' }, { c: 2 }).output).toEqual({ c: 2 })
  })
  it.each([
    [{ json: [1] }, 'set.no_object'],
    [{ json: '{"a":' }, 'set.json'],
    [{ json: JSON.parse('{"__proto__": 1}') as Json }, 'field.name'],
  ])('says what is wrong with %j', async (params, code) => {
    expect(await failureOf(() => runPure(dataSet, { mode: 'json', ...params }, {}))).toMatchObject({ code })
  })
})
