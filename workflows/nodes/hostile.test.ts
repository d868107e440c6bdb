import { describe, expect, it } from 'vitest'
import { compileParams } from '../graph/expressions'
import { findBadJson } from '../graph/find-bad-json'
import { literalParams } from '../graph/inspect-params'
import type { Json } from '../graph/schema'
import { limits } from '../limits'
import { parseModelJson } from './ai-model/parse-model-json'
import { definitions } from './catalogue'
import type { NodeDefinition, PureDefinition } from './define'
import { NodeError } from './errors'
import { httpRequest } from './http-request/definition'
import { requestBody } from './http-request/request-body.server'
import { shortenExpressions } from './params'
import { triggerWebhook } from './trigger-webhook/definition'

const pure = (definitions as readonly NodeDefinition[]).flatMap((one) => (one.kind === 'pure' ? [one] : []))
const deep = Array.from({ length: 60 }).reduce<Json>((inner) => [inner], 1)
const reserved = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}, "a": 1}') as Json
const values: [string, Json][] = [
  ['nothing', null],
  ['a text', 'text'],
  ['an empty text', ''],
  ['a number', -0],
  ['the largest number', 1.7976931348623157e308],
  ['an integer beyond 2^53', 2 ** 53 + 2],
  ['such an integer as text', ['9007199254740993']],
  ['a boolean', true],
  ['an empty list', []],
  ['an empty object', {}],
  ['a list of nothing', [null, null]],
  ['a list of everything', [1, '1', true, null, [], {}, 'é', { a: { b: [1] } }]],
  ['reserved names', [reserved, reserved]],
  ['names that read like paths', [{ 'a.b': 1, a: { b: 2 }, '': 3, ' ': 4 }]],
  ['a deep value', [deep, { a: deep }]],
  ['a long text', ['x'.repeat(1_000_000)]],
]

/** Parameters as a person may have filled them in, so that each node has something to do. */
const filledIn: Record<string, Record<string, Json>> = {
  'data.filter': { conditions: [{ left: '{{ item.n }}', operator: 'greater', right: '{{ 5 }}' }] },
  'flow.merge': { mode: 'all-pairs' },
  'flow.switch': { mode: 'value', value: '{{ input }}', values: [{ name: 'a', value: '{{ input.a }}' }], matches: 'all' },
  'data.rename': {
    names: [
      { from: 'a.b', to: 'b' },
      { from: 'a', to: 'c.d' },
    ],
  },
  'data.pick': { fields: 'a.b, a' },
  'data.compare': { by: 'a', ignore: 'a.b' },
  'data.join': { leftBy: 'a', keep: 'full', into: 'b' },
  'data.json': { mode: 'make', into: 'a.text' },
  'data.csv': { mode: 'make', columns: 'a, b' },
  'data.date': { operation: 'add', date: '{{ input }}', amount: 3, unit: 'months' },
  'data.template': { text: '{{ item.a }} {{ index }}', form: 'html', list: '{{ input }}', before: '{{ input }}' },
  'data.sort': { by: [{ field: 'a.b' }, { field: 'a', direction: 'descending', as: 'number' }, { field: '', as: 'text' }] },
  'data.limit': { count: 1, keep: 'last', skip: 1 },
  'data.deduplicate': { by: 'a, a.b' },
  'data.aggregate': {
    groupBy: 'a',
    results: ['count', 'min', 'max', 'list', 'distinct', 'count-distinct', 'first', 'last'].map((operation) => ({
      operation,
      field: 'a.b',
    })),
  },
  'data.split': { field: 'a', keep: 'others', empty: 'keep' },
}

function run(definition: PureDefinition, stored: Record<string, Json>, input: Json, ...more: Json[]) {
  const { params } = compileParams(stored, { literalKeys: literalParams(definition) })
  const scope = { input, trigger: null, steps: {}, vars: {}, run: {}, now: new Date(0) }
  const parsed = definition.params.safeParse(params.evaluate(scope, definition.perItem))
  if (!parsed.success) return null
  const inputs = [input, ...more].map((value, index) => ({ from: `n${index}`, port: 'main', value }))
  return definition.run({ params: parsed.data, input, inputs, now: new Date(0) })
}

/** What it gave can be kept, or it failed with a sentence for people. */
function survives(act: () => ReturnType<typeof run>) {
  try {
    const outcome = act()
    // Reserved names never come through a door; a step that hands on what it was given need not look for them again.
    if (outcome) expect(findBadJson(outcome.output).filter((bad) => bad.code !== 'json.forbidden_key')).toEqual([])
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    if (!error.step.code.startsWith('expression')) expect(error.step.message).toMatch(/^[\S\s]+\.$/)
    expect(error.step.message.length).toBeLessThan(600)
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
}

describe.each(pure.map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  it.each(values)('takes %s or says what is wrong with it', (_, value) => {
    for (const stored of [{}, filledIn[type] ?? {}]) {
      survives(() => run(definition, stored, value))
      survives(() => run(definition, stored, value, [{ a: 1 }]))
      survives(() => run(definition, stored, [{ a: 1 }], value))
    }
  })
  it('does not trust its parameters', () => {
    for (const name of Object.keys(definition.params.shape)) {
      for (const [, value] of values) survives(() => run(definition, { ...filledIn[type], [name]: value }, [{ a: [1, 2] }, { a: 'b' }]))
    }
  })
})

const million = new Array<Json>(1_000_000).fill({ a: 1 })

describe.each(pure.filter((definition) => definition.category === 'data').map((one) => [one.type, one] as const))(
  '%s',
  (type, definition) => {
    it('refuses a list of a million items at once, or is done with it', () => {
      survives(() => run(definition, { ...filledIn[type], list: '{{ input.rows }}' }, { rows: million }))
      survives(() => run(definition, filledIn[type] ?? {}, million, million))
    })
    it('works through as many items as a list may have', () => {
      const list = Array.from({ length: limits.listItems }, (_, index): Json => ({ a: { b: `item ${(index * 7919) % 1000}` }, n: index }))
      survives(() => run(definition, filledIn[type] ?? {}, list, list))
    })
  },
)

describe('a text that is made to keep a process busy', () => {
  const digits = `${'1'.repeat(300_000)}x`
  const data = (type: string, stored: Record<string, Json>, rows: Json) =>
    run(pure.find((one) => one.type === type) as PureDefinition, stored, rows)
  it.each<[string, () => unknown]>([
    ['sorted by', () => data('data.sort', { by: [{ field: 'a' }] }, [{ a: digits }, { a: '2' }])],
    [
      'added up',
      () => expect(() => data('data.aggregate', { results: [{ operation: 'sum', field: 'a', name: 'a' }] }, [{ a: digits }])).toThrow(),
    ],
    ['a model’s answer', () => parseModelJson(`\`\`\`json${' '.repeat(300_000)}x`)],
    ['a file in a form', () => fileBody({ base64: `${' '.repeat(300_000)}!` })],
    ['shown on a card', () => shortenExpressions(`a }} ${'{'.repeat(200_000)}`)],
    ['the addresses of a webhook', () => triggerWebhook.check?.({ addresses: `${':'.repeat(200_000)}!` }, {} as never)],
  ])('is read quickly: %s', (_, read) => {
    const began = performance.now()
    read()
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})

const fileBody = (value: Json) => {
  const params = { method: 'POST', url: 'https://shop.test', bodyMode: 'multipart', bodyFields: [{ name: 'file', value }] }
  return requestBody(httpRequest.params.parse(params), 'key')
}
