import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../schema'
import { compileTemplate, previewTemplate } from './index'
import { scopeOf } from './test-scope'

const keys = { k1aaaaaa: 'fetch', k2bbbbbb: 'list', k3cccccc: 'check' }
const idOf = { fetch: 'k1aaaaaa', list: 'k2bbbbbb', check: 'k3cccccc' } as const

function readsOf(text: string): { steps: readonly string[]; vars: readonly string[] } {
  const compiled = compileTemplate(text, { keys })
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message)
  return { steps: [...compiled.value.steps].sort(), vars: [...compiled.value.vars].sort() }
}

describe('what an expression reads is known from its syntax', () => {
  test.each<[string, string[], string[]]>([
    ['{{ steps.fetch }}', ['fetch'], []],
    ['{{ steps?.fetch?.body }}', ['fetch'], []],
    ['{{ steps["fetch"].body }} {{ steps.$k2bbbbbb }}', ['fetch', 'list'], []],
    ['{{ input.map(x => x.id + steps.list.count) }}', ['list'], []],
    ['{{ input.map((x = steps.list.first) => x) }}', ['list'], []],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
    ['{{ `a ${steps.fetch.id}` }}', ['fetch'], []],
    ['{{ { [steps.fetch.id]: steps.list, ...steps.check } }}', ['check', 'fetch', 'list'], []],
    ['{{ false && steps.fetch.id || vars.region }}', ['fetch'], ['region']],
    ['{{ $if(false, steps.fetch, $default(steps.list, vars["zone"])) }}', ['fetch', 'list'], ['zone']],
    ['{{ input[steps.fetch.at] }}', ['fetch'], []],
    ["{{ 'steps.fetch' + input.steps.fetch }}", [], []],
    ['{{ input.map(fetch => fetch.id) }}', [], []],
  ])('%s', (text, steps, vars) => {
    expect(readsOf(text)).toEqual({ steps: steps.map((key) => idOf[key as keyof typeof idOf]).sort(), vars })
  })

  test('a step cannot be named by something computed', () => {
    for (const expression of ['steps[input.x]', 'steps', 'Object.keys(steps)', '({ ...steps })', 'vars[input.x]', '[vars]']) {
      expect(compileTemplate(`{{ ${expression} }}`, { keys }).ok).toBe(false)
    }
  })

  test('nothing else is looked at, whatever the expression', () => {
    const leaf = fc.constantFrom('steps.fetch.a', 'steps["list"].a', 'steps.$k3cccccc?.a', 'vars.region', 'vars?.zone', 'input.a', '1')
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        leaf,
        fc
          .tuple(tie('expression'), fc.constantFrom('+', '===', '&&', '??'), tie('expression'))
          .map(([a, by, b]) => `((${a}) ${by} (${b}))`),
        tie('expression').map((value) => `[1].map(x => ${value})[0]`),
        tie('expression').map((value) => `\`\${${value}}\``),
        tie('expression').map((value) => `$try(${value}, 0)`),
        tie('expression').map((value) => `input[${value}]`),
      ),
    }))
    fc.assert(
      fc.property(expression, (source) => {
        const looked = new Set<string>()
        const watched = <T extends object>(data: T, label: string): T => {
          const look = (key: string | symbol) => {
            looked.add(`${label}.${String(key)}`)
          }
          return new Proxy(data, {
            get: (target, key) => {
              look(key)
              return Reflect.get(target, key)
            },
            getOwnPropertyDescriptor: (target, key) => {
              look(key)
              return Reflect.getOwnPropertyDescriptor(target, key)
            },
            ownKeys: (target) => {
              look('*')
              return Reflect.ownKeys(target)
            },
          })
        }
        const steps: Record<string, Json> = { k1aaaaaa: { a: 1 }, k2bbbbbb: { a: 'x' }, k3cccccc: { a: [2] } }
        const vars: Record<string, Json> = { region: 'eu', zone: 'a' }
        previewTemplate(`{{ ${source} }}`, scopeOf({ input: { a: 1 }, keys, steps: watched(steps, 'steps'), vars: watched(vars, 'vars') }))
        const reads = readsOf(`{{ ${source} }}`)
        const known = new Set([...reads.steps.map((id) => `steps.${id}`), ...reads.vars.map((name) => `vars.${name}`)])
        expect(
          [...looked].filter((one) => !known.has(one)),
          source,
        ).toEqual([])
      }),
      { seed: 7, numRuns: 1_000 },
    )
  })
})
