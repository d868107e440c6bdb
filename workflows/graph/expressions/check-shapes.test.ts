import { describe, expect, test } from 'vitest'
import type { Json } from '../schema'
import { checkShapes } from './check-shapes'
import { mergeShapes, type Shape, shapeOf, shapeOfSchema } from './shape'

const sample: Json = {
  customer: { name: 'Ada', email: 'ada@example.com', phone: null },
  items: [
    { price: 2, name: 'a' },
    { price: 3, name: 'b', note: 'x' },
  ],
  tags: ['a'],
  total: 12,
  ready: true,
  'last order': '2026-01-02',
}
const steps = new Map([['k3f9a2x1', shapeOf({ body: sample, status: 200 })]])
const messages = (text: string, input: Shape = shapeOf(sample)) =>
  checkShapes(text, { input, steps, idByKey: new Map([['fetch', 'k3f9a2x1']]) }).map(({ message }) => message)

describe('a misspelt field is marked before a run', () => {
  test.each<[string, string]>([
    ['{{ input.custmer.name }}', '`input` is not known to have a field `custmer`. Did you mean `customer`?'],
    ['Dear {{ input.customer.nmae }}', '`input.customer` is not known to have a field `nmae`. Did you mean `name`?'],
    ['{{ input?.customer?.emial }}', '`input?.customer` is not known to have a field `emial`. Did you mean `email`?'],
    ['{{ steps.fetch.bdy }}', '`steps.fetch` is not known to have a field `bdy`. Did you mean `body`?'],
    ['{{ steps.$k3f9a2x1.body.totl }}', '`steps.$k3f9a2x1.body` is not known to have a field `totl`. Did you mean `total`?'],
    ['{{ input.items.map(x => x.prize) }}', '`x` is not known to have a field `prize`. Did you mean `price`?'],
    [
      '{{ input.items.filter(x => x.price > 1)[0].nam }}',
      '`input.items.filter(x => x.price > 1)[0]` is not known to have a field `nam`. Did you mean `name`?',
    ],
    ['{{ input.items.map(({ prise }) => prise) }}', 'The items are not known to have a field `prise`. Did you mean `price`?'],
    ['{{ input.items.sort((a, b) => a.price - b.prce) }}', '`b` is not known to have a field `prce`. Did you mean `price`?'],
    ['{{ input.items.reduce((sum, x) => sum + x.pric, 0) }}', '`x` is not known to have a field `pric`. Did you mean `price`?'],
    ['{{ $if(input.readdy, 1, 2) }}', '`input` is not known to have a field `readdy`. Did you mean `ready`?'],
    ['{{ [input.totel] }}', '`input` is not known to have a field `totel`. Did you mean `total`?'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
    ['{{ `a ${input.totel}` }}', '`input` is not known to have a field `totel`. Did you mean `total`?'],
    ['{{ { a: input.totel } }}', '`input` is not known to have a field `totel`. Did you mean `total`?'],
  ])('%s', (text, message) => {
    expect(messages(text)).toEqual([message])
  })

  test.each<[string, string]>([
    [
      '{{ input.items.price }}',
      '`input.items` is a list as far as is known, so it has no field `price`. Take one item (`[0].price`) or all (`.map(x => x.price)`).',
    ],
    ['{{ input.total.map(x => x) }}', '`input.total` is a number as far as is known, not a list, so it has no function `map`.'],
    [
      '{{ input.customer.name.trimm() }}',
      '`input.customer.name` is a text as far as is known, which has no function `trimm`. Did you mean `trim`?',
    ],
    ['{{ input.tags[0].flat() }}', '`input.tags[0]` is a text as far as is known, not a list, so it has no function `flat`.'],
    [
      '{{ input.tags.map(t => t.trim()).join(",").flat() }}',
      '`input.tags.map(t => t.trim()).join(",")` is a text as far as is known, not a list, so it has no function `flat`.',
    ],
  ])('%s', (text, message) => {
    expect(messages(text)).toEqual([message])
  })

  test('it names the place in the text', () => {
    const text = 'Dear {{ input.customer.nmae }}'
    const [warning] = checkShapes(text, { input: shapeOf(sample) })
    expect(text.slice(warning?.start, warning?.end)).toBe('input.customer.nmae')
  })

  test.each([
    '{{ input.customer.name }}',
    '{{ input["last order"].slice(0, 4) }}',
    // Optional in other runs for all that is known.
    '{{ input.discount ?? 0 }}',
    '{{ input.customer.phone.trim() }}',
    '{{ input.items[1].note }}',
    '{{ input.items.map(x => x.note ?? "") }}',
    '{{ input.items.groupBy(x => x.name).other }}',
    '{{ input.items.map(input => input.price) }}',
    '{{ input.items.map((x, i) => i.toFixed(2) + x.name.length) }}',
    '{{ Object.keys(input).length }}',
    '{{ steps.unknown.anything.at.all }}',
    '{{ trigger.anything }}',
    '{{ input[vars.field] }}',
    '{{ now.plus(1, "day").format("yyyy") }}',
    '{{ JSON.parse(input.customer.name).custmer }}',
    '{{ (input.none ?? input.customer).name }}',
    '{{ input.custmer',
  ])('%s is not marked', (text) => {
    expect(messages(text)).toEqual([])
  })

  test('where nothing is known, nothing is said', () => {
    expect(checkShapes('{{ input.custmer.nmae + steps.fetch.bdy }}', {})).toEqual([])
  })

  test('one sample of several is enough for a field to be known', () => {
    const input = mergeShapes([shapeOf({ total: 1 }), shapeOf({ totel: 'x' })])
    expect(messages('{{ input.total + input.totel }}', input)).toEqual([])
    expect(messages('{{ input.totle }}', input)).toHaveLength(1)
    // A value that was a number here and a text there may be either.
    expect(messages('{{ input.total.trim() }}', mergeShapes([shapeOf({ total: 1 }), shapeOf({ total: 'x' })]))).toEqual([])
  })

  test('a schema tells what no run has shown yet', () => {
    const schema: Json = {
      type: 'object',
      properties: {
        order: {
          type: 'object',
          properties: {
            id: { type: 'integer' },
            lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
          },
          additionalProperties: false,
        },
      },
    }
    const input = shapeOfSchema(schema)
    expect(messages('{{ input.order.lines.map(x => x.skuu) }}', input)).toEqual([
      '`x` is not known to have a field `skuu`. Did you mean `sku`?',
    ])
    expect(messages('{{ input.order.anything }}', input)).toEqual(['`input.order` has no field `anything`.'])
    expect(messages('{{ input.anything + input.order.id.toFixed(2) }}', input)).toEqual([])
    expect(messages('{{ input.custmer }}', shapeOfSchema({ anyOf: [schema] }))).toEqual([])
  })
})
