import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '../../tests/support/plan-of'
import { shapeOf } from './expressions'
import type { Json } from './schema'
import { validate } from './validate'

const set = (value: string) => ({ type: 'data.set', params: { fields: [{ name: 'a', value }] }, title: 'Name' })
const start = { type: 'trigger.manual' }
const shapes = (given: Record<string, Json>) => new Map(Object.entries(given).map(([key, value]) => [idOf(key), shapeOf(value)]))
const found = (graph: ReturnType<typeof graphOf>, given: Record<string, Json>) =>
  validate(graph, undefined, { shapes: shapes(given) })
    .filter((problem) => problem.code === 'expression.unknown_field')
    .map(({ severity, nodeId, pointer, message }) => ({ severity, nodeId, pointer, message }))

describe('fields that a test or a run has shown', () => {
  it('warn of a misspelt one, by the name that people know the step by', () => {
    const graph = graphOf('start -> fetch -> name', {
      start,
      fetch: set('{{ input.x }}'),
      name: set(`{{ input.totl }} {{ steps.$${idOf('fetch')}.totl }}`),
    })
    expect(found(graph, { fetch: { total: 3 } })).toEqual(
      ['`input`', '`steps.fetch`'].map((what) => ({
        severity: 'warning',
        nodeId: idOf('name'),
        pointer: '/params/fields/0/value',
        message: `“Name”: ${what} is not known to have a field \`totl\`. Did you mean \`total\`?`,
      })),
    )
  })
  it('say nothing where a step was never tested, or several steps lead here and one of them was not', () => {
    const graph = graphOf('start -> one; start -> two; one -> name; two -> name', {
      start,
      one: set('1'),
      two: set('2'),
      name: set('{{ input.totl }}'),
    })
    expect(found(graph, {})).toEqual([])
    expect(found(graph, { one: { total: 1 }, two: { sum: 1 } })).toHaveLength(1)
    expect(found(graph, { one: { total: 1 }, two: null })).toEqual([])
    expect(validate(graph).filter((problem) => problem.code === 'expression.unknown_field')).toEqual([])
  })
  it('are not looked for in what a step gives when it fails', () => {
    const call = { type: 'http.request', params: { url: 'https://example.com' }, settings: { onError: 'port' } }
    const graph = graphOf('start -> call; call.error -> name', { start, call, name: set('{{ input.mesage }}') })
    expect(found(graph, { call: { messages: [] } })).toEqual([])
  })
  it('are known of the items that a step or a loop works through', () => {
    const orders = { body: { orders: [{ total: 1, lines: [{ price: 2 }] }] } }
    const filter = (list?: string) => ({
      type: 'data.filter',
      params: { ...(list ? { list } : {}), conditions: [{ left: '{{ item.totl }}', operator: 'greater', right: '100' }] },
      title: 'Name',
    })
    const inLoop = { ...set('{{ item.totl }} {{ item.total }}'), parent: 'loop' }
    const loop = (params: Record<string, Json>) => ({ type: 'flow.for_each', params: { items: '{{ input.body.orders }}', ...params } })
    const told = (graph: ReturnType<typeof graphOf>, given: Record<string, Json>) => found(graph, given).map(({ message }) => message)
    const misspelt = ['“Name”: `item` is not known to have a field `totl`. Did you mean `total`?']
    expect(told(graphOf('start -> name', { start, name: filter('{{ input.body.orders }}') }), { start: orders })).toEqual(misspelt)
    expect(told(graphOf('start -> name', { start, name: filter() }), { start: orders.body.orders })).toEqual(misspelt)
    expect(told(graphOf('start -> name', { start, name: filter('{{ input.body.orders[0].lines }}') }), { start: orders })).toEqual([])
    expect(told(graphOf('start -> name', { start, name: filter() }), { start: orders })).toEqual([])
    expect(told(graphOf('start -> loop; name', { start, loop: loop({}), name: inLoop }), { start: orders })).toEqual(misspelt)
    expect(told(graphOf('start -> loop; name', { start, loop: loop({ batchSize: 10 }), name: inLoop }), { start: orders })).toEqual([])
  })
  it('are not looked for in what the rounds of a loop give', () => {
    const until = [{ left: '{{ input.state }}', operator: 'equal', right: 'done' }]
    const graph = graphOf('start -> loop; name', {
      start,
      loop: { type: 'flow.repeat', params: { conditions: until }, title: 'Name' },
      name: { ...set('1'), parent: 'loop' },
    })
    expect(found(graph, { start: { states: [] } })).toEqual([])
  })
  it('are those of the item in a step that is done for each', () => {
    const each = { ...set('{{ input.totl }} {{ item.body }}'), settings: { each: { items: '{{ input.body.orders }}' } } }
    const graph = graphOf('start -> name', { start, name: each as ReturnType<typeof set> })
    expect(found(graph, { start: { body: { orders: [{ total: 1 }] }, totals: 3 } }).map(({ message }) => message)).toEqual([
      '“Name”: `input` is not known to have a field `totl`. Did you mean `total`?',
    ])
  })
  it('are known from the schema of the input before there was a run', () => {
    const schema: Json = {
      type: 'object',
      properties: {
        orderId: { type: 'number' },
        lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
      },
    }
    const graph = graphOf('start -> name', {
      start,
      name: set('{{ input.orderID2 }} {{ trigger.lines.map(x => x.skuu) }} {{ input.orderId }}'),
    })
    expect(found({ ...graph, settings: { input: schema } }, {}).map(({ message }) => message)).toEqual([
      '“Name”: `input` is not known to have a field `orderID2`. Did you mean `orderId`?',
      '“Name”: `x` is not known to have a field `skuu`. Did you mean `sku`?',
    ])
  })
})
