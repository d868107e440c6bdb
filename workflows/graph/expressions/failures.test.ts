import { describe, expect, test } from 'vitest'
import { NodeError } from '../../nodes/errors'
import type { Json } from '../schema'
import { compileTemplate, functionTable, previewTemplate, type Scope } from './index'
import { scopeOf } from './test-scope'

const scope = scopeOf({
  input: { text: 'Ada', number: 4, yes: true, none: null, list: [1, 'a'], object: { id: 1 }, long: 'x'.repeat(200) },
  steps: { k3f9a2x1: { items: 'none', body: { total: 7 } } },
  keys: { k3f9a2x1: 'fetch', zz00aa11: 'later' },
  vars: { region: 'eu' },
})

function failureOf(text: string, given: Partial<Scope> = {}) {
  const compiled = compileTemplate(text, scope.keys ? { keys: scope.keys } : {})
  if (!compiled.ok) throw new Error(`${text}: ${compiled.problems[0]?.message}`)
  try {
    compiled.value.evaluate({ ...scope, ...given })
  } catch (error) {
    if (error instanceof NodeError) return error.step
    throw error
  }
  return undefined
}

const wrongSelf: Record<string, readonly [string, string]> = {
  text: ['input.list', 'a list'],
  list: ['input.text', 'a text'],
  number: ['input.object', 'an object'],
  boolean: ['input.object', 'an object'],
  date: ['input.text', 'a text'],
  duration: ['input.text', 'a text'],
  pattern: ['input.number', 'a number'],
}

describe('a failure names the expression, the place and what was there instead', () => {
  const methods = functionTable.filter((doc) => doc.of !== 'global' && !doc.property)
  test.each(methods.map((doc) => [`${doc.of}.${doc.signature}`, doc] as const))('%s on another kind of value', (_, doc) => {
    const [self, kind] = wrongSelf[doc.of] ?? ['input.none', 'empty (null)']
    const call = doc.example.expression.slice(doc.example.expression.lastIndexOf(`.${doc.name}(`))
    const text = `Dear {{ ${self}${call} }}!`
    if (!compileTemplate(text).ok) return
    const failure = failureOf(text)
    // A name that several kinds have runs on the other kind, or fails for its argument.
    const shared = functionTable.filter((other) => other.name === doc.name && other.of !== 'global').length > 1
    if (shared) return
    expect(failure?.message).toContain(`\`${self}\` is ${kind}`)
    expect(failure?.details).toMatchObject({ expression: expect.stringContaining(self), start: 8 })
  })

  test.each(functionTable.filter((doc) => !doc.property && !doc.signature.includes('…')).map((doc) => [doc.signature, doc] as const))(
    '%s with too many values',
    (_, doc) => {
      if (!doc.signature.includes('(')) return
      const self = doc.of === 'global' ? '' : `${doc.example.expression.slice(0, doc.example.expression.indexOf(`.${doc.name}(`))}.`
      const own = `${self}${doc.name}(1, 2, 3, 4, 5, 6)`
      const compiled = compileTemplate(`{{ ${own} }}`)
      const message = compiled.ok ? failureOf(`{{ ${own} }}`)?.message : compiled.problems[0]?.message
      expect(message, own).toContain(`\`${doc.name}\` is written \`${doc.signature}\``)
    },
  )

  test.each<[string, string]>([
    ['{{ steps.fetch.items.map(x => x.id) }}', '`steps.fetch.items` is a text (`none`), not a list'],
    ['{{ steps.$k3f9a2x1.items.map(x => x.id) }}', '`steps.fetch.items` is a text (`none`), not a list'],
    ['{{ steps.fetsh.items }}', 'No step is called `fetsh`. Did you mean `fetch`?'],
    ['{{ steps.fetch.bdy.total }}', '`steps.fetch.bdy` is missing, so `total` cannot be read from it. Did you mean `body`?'],
    ['{{ steps.later.items.length }}', '`steps.later` has no result here: that step did not run before this one'],
    ["{{ 'due ' + now.plus(1, 'moon') }}", '`moon` is not a unit of time'],
    ["{{ 'due ' + now.plus(1, 'moon') }}", "In `{{ 'due ' + now.plus(1, 'moon') }}`"],
    ["{{ now.plus(1, 'moon') }}", "`{{ now.plus(1, 'moon') }}`: `moon` is not a unit of time"],
    ['{{ [].reduce((a, b) => a + b) }}', '`{{ [].reduce((a, b) => a + b) }}`: The list is empty'],
    ["{{ (5).toLocaleString('xx-invalid-!') }}", 'is no language known here'],
    ["{{ url('nothing') }}", '`nothing` is no address'],
    ["{{ input.text.hash('crc') }}", 'There is no digest `crc`. Use md5, sha1, sha256, sha512.'],
    ['{{ input.list.sum() }}', 'Item 1 of `input.list` is a text that is no number'],
    ['{{ input.text.toNumber() }}', '`Ada` stands for no number'],
    ['{{ input.object.keys() }}', '`input.object` is an object, which has no function `keys`. Use `Object.keys(object)`.'],
    ['{{ input.text.toDateTime() }}', 'Use `date(value)`.'],
    ["{{ input.object.removeField('a') }}", "Use `omit(object, 'name')`."],
    ['{{ input.list.randomItem() }}', 'The step “Random value”'],
    ['{{ input.long.nothing() }}', '`input.long` is a text, which has no function `nothing`'],
    ['{{ range(0, 1e6) }}', 'at most 100,000 are allowed'],
    ["{{ 'x'.repeat(2e6) }}", "`{{ 'x'.repeat(2e6) }}`: This would make a text of more than 1 MB"],
  ])('%s', (text, message) => {
    const failure = failureOf(text)
    expect(failure?.message).toContain(message)
    expect(failure?.details).toMatchObject({ expression: expect.any(String), start: expect.any(Number), end: expect.any(Number) })
  })

  test('a function that nothing has is told before it runs', () => {
    const compiled = compileTemplate('{{ input.list.forEach(x => x) }}')
    expect(compiled.ok ? '' : compiled.problems[0]?.message).toBe(
      'There is no function `forEach`. An expression only makes a value: use `map`.',
    )
    const misspelt = compileTemplate('{{ input.list.fliter(x => x) }}')
    expect(misspelt.ok ? '' : misspelt.problems[0]?.message).toBe('There is no function `fliter`. Did you mean `filter`?')
  })

  test('the place is where it went wrong, not where the expression begins', () => {
    const text = "Total: {{ input.number + input.list.map(x => date('soon')).length }}"
    const { start, end } = (failureOf(text)?.details ?? {}) as { start: number; end: number }
    expect(text.slice(start, end)).toBe("date('soon')")
  })

  test('nothing of JavaScript’s own stands in a message', () => {
    const values: Json[] = [null, 1, 'a', true, [1], { a: 1 }]
    for (const doc of functionTable) {
      for (const value of values) {
        const at = doc.example.expression.lastIndexOf(`${doc.name}(`)
        const call = at === -1 ? doc.example.expression : doc.example.expression.slice(at)
        const text = doc.of === 'global' ? `{{ ${doc.name}(input, input, input) }}` : `{{ input.${call} }}`
        if (!compileTemplate(text).ok) continue
        const message = failureOf(text, { input: value })?.message ?? ''
        expect(message, text).not.toMatch(/\[object|undefined|TypeError|RangeError|Cannot read|is not a function|luxon/)
      }
    }
  })
})

describe('whoever writes as in a spreadsheet', () => {
  const problemOf = (source: string) => {
    const preview = previewTemplate(`{{ ${source} }}`, scope)
    return preview.ok ? '' : [preview.problem.message, preview.problem.hint].join(' ')
  }
  test.each([
    ['$if(input.number > 3; "a"; "b")', 'divided by commas'],
    ['input.text & " EUR"', 'joined with `+`'],
    ['input.number <> 5', '`!=`'],
    ['input.yes and input.none', '`&&`'],
    ['input.yes or input.none', '`||`'],
    ['not input.yes', '`!input.paid`'],
    ['“a” + 1', 'straight quotes'],
    ['NOW()', 'without brackets'],
    ['today()', 'without brackets'],
    ['SUM(input.list)', '`list.sum()`'],
    ['VLOOKUP(1, 2, 3)', '“Join lists”'],
    ["date('24.12.2026', 'dd.MM.yyyy')", 'parseDate(text'],
    ["'1.234,56'.toNumber()", "replace(',', '.')"],
    ["'12.5 kg'.toNumber()", 'parseFloat'],
  ])('is told what %s is here', (source, words) => {
    expect(problemOf(source)).toContain(words)
  })

  test('what is named instead works', () => {
    const given = (source: string) => {
      const preview = previewTemplate(`{{ ${source} }}`, scope)
      return preview.ok ? preview.value : preview.problem.message
    }
    expect(given("'1.234,56'.replaceAll('.', '').replace(',', '.').toNumber()")).toBe(1234.56)
    expect(given("parseDate('24.12.2026', 'dd.MM.yyyy').toISODate()")).toBe('2026-12-24')
    expect(given('[1, 2].sum() ** 2')).toBe(9)
    expect(given("$try(JSON.parse('{'), 'none')")).toBe('none')
  })
})
