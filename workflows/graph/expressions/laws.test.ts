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
