import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../schema'
import { mapTexts, parseTemplate, previewTemplate, referencesOf, toShown, toStored } from './index'
import { scopeOf } from './test-scope'

const graph = {
  nodes: [
    { id: 'k3f9a2x1', key: 'fetch' },
    { id: 'zz00aa11', key: 'notify' },
    { id: 'qq11ww22', key: 'steps' },
  ],
}

describe('toShown and toStored', () => {
  test.each([
    ['{{ steps.fetch.body }}', '{{ steps.$k3f9a2x1.body }}'],
    ['{{ steps["fetch"].body + steps.notify }}', '{{ steps["$k3f9a2x1"].body + steps.$zz00aa11 }}'],
    ["{{ 'steps.fetch' + input.steps.fetch }} steps.fetch", "{{ 'steps.fetch' + input.steps.fetch }} steps.fetch"],
    ['{{ steps.steps.steps }}', '{{ steps.$qq11ww22.steps }}'],
    ['{{ { steps: 1, fetch: steps?.fetch } }}', '{{ { steps: 1, fetch: steps?.$k3f9a2x1 } }}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
    ['{{ `steps.fetch ${steps.fetch} ` }}', '{{ `steps.fetch ${steps.$k3f9a2x1} ` }}'],
    ['{{ input.map(steps => steps.fetch) }}', '{{ input.map(steps => steps.fetch) }}'],
    ['{{ steps.unknown }}', '{{ steps.unknown }}'],
    ['{{ steps.fetch. }} and {{ steps["fetch"] + }}', '{{ steps.$k3f9a2x1. }} and {{ steps["$k3f9a2x1"] + }}'],
    ['{{ steps.fetch', '{{ steps.$k3f9a2x1'],
    ['{{ input[steps.fetch.at] }}', '{{ input[steps.$k3f9a2x1.at] }}'],
  ])('%s is stored as %s', (shown, stored) => {
    expect(toStored(shown, graph)).toBe(stored)
    expect(toShown(stored, graph)).toBe(shown)
  })

  const piece = fc.oneof(
    fc.constantFrom(
      'steps.fetch',
      'steps["notify"]',
      "steps['fetch']",
      'steps.gone',
      'input.steps.fetch',
      '"steps.fetch"',
      'steps?.notify',
      'steps.steps',
      'x.fetch',
    ),
    fc.constantFrom(
      ' + ',
      '{{',
      '}}',
      ' ',
      '.body',
      '[0]',
      '(',
      ')',
      '`',
      '${',
      '}',
      "'",
      '/',
      ' => ',
      '?',
      ':',
      ',',
      '{',
      '.',
      '\n',
      '//',
      '/*',
    ),
    fc.string({ maxLength: 4 }),
  )
  const messyText = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
  test('a shown text stored and shown again is itself, whatever it holds', () => {
    fc.assert(
      fc.property(messyText, (text) => {
        expect(toShown(toStored(text, graph), graph)).toBe(text)
      }),
      { numRuns: 3_000 },
    )
  })
  test('parts cover the text without gaps', () => {
    fc.assert(
      fc.property(messyText, (text) => {
        let from = 0
        for (const part of parseTemplate(text)) {
          expect('openStart' in part ? part.openStart : part.start).toBe(from)
          from = 'closeEnd' in part ? part.closeEnd : part.end
        }
        expect(from).toBe(text.length)
      }),
      { numRuns: 2_000 },
    )
  })
  test('a preview never throws, whatever the text', () => {
    fc.assert(
      fc.property(messyText, fc.string(), (messy, source) => {
        for (const text of [messy, `{{ ${messy} }}`, `{{ ${source} }}`]) expect(typeof previewTemplate(text, scopeOf()).ok).toBe('boolean')
      }),
      { numRuns: 2_000 },
    )
  })
  test('renaming a step changes what is shown and nothing that is stored', () => {
    const stored = toStored('{{ steps.fetch.body }}', graph)
    const renamed = { nodes: [{ id: 'k3f9a2x1', key: 'load' }] }
    expect(toShown(stored, renamed)).toBe('{{ steps.load.body }}')
  })
  test('every text of a value is changed and the rest is the same object', () => {
    const value: Json = { a: ['{{ steps.fetch }}', 1], b: { c: 'x' } }
    const stored = mapTexts(value, (text) => toStored(text, graph)) as { a: Json; b: Json }
    expect(stored.a).toEqual(['{{ steps.$k3f9a2x1 }}', 1])
    expect(stored.b).toBe(value.b)
  })
})

test('references tell what a text reads and where', () => {
  const text = "a {{ steps.$k3f9a2x1.body['x y'] + vars.region }} {{ input.list.map(item => item.id + trigger.at) }} {{ item.name + "
  expect(
    referencesOf(text).map(({ root, name, nodeId, path, start, end }) => ({ root, name, nodeId, path, at: text.slice(start, end) })),
  ).toEqual([
    { root: 'steps', name: '$k3f9a2x1', nodeId: 'k3f9a2x1', path: ['body', 'x y'], at: "steps.$k3f9a2x1.body['x y']" },
    { root: 'vars', name: 'region', nodeId: undefined, path: [], at: 'vars.region' },
    { root: 'input', name: undefined, nodeId: undefined, path: ['list', 'map'], at: 'input.list.map' },
    { root: 'trigger', name: undefined, nodeId: undefined, path: ['at'], at: 'trigger.at' },
  ])
})

describe('plain expressions mean what they mean in JavaScript', () => {
  const literal = fc.oneof(
    fc.integer({ min: -50, max: 50 }).map((number) => (number < 0 ? `(${number})` : `${number}`)),
    fc.double({ min: -9, max: 9, noNaN: true }).map((number) => `(${number})`),
    fc.constantFrom("'a'", "'12'", "''", 'true', 'false', 'null', 'undefined', "'b c'"),
    fc.constantFrom(
      'input.n',
      'input.t',
      'input.yes',
      'input.none',
      'input.missing',
      'input.deep?.a',
      'input.list[0]',
      'input.list.length',
      'input.t.length',
      "input['n']",
    ),
  )
  const { expression } = fc.letrec<{ expression: string; list: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      literal,
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom('+', '-', '*', '/', '%', '<', '<=', '>', '>=', '===', '!==', '==', '!=', '&&', '||', '??'),
          tie('expression'),
        )
        .map(([left, operator, right]) => `((${left}) ${operator} (${right}))`),
      tie('expression').map((value) => `!(${value})`),
      tie('expression').map((value) => `(-(${value}))`),
      tie('expression').map((value) => `typeof (${value})`),
      fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([test, yes, no]) => `((${test}) ? (${yes}) : (${no}))`),
      tie('expression').map((value) => `(\`<\${${value}}>\`)`),
      tie('expression').map((value) => `String(${value}).slice(-3)`),
      tie('expression').map((value) => `String(${value}).split('').reverse().join('-')`),
      tie('list').map((list) => `(${list}).length`),
      tie('list').map((list) => `(${list}).join('|')`),
      fc.tuple(tie('list'), tie('expression')).map(([list, value]) => `(${list}).includes(${value})`),
      fc.tuple(tie('list'), tie('expression')).map(([list, value]) => `(${list}).indexOf(${value})`),
      fc.tuple(tie('list'), tie('expression')).map(([list, value]) => `(${list}).reduce((a, x, i) => a + String(x) + i, String(${value}))`),
      fc
        .tuple(tie('list'), fc.constantFrom('some', 'every', 'find', 'findIndex'))
        .map(([list, name]) => `(${list}).${name}((x, i) => typeof x === 'number' && x > i)`),
    ),
    list: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constant('input.list'),
      fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      tie('list').map((list) => `(${list}).map((x, i) => [x, i]).flat()`),
      tie('list').map((list) => `(${list}).filter(x => x)`),
      tie('list').map((list) => `[...${list}, 1].slice(1)`),
      fc.tuple(tie('list'), tie('expression')).map(([list, value]) => `(${list}).concat(${value})`),
    ),
  }))
  const json = fc.record({
    n: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    t: fc.string(),
    yes: fc.boolean(),
    none: fc.constant(null),
    list: fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.boolean()), { maxLength: 5 }),
  })
  test('arithmetic, logic, texts and lists', () => {
    let compared = 0
    fc.assert(
      fc.property(expression, json, (source, input) => {
        const expected: unknown = new Function('input', `return [${source}]`)(input)
        const [value] = expected as [unknown]
        const result = previewTemplate(`{{ [${source}] }}`, scopeOf({ input: input as Json }))
        if (typeof value === 'number' && !Number.isFinite(value)) {
          expect(result).toMatchObject({ problem: { code: 'expression.not_a_number' } })
          return
        }
        compared++
        expect(result).toEqual({ ok: true, value: JSON.parse(JSON.stringify(expected)) })
      }),
      { numRuns: 4_000 },
    )
    expect(compared).toBeGreaterThan(1_000)
  })
})
