import { afterAll, describe, expect, test } from 'vitest'
import { limits } from '../../limits'
import { NodeError } from '../../nodes/errors'
import type { Json } from '../schema'
import { compileParams, compileTemplate, previewTemplate } from './index'
import { scopeOf } from './test-scope'

const prototypes = [Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype]
const before = prototypes.map((prototype) => JSON.stringify(Object.getOwnPropertyNames(prototype)))
afterAll(() => {
  expect(prototypes.map((prototype) => JSON.stringify(Object.getOwnPropertyNames(prototype)))).toEqual(before)
})

const poisoned = JSON.parse(
  '{"__proto__":{"polluted":1,"isAdmin":true},"constructor":{"x":1},"prototype":2,"ok":{"__proto__":{"y":1}},"list":[1]}',
) as Json
const scope = scopeOf({ input: poisoned })

describe('what reaches for JavaScript is a problem before it runs', () => {
  test.each([
    'this',
    'this.constructor',
    'globalThis',
    'window.location',
    'process.env',
    'require("fs")',
    'import("fs")',
    'import.meta.url',
    'eval("1")',
    'Function("return 1")()',
    'new Function("return 1")',
    'arguments',
    'input.constructor',
    'input["constructor"]',
    'input.__proto__',
    'input["__proto__"]["polluted"]',
    'input?.constructor?.constructor',
    'input.prototype',
    "''.constructor.constructor('return 1')()",
    '[].constructor',
    '(1).constructor',
    'input.\\u0063onstructor',
    'input["\\u0063onstructor"]',
    'input.c\\u{6f}nstructor("return process")',
    '[].map.constructor',
    'input.list.map(x => x).constructor',
    '(x => x).constructor',
    '(x => x)(1)',
    'input.list.map(x => { return 1 })',
    'input.list.map(function (x) { return x })',
    'input.list.map(async x => x)',
    'input.list.map(x => y => y)',
    'input.list.map((...rest) => rest)',
    'input.list.map(({ constructor }) => constructor)',
    'input.list.map(({ ["constructor"]: c }) => c)',
    'input.list.map(({ constructor: c }) => c)',
    'input.list.map((__proto__) => 1)',
    'input.list["map"](x => x)',
    'input.list.map?.(x => x)',
    '({ __proto__: input })',
    '({ "__proto__": input })',
    '({ constructor: 1 })',
    '({ get a() { return 1 } })',
    '({ a() { return 1 } })',
    '({ toString: () => "x" })',
    '[x => x]',
    'String.raw`a`',
    'input.ok`a`',
    'Object.getPrototypeOf(input)',
    'Object.defineProperty(input, "a", {})',
    'Object.assign(input, { a: 1 })',
    'Object.constructor',
    'Object["keys"](input)',
    'Reflect.ownKeys(input)',
    'Symbol.iterator',
    'Proxy',
    'input.a++',
    'input.a = 1',
    '[input.a] = [1]',
    'delete input.a',
    'void 0',
    'input, 1',
    'input instanceof Object',
    '1 | 2',
    'a => a',
    'class {}',
    'fetch("http://x")',
    'setTimeout(1)',
    'JSON.constructor',
    'Math.constructor("x")',
    'steps.__proto__',
    'steps["constructor"]',
    'vars.__proto__',
    'isEmpty.constructor',
    'now.constructor',
    'super.x',
    'yield',
    'await input',
    'new.target',
    '#x in input',
    'input.#x',
    'debugger',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
    '`a${this}`',
  ])('{{ %s }}', (expression) => {
    const compiled = compileTemplate(`{{ ${expression} }}`)
    expect(compiled.ok).toBe(false)
    for (const problem of compiled.ok ? [] : compiled.problems) expect(problem.message).toMatch(/^[A-Z`].*[.?]$/)
  })
})

describe('what reaches for a prototype while it runs finds nothing', () => {
  test.each([
    "input['const' + 'ructor']",
    "input['__pro' + 'to__'].polluted",
    'input[["constructor"][0]]',
    "''['con' + 'structor']",
    "[]['con' + 'structor']",
    "now['con' + 'structor']",
    "/a/['con' + 'structor']",
    "({ ['__pro' + 'to__']: { a: 1 } })",
    "Object.fromEntries([['__proto__', { a: 1 }]])",
    "['__proto__'].groupBy(x => x)",
    'input.list[input.list]',
    'input[["a"]]',
    'input[{}]',
    'input.ok.toString()',
    'input.ok.hasOwnProperty("y")',
    'input.ok.valueOf()',
    'input.list.toLocaleString()',
    "'a'.at.call",
    '[1].map(input.ok)',
    '$if(true, String)',
  ])('{{ %s }} fails', (expression) => {
    expect(previewTemplate(`{{ ${expression} }}`, scope).ok).toBe(false)
  })
  test.each<[string, Json]>([
    ['input.polluted', null],
    ['input.isAdmin', null],
    ['input.ok.y', null],
    ['input.toString', null],
    ['input.hasOwnProperty', null],
    ["'__proto__' in input", false],
    ["'constructor' in input", false],
    ["Object.hasOwn(input, '__proto__')", false],
    ['Object.keys(input)', ['constructor', 'prototype', 'ok', 'list']],
    ['({ ...input }).polluted', null],
    ['Object.keys({ ...input })', ['ok', 'list']],
    ["Object.keys(pick(input, 'ok'))", ['ok']],
    ['JSON.parse(\'{"__proto__":{"a":1}}\').a', null],
    ['[{ a: 1 }].map(({ toString }) => toString)', [null]],
    ["''['length']", 0],
    ["'{{ input.list }}'", '{{ input.list }}'],
  ])('{{ %s }} gives %j', (expression, result) => {
    expect(previewTemplate(`{{ ${expression} }}`, scope)).toEqual({ ok: true, value: result })
  })
  test('a result is never evaluated again', () => {
    const { params } = compileParams({ a: '{{ input.text }}', b: 'x {{ input.text }}' })
    expect(params.evaluate(scopeOf({ input: { text: '{{ run.id }}' } }))).toEqual({ a: '{{ run.id }}', b: 'x {{ run.id }}' })
  })
  test('an object made from poisoned data has an ordinary prototype and no pollution', () => {
    const result = previewTemplate('{{ [input, { a: now }] }}', scope)
    if (!result.ok) throw new Error(result.problem.message)
    const [copied] = result.value as { polluted?: Json }[]
    expect(copied?.polluted).toBeUndefined()
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype)
    expect(({} as { polluted?: Json }).polluted).toBeUndefined()
  })
  test('params with a __proto__ key leave it behind', () => {
    const { params } = compileParams(JSON.parse('{"__proto__":{"x":"{{ input }}"},"a":{"__proto__":{"y":"{{ 1 }}"},"b":"{{ 1 }}"}}'))
    const made = params.evaluate(scope)
    expect(made).toEqual({ a: { b: 1 } })
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
  })
})

describe('what would take for ever or fill the memory ends quickly', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => index)
  const text = 'a'.repeat(900_000)
  test.each([
    "'x'.padEnd(1e9)",
    "'x'.padStart(Infinity, 'ab')",
    "'x'.repeat(1e9)",
    "'x'.repeat(Infinity)",
    "'ab'.repeat(4000000)",
    'Array.from({ length: 1e9 })',
    'Array.from({ length: 1e5 }).map(x => Array.from({ length: 1e5 }))',
    'range(0, 1e12)',
    'range(0, 1, 0)',
    'range(0, 1, 1e-300)',
    'input.many.map(a => input.many.map(b => input.many.map(c => 1)))',
    'input.many.reduce((all, x) => [...all, ...all, x], [1])',
    'input.many.reduce((all, x) => all.concat(all), [1])',
    'input.many.reduce((all, x) => all + all, "x")',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
    'input.many.reduce((all, x) => `${all}${all}`, "x")',
    'input.many.reduce((all, x) => [all, all], [])',
    'input.many.reduce((all, x) => ({ a: all, b: all }), {})',
    'JSON.stringify(range(0, 40).reduce((all, x) => [all, all], []))',
    'input.many.map(x => input.text).join("")',
    'input.many.map(x => input.text.toUpperCase())',
    'input.many.map(x => input.text + x).filter(t => t.indexOf("b") > 0)',
    "input.text.replaceAll('a', 'aaaaaaaaaaaaaaaaaaaa')",
    "input.text.replaceAll('', 'aaaaaaaaaaaaaaaaaaaa')",
    "input.text.split('')",
    'input.text.match(/(a|aa)+$/g).map(x => input.many.map(y => input.text.match(/(a*)*b/)))',
    "input.text.replace(/a/g, '$&$&$&$&$&$&$&$&$&')",
    'input.text.match(/a/g)',
    'input.text.matchAll(/a(.*b)?/g)',
    'input.text.matchAll(/a.*b|a/g)',
    "input.many.map(x => 'a'.match('(a{1,20}){1,40}' + x))",
    '[...input.text]',
    'input.many.flatMap(x => input.many)',
    'input.many.sort((a, b) => input.many.indexOf(b))',
    'input.many.map(x => JSON.parse(JSON.stringify(input.many)))',
    'input.many.map(x => encodeURIComponent(input.text))',
    'Math.max(...input.many, ...input.many, ...input.many)',
    'input.many.map(x => input.many.unique())',
    'input.many.map(x => range(0, 20).map(y => now.plus(1, "day").format("yyyy")))',
    'range(0, 90000).map(i => input.text.slice(0, 1000))',
  ])(
    '{{ %s }}',
    (expression) => {
      const result = previewTemplate(`{{ ${expression} }}`, scopeOf({ input: { many, text } }))
      expect(result).toMatchObject({
        ok: false,
        problem: { code: expect.stringMatching(/^expression\.(fuel|list_too_long|text_too_long|result_too_large|too_deep|type)$/) },
      })
    },
    30_000,
  )
  test('a path hands on a large value without making it', () => {
    expect(previewTemplate('{{ input.many }}', scopeOf({ input: { many } }))).toMatchObject({ ok: true })
  })
  test('nested JSON text is refused before it is read', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(previewTemplate('{{ JSON.parse(input) }}', scopeOf({ input: deep }))).toMatchObject({ problem: { code: 'expression.too_deep' } })
  })
  test('a date that does not exist is refused', () => {
    expect(previewTemplate("{{ now.plus(1e12, 'years') }}", scope)).toMatchObject({ problem: { code: 'expression.date' } })
    expect(previewTemplate('{{ date(1e300) }}', scope)).toMatchObject({ problem: { code: 'expression.date' } })
  })
  test('an item of a per-item parameter that does too much fails, and ordinary items all pass', () => {
    const { params } = compileParams({ keep: '{{ item > 1 && [1, 2, 3].includes(item) }}' })
    const { keep } = params.evaluate(scope, ['keep']) as { keep: (item: Json, index: number) => Json }
    for (let index = 0; index < limits.listItems; index++) keep(2, index)
    expect(keep(2, 0)).toBe(true)
    const heavy = compileParams({ keep: '{{ input.map(a => input.map(b => b)) }}' }).params.evaluate(scopeOf({ input: many }), ['keep'])
    expect(() => (heavy.keep as (item: Json, index: number) => Json)(1, 0)).toThrow(NodeError)
  })
})

describe('a source too large or too deep is a problem, never a crash', () => {
  test.each([
    ['too long', `'${'a'.repeat(9_000)}'`],
    ['many terms', Array.from({ length: 3_000 }, () => '1').join('+')],
    ['brackets', `${'('.repeat(4_000)}1${')'.repeat(4_000)}`],
    ['lists', `${'['.repeat(4_000)}${']'.repeat(4_000)}`],
    ['open lists', '['.repeat(8_000)],
    ['nots', `${'!'.repeat(8_000)}1`],
    ['conditions', `${'1?1:'.repeat(2_000)}1`],
    ['arrows', `[].map(${'x=>'.repeat(2_500)}1)`],
    ['calls', `input${'.a()'.repeat(2_000)}`],
    ['templates', `${'`${'.repeat(2_000)}1${'}`'.repeat(2_000)}`],
    ['powers', Array.from({ length: 2_500 }, () => '2').join('**')],
    ['patterns', `[].map((${'['.repeat(3_000)}x${']'.repeat(3_000)}) => 1)`],
    ['a pattern', `/${'(a{1,100}){1,9}'.repeat(60)}/.test('a')`],
  ])('%s', (_, expression) => {
    const result = compileTemplate(`{{ ${expression} }}`)
    expect(result.ok ? [] : result.problems.map((problem) => problem.message)).not.toEqual([])
  })
  test('many patterns that grow are refused without being built', () => {
    for (const pattern of [
      '(a{1,100}){1,9}'.repeat(60),
      'a{0,1000}'.repeat(100),
      '[\\p{L}\\p{N}]{1,999}'.repeat(45),
      '((((((a{9}){9}){9}){9}){9}){9}){9}',
    ]) {
      for (let index = 0; index < 50; index++) expect(compileTemplate(`{{ /${pattern}/.test('a') }}`).ok).toBe(false)
    }
  })
  test('a long path is only a path', () => {
    expect(previewTemplate(`{{ input${'?.a'.repeat(2_500)} }}`, scope)).toEqual({ ok: true, value: null })
    expect(previewTemplate(`{{ input.none?.a${'.a'.repeat(3_500)} }}`, scope)).toEqual({ ok: true, value: null })
  })
  test('thirty-two levels are allowed and thirty-four are not', () => {
    const nested = (levels: number) => `{{ ${'['.repeat(levels)}1${']'.repeat(levels)} }}`
    expect(compileTemplate(nested(32)).ok).toBe(true)
    expect(compileTemplate(nested(34)).ok).toBe(false)
  })
  test('a text full of braces is read in time that grows with its length', () => {
    compileTemplate('{{'.repeat(20_000))
    compileTemplate('{{ 1 }}'.repeat(20_000))
  })
})
