import { describe, expect, test } from 'vitest'
import { complete } from './index'
import { scopeOf } from './test-scope'

const scope = scopeOf({
  input: {
    customer: { name: 'Ada', 'last order': '2026-01-02' },
    items: [
      { price: 2, tags: ['a'] },
      { price: 3, tags: [] },
    ],
    total: 12.5,
  },
  steps: { k3f9a2x1: { status: 200, body: { ok: true } } },
  keys: { k3f9a2x1: 'fetch', zz00aa11: 'notify' },
  vars: { region: 'eu' },
})
const labels = (text: string) => complete(text, scope).map((suggestion) => suggestion.label)

describe('complete', () => {
  test('offers names, then functions, at the start of an expression', () => {
    const all = labels('Hello {{ ')
    expect(all.slice(0, 4)).toEqual(['input', 'trigger', 'run', 'steps'])
    expect(all).toEqual(expect.arrayContaining(['isEmpty', 'Math.round', '$if', 'now', '$ai']))
    expect(all).not.toContain('item')
  })
  test('offers nothing outside braces, in a closed expression or inside a text', () => {
    expect(labels('input.')).toEqual([])
    expect(labels('{{ input.total }} input.')).toEqual([])
    expect(labels("{{ 'input.")).toEqual([])
  })
  test('offers the real fields with their type and value', () => {
    expect(complete('{{ input.', scope)[0]).toMatchObject({
      label: 'customer',
      kind: 'field',
      type: 'object',
      value: '{ name, last order }',
      from: 9,
    })
    expect(complete('{{ input.t', scope)).toEqual([
      { label: 'total', kind: 'field', insert: 'total', from: 9, caret: 5, type: 'number', value: '12.5' },
    ])
  })
  test('writes a field that is no plain name in brackets, in place of the dot', () => {
    expect(complete('{{ input.customer.l', scope)[0]).toMatchObject({ label: 'last order', insert: '["last order"]', from: 17 })
  })
  test('offers step keys and their results', () => {
    expect(labels('{{ steps.')).toEqual(['fetch', 'notify'])
    expect(labels('{{ steps.fetch.')).toEqual(['status', 'body'])
    expect(labels('{{ steps.fetch.body.')).toEqual(['ok'])
    expect(labels('{{ vars.')).toEqual(['region'])
  })
  test('offers methods of the kind of value there is, with how they are written', () => {
    expect(complete('{{ input.items.ma', scope)[0]).toMatchObject({
      label: 'map',
      kind: 'method',
      signature: 'map(function)',
      insert: 'map()',
      caret: 4,
    })
    expect(labels('{{ input.customer.name.toU')).toEqual(['toUpperCase'])
    expect(labels('{{ now.year')[0]).toBe('year')
    expect(labels('{{ Math.ro')).toEqual(['round'])
    expect(labels('{{ "a b".spl')).toEqual(['split'])
  })
  test('knows what a function works on from the first item', () => {
    expect(labels('{{ input.items.map(x => x.')).toEqual(['price', 'tags'])
    expect(labels('{{ input.items.reduce((sum, line) => sum + line.p')).toEqual(['price'])
    expect(labels('{{ input.items.map(x => x.tags.map(t => t.toUpp')).toEqual(['toUpperCase'])
    expect(labels('{{ input.items.filter(x => x.price > 2)[0].')).toEqual(['price', 'tags'])
    expect(labels('{{ input.items.map(line => li')).toContain('line')
  })
})
