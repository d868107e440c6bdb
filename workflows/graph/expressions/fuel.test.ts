import { describe, expect, test } from 'vitest'
import { limits } from '../../limits'
import type { Json } from '../schema'
import { compileTemplate, functionTable, previewTemplate } from './index'
import { Meter } from './meter'
import { scopeOf } from './test-scope'

const size = limits.listItems
/** Mixed up the same way each time, so that sorting has all its work. */
const mixed = (index: number) => (index * 48_271) % 100_003
const numbers = Array.from({ length: size }, (_, index) => mixed(index))
const objects: Json = Array.from({ length: size }, (_, index) => ({
  id: index,
  name: `name ${mixed(index)}`,
  price: mixed(index),
  tag: `t${index % 7}`,
}))
const texts = Array.from({ length: size }, (_, index) => `item ${mixed(index)}`)
const pairs: Json = Array.from({ length: size }, (_, index) => [`k${index}`, index])
const scope = scopeOf({
  input: { numbers, objects, texts, pairs, text: 'ab '.repeat(100_000), big: 'x'.repeat(1_500_000), lines: 'a;b;c\n'.repeat(50_000) },
})

describe('a list of 100,000 items works', () => {
  test.each([
    'input.numbers.map(n => n + 1).length',
    'input.numbers.map((n, i) => n * i + 1).filter(n => n % 2 === 0).length',
    'input.objects.filter(x => x.price > 100 && x.tag !== "t1").map(x => x.name).length',
    'input.objects.find(x => x.id === 99999).id',
    'input.objects.findLast(x => x.id === 0).id',
    'input.objects.some(x => x.price < 0)',
    'input.objects.every(x => x.price >= 0 && x.name.length > 0)',
    'input.numbers.reduce((sum, n) => sum + n, 0)',
    'input.objects.reduce((sum, x) => sum + x.price * 2, 0)',
    'input.numbers.sort()[0]',
    'input.texts.sort()[0]',
    'input.numbers.sort((a, b) => b - a)[0]',
    'input.objects.sort((a, b) => a.price - b.price)[0].id',
    'input.objects.sort((a, b) => $if(a.name < b.name, -1, 1))[0].id',
    'input.objects.sort((a, b) => a.name.localeCompare(b.name))[0].id',
    'input.objects.sortBy(x => x.name)[0].id',
    'input.objects.sortBy(x => x.price, "desc")[0].id',
    'input.pairs.map(p => [p]).flat().length',
    'input.numbers.flatMap(n => [n]).length',
    'input.numbers.join(", ").length',
    'input.texts.join("").length > 900000',
    'input.numbers.slice(10, -10).length',
    'input.numbers.slice(0, 50000).concat(input.numbers.slice(50000)).length',
    'input.numbers.includes(-1)',
    'input.texts.indexOf("none")',
    'input.texts.lastIndexOf("none")',
    'input.numbers.reverse()[0]',
    'input.objects.sum(x => x.price)',
    'input.objects.average(x => x.price)',
    'input.numbers.median()',
    'input.objects.maxBy(x => x.price).id',
    'input.numbers.unique().length',
    'input.texts.unique().length',
    'input.objects.map(x => x.tag).unique()',
    'Object.keys(input.objects.groupBy(x => x.tag))',
    'Object.keys(input.objects.keyBy(x => x.id)).length',
    'input.objects.countBy(x => x.tag)',
    'input.objects.partition(x => x.price > 5).map(l => l.length)',
    'input.objects.pluck("price").length',
    'input.numbers.union(input.numbers).length',
    'input.numbers.difference([1, 2]).length',
    'input.numbers.chunk(100).length',
    'input.numbers.zip(input.texts).length',
    '[...input.numbers].length',
    'Math.max(...input.numbers)',
    'Object.entries(Object.fromEntries(input.pairs)).length',
    'range(0, 100000).map(i => i * 2).length',
    'Array.from({ length: 100000 }, (_, i) => i).length',
    'input.lines.split("\\n").map(line => line.split(";")[1]).length',
    'input.text.replaceAll("b", "c").length',
    'input.lines.split("\\n").filter(line => /^a;/.test(line)).length',
    'JSON.parse(JSON.stringify(input.numbers)).length',
    'input.objects.map(x => x.id + ": " + x.name.toUpperCase().trim()).length',
    'input.objects.map(x => ({ ...x, total: round(x.price * 1.19, 2) })).length',
  ])(
    '{{ %s }}',
    (expression) => {
      const result = previewTemplate(`{{ ${expression} }}`, scope)
      expect(result).toMatchObject({ ok: true })
    },
    30_000,
  )
})

describe('nothing makes more than 1 MB', () => {
  test.each([
    "'x'.padEnd(1048577)",
    "'x'.padStart(1048577)",
    "'ab'.repeat(524289)",
    "input.texts.concat(input.texts.slice(0, 0)).map(t => t + 'xxxxxxxxx').join('-')",
    "input.text.replaceAll('a', 'aaaaaaaaa')",
    "input.text.replace(/a/g, '$&$&$&$&$&$&$&$&$&')",
    "input.text.replaceAll('b', () => 'bbbbbbbbb')",
    'input.text + input.text + input.text + input.text',
    "'a'.concat(input.text, input.text, input.text, input.text)",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
    '`${input.text}${input.text}${input.text}${input.text}`',
    'JSON.stringify(input.objects)',
    'JSON.stringify(input.numbers, null, 10)',
    'String(input.objects)',
    '[input.objects.slice(0, 50000)] + ""',
    "'×'.repeat(120000).urlEncode().urlEncode()",
    "encodeURIComponent('ü'.repeat(400000))",
    "'ﬃ'.repeat(400000).toUpperCase()",
    "'<'.repeat(400000).escapeHtml()",
    "'x'.repeat(1000000).base64Encode()",
    'toQuery({ a: input.text.split("a") })',
    "'a'.repeat(1000000).split('').join('ab')",
    "input.big + 'x'",
  ])('{{ %s }}', (expression) => {
    const result = previewTemplate(`{{ ${expression}.length }}`.replace('.length', expression.endsWith(')') ? '.length' : ''), scope)
    expect(result).toMatchObject({ ok: false, problem: { code: expect.stringMatching(/text_too_long|result_too_large|list_too_long/) } })
  })
  test.each([
    ["'x'.padEnd(1048576).length", 1_048_576],
    ["'ab'.repeat(524288).length", 1_048_576],
    // What was longer before may be cut and changed, but does not grow.
    ['input.big.trim().length', 1_500_000],
    ['input.big.slice(1).toUpperCase().length', 1_499_999],
    ["input.big.replaceAll('x', 'y').length", 1_500_000],
  ])('{{ %s }} is still allowed', (expression, length) => {
    expect(previewTemplate(`{{ ${expression} }}`, scope)).toEqual({ ok: true, value: length })
  })
  test('a path hands on a long text as it is', () => {
    expect(previewTemplate('{{ input.big }}', scope)).toEqual({ ok: true, value: 'x'.repeat(1_500_000) })
  })
  test('a result that is computed and larger is refused', () => {
    expect(previewTemplate('{{ [input.big] }}', scope)).toMatchObject({ problem: { code: 'expression.result_too_large' } })
    expect(previewTemplate('{{ input.text }}{{ input.text }}{{ input.text }}{{ input.text }}', scope)).toMatchObject({
      problem: { code: 'expression.result_too_large' },
    })
  })
})

describe('fuel', () => {
  const spentBy = (expression: string, input: Json) => {
    const compiled = compileTemplate(`{{ ${expression} }}`)
    if (!compiled.ok) throw new Error(expression)
    const meter = new Meter()
    compiled.value.evaluate(scopeOf({ input }), meter)
    return limits.expressionFuel - meter.left
  }
  test('the same work costs the same, however long it takes', () => {
    const expression = 'input.map(n => String(n).padStart(9, "0")).sort().join("").hash()'
    const first = spentBy(expression, numbers.slice(0, 1_000))
    expect(spentBy(expression, numbers.slice(0, 1_000))).toBe(first)
  })
  test.each([
    'input.map(n => n)',
    'input.filter(n => n)',
    'input.unique()',
    '[...input]',
    'input.join("")',
    'input.slice()',
    'input.concat(1)',
    'input.flat()',
    'Math.max(...input)',
    'input.reverse()',
    'input.includes(-1)',
    'input.indexOf(-1)',
  ])('{{ %s }} costs more for more items', (expression) => {
    expect(spentBy(expression, numbers.slice(0, 10_000))).toBeGreaterThan(spentBy(expression, numbers.slice(0, 1_000)) * 5)
  })
  test('every function that takes a list or a text pays for it', () => {
    // Those that look at a fixed number of places, and those whose function is what pays.
    const fixed = new Set(
      'length at first last isEmpty isNotEmpty charAt charCodeAt codePointAt toString isEmail toBoolean truncate startsWith endsWith slice substring substr localeCompare find findIndex findLast findLastIndex some every'.split(
        ' ',
      ),
    )
    const long = 'a,1 '.repeat(2_000)
    const list: Json = numbers.slice(0, 2_000)
    const cheap: string[] = []
    for (const doc of functionTable) {
      if ((doc.of !== 'text' && doc.of !== 'list') || fixed.has(doc.name)) continue
      const start = doc.example.expression.indexOf(`.${doc.name}`)
      const expression = `$try(input${doc.example.expression.slice(start)}, 0)`
      if (start === -1 || !compileTemplate(`{{ ${expression} }}`).ok) continue
      const [few, many] = doc.of === 'text' ? ['a,1', long] : [list.slice(0, 2), list]
      if (spentBy(expression, many as Json) - spentBy(expression, few as Json) < 200) cheap.push(`${doc.of}.${doc.name}`)
    }
    expect(cheap).toEqual([])
  })
})
