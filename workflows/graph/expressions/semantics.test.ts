import { describe, expect, test } from 'vitest'
import { NodeError } from '../../nodes/errors'
import type { Json } from '../schema'
import { compileTemplate, type Scope } from './index'
import { scopeOf } from './test-scope'

const data: Json = {
  name: 'Ada',
  total: 12.5,
  paid: false,
  nothing: null,
  items: [
    { id: 1, price: 2, tags: ['a', 'b'] },
    { id: 2, price: 3, tags: [] },
  ],
  customer: { email: 'ada@example.com', 'last order': '2026-01-02' },
}
const scope = scopeOf({
  input: data,
  steps: { k3f9a2x1: { body: { total: 7 }, items: 'none' }, zz00aa11: null },
  keys: { k3f9a2x1: 'fetch', zz00aa11: 'notify', qq11ww22: 'later' },
  vars: { region: 'eu' },
})

function evaluate(text: string, given: Partial<Scope> = {}): Json {
  const compiled = compileTemplate(text, scope.keys ? { keys: scope.keys } : {})
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join(' '))
  return compiled.value.evaluate({ ...scope, ...given })
}
function failureOf(text: string, given: Partial<Scope> = {}) {
  try {
    evaluate(text, given)
  } catch (error) {
    if (error instanceof NodeError) return error.step
    throw error
  }
  throw new Error(`${text} did not fail`)
}
function problemsOf(text: string) {
  const compiled = compileTemplate(text)
  return compiled.ok ? [] : compiled.problems
}

describe('a text with expressions', () => {
  test.each<[string, Json]>([
    ['plain', 'plain'],
    ['', ''],
    ['{{ input.total }}', 12.5],
    ['{{input.items}}', (data as { items: Json }).items],
    ['{{ input.nothing }}', null],
    ['{{ input.missing }}', null],
    ['{{ input.total }} EUR', '12.5 EUR'],
    ['{{ input.name }} {{ input.paid }}', 'Ada false'],
    ['-{{ input.nothing }}-{{ input.missing }}-', '---'],
    ['{{ input.items[0].tags }}!', '["a","b"]!'],
    ["at {{ date('2026-03-09') }}", 'at 2026-03-09T00:00:00.000Z'],
    ["{{ { a: { b: '}}' } } }}", { a: { b: '}}' } }],
    ['{{ {a:{b:1}}}}', { a: { b: 1 } }],
    ['{{ (input.total) }}', 12.5],
    ['{{ input.total /* the sum */ }}', 12.5],
    ["{{ '{{' }}x", '{{x'],
    ['a } b } } c', 'a } b } } c'],
  ])('%s gives %j', (text, result) => {
    expect(evaluate(text)).toEqual(result)
  })
  test('a path hands on the very same data', () => {
    expect(evaluate('{{ input.items }}')).toBe((data as { items: Json }).items)
  })
})

describe('what an expression means', () => {
  test.each<[string, Json]>([
    ['1 + 2 * 3 - 4 / 2', 5],
    ['7 % 4 + 2 ** 3', 11],
    ["'a' + 1 + null", 'a1null'],
    ['-input.total', -12.5],
    ["+'4'", 4],
    ['!input.paid', true],
    ['typeof input.name + typeof input.items + typeof input.zip', 'stringobjectundefined'],
    ["1 == '1'", true],
    ["1 === '1'", false],
    ['null == undefined', true],
    ['input.zip ?? 5', 5],
    ["input.paid || 'open'", 'open'],
    ['input.paid && input.none.at.all', false],
    ["input.total > 10 ? 'big' : 'small'", 'big'],
    ["'b' > 'a'", true],
    ["'name' in input", true],
    ["'toString' in input", false],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
    ['`${input.name}: ${input.items}`', 'Ada: [{"id":1,"price":2,"tags":["a","b"]},{"id":2,"price":3,"tags":[]}]'],
    ['[...input.items[0].tags, 1]', ['a', 'b', 1]],
    [
      '({ ...input.customer, name: input.name, [input.name]: 1 })',
      { email: 'ada@example.com', 'last order': '2026-01-02', name: 'Ada', Ada: 1 },
    ],
    ['{ ...null, a: undefined, b: [undefined] }', { b: [null] }],
    ['input.customer["last order"]', '2026-01-02'],
    ['input["customer"]["email"].length', 15],
    ['input.items.length', 2],
    ['input.items[1].id', 2],
    ['input.items[input.items.length - 1].id', 2],
    ['input.items[9]', null],
    ['input.items[9]?.id', null],
    ['input.zip?.code.to.anything', null],
    ['input.zip?.trim()', null],
    ['input.zip?.[input.no.thing]', null],
    ['(input.zip?.a) ?? 1', 1],
    ['input.name[0]', 'A'],
    ['input.items.map(x => x.price * 2)', [4, 6]],
    [
      'input.items.map(({ id, price: cost = 0, more = id }) => [id, cost, more])',
      [
        [1, 2, 1],
        [2, 3, 2],
      ],
    ],
    ['Object.entries({ a: 1 }).map(([key, value]) => key + value)', ['a1']],
    ['input.items.flatMap(x => x.tags.map(t => t + x.id))', ['a1', 'b1']],
    ['input.items.map((input, i) => input.id + i)', [1, 3]],
    ["['1', '2', ''].map(Number)", [1, 2, 0]],
    ["['a', '', null].filter(Boolean)", ['a']],
    ['[1.5, 2.5].map(Math.floor)', [1, 2]],
    ['Math.max(...input.items.map(x => x.price))', 3],
    ['[3, 1, 2].sort((a, b) => b - a)', [3, 2, 1]],
    ["['b', 'a', null, 'c'].sort()", ['a', 'b', 'c', null]],
    ["[{ a: 1 }, '{\"a\":1}', { a: 1 }, 1, '1', 1].unique()", [{ a: 1 }, '{"a":1}', 1, '1']],
    ['[1, [2, [3]]].flat(Infinity)', [1, 2, 3]],
    ["'a1b22'.replace(/(\\d+)/g, '<$1>')", 'a<1>b<22>'],
    ["'a1b22'.replace(/\\d+/g, n => n * 2)", 'a2b44'],
    ["'abc'.replace(/b/, (all, at, whole) => '<' + at + whole + '>')", 'a<1abc>c'],
    ["'abc'.replace('b', (all, at, whole) => at + whole)", 'a1abcc'],
    ["'ab'.replace(/(?<x>a)/, (all, first, at, whole, named) => named.x + whole)", 'aabb'],
    ["'a,b,c'.split(',', -1)", ['a', 'b', 'c']],
    ["'a,b,c'.split(/,/, -1)", ['a', 'b', 'c']],
    ["'a,b,c'.split(/,/, 1.9)", ['a']],
    ["parseInt('0x1f') + Number.parseInt('010')", 41],
    ["'a.b'.replaceAll('.', '$&')", 'a$&b'],
    ["'John Smith'.replace(/(?<first>\\w+) (?<last>\\w+)/, '$<last> $<first>')", 'Smith John'],
    ["'a, b;c'.split(/[,;]\\s*/)", ['a', 'b', 'c']],
    ["'abc'.split('')", ['a', 'b', 'c']],
    ["'abc'.split(/(?:)/)", ['a', 'b', 'c']],
    ["'none'.match(/\\d/)", null],
    ["'k=v'.match(/(\\w)=(\\w)/)[2]", 'v'],
    ["/^a.c$/i.test('ABC')", true],
    ["$if(false, input.no.thing, 'ok')", 'ok'],
    ["$default(input.no.thing.at.all, 'none')", 'none'],
    ["$default('', 'none')", 'none'],
    ['steps.fetch.body.total', 7],
    ['steps.$k3f9a2x1.body.total', 7],
    ['steps["fetch"].body.total', 7],
    ['steps["$k3f9a2x1"]?.body?.total', 7],
    ['steps.later?.x ?? 3', 3],
    ['steps.notify', null],
    ['vars.region', 'eu'],
    ['vars?.nowhere ?? 1', 1],
    ["date('2026-03-09') < date('2026-03-10')", true],
    ["date('2026-03-10') - date('2026-03-09') === duration(1, 'day').milliseconds", true],
    ["date('2026-03-10T00:00:00+01:00') === date('2026-03-09T23:00:00Z')", true],
    ["date('2026-03-28T12:00', 'Europe/Berlin').plus(1, 'day').toISO()", '2026-03-29T12:00:00.000+02:00'],
    ["[date('2026-03-09')]", ['2026-03-09T00:00:00.000Z']],
    ["'due ' + date('2026-03-09').toISODate()", 'due 2026-03-09'],
    ['now', '2026-11-21T10:30:00.000Z'],
    ['today', '2026-11-21T00:00:00.000Z'],
    ['round(1.005, 2)', 1.01],
    ['JSON.stringify({ a: [1, null], d: today }, null, 1)', '{\n "a": [\n  1,\n  null\n ],\n "d": "2026-11-21T00:00:00.000Z"\n}'],
    ['Array.from({ length: 2 }, (_, i) => i)', [0, 1]],
  ])('%s gives %j', (expression, result) => {
    expect(evaluate(`{{ ${expression} }}`)).toEqual(result)
  })
  test('item and index exist where a step works on a list', () => {
    expect(evaluate('{{ [item.id, index] }}', { item: { id: 4 }, index: 0 })).toEqual([4, 0])
    expect(failureOf('{{ item.id }}').code).toBe('expression.no_item')
  })
  test('now and dates follow the zone of the scope', () => {
    expect(evaluate('{{ today.toISO() }}', { timeZone: 'America/New_York' })).toBe('2026-11-21T00:00:00.000-05:00')
  })
})

describe('a failure says what was there instead', () => {
  test.each<[string, string, string]>([
    ['{{ steps.fetch.items.map(x => x.id) }}', 'type', '`steps.fetch.items` is a text (`none`), not a list'],
    ['{{ steps.$k3f9a2x1.items.map(x => x.id) }}', 'type', '`steps.fetch.items` is a text (`none`), not a list'],
    ['{{ steps.fetsh.body }}', 'unknown_step', 'No step is called `fetsh`. Did you mean `fetch`?'],
    ['{{ steps.$gone0000.body }}', 'unknown_step', 'The step this reads was removed.'],
    ['{{ steps.later.body }}', 'no_value', '`steps.later` has no result here: that step did not run'],
    ['{{ input.custmer.email }}', 'no_value', '`input.custmer` is missing, so `email` cannot be read from it. Did you mean `customer`?'],
    ['{{ input.nothing.x }}', 'no_value', '`input.nothing` is empty (null), so `x` cannot be read'],
    ['{{ input.zip.trim() }}', 'no_value', '`input.zip` is missing'],
    [
      '{{ input.items.price }}',
      'member',
      '`input.items` is a list, not an object, so it has no field `price`. Take one item (`input.items[0].price`)',
    ],
    ['{{ input.total.cents }}', 'member', '`input.total` is a number'],
    ['{{ input.name.trim }}', 'member', 'write `input.name.trim()`'],
    ['{{ input.name.trimm() }}', 'unknown_function', 'no function `trimm`. Did you mean `trim`?'],
    ['{{ input.items.push(1) }}', 'unknown_function', 'An expression changes nothing'],
    ['{{ input.items * 2 }}', 'type', '`input.items` is a list, not a number'],
    ['{{ input.customer < 2 }}', 'type', 'has no order'],
    ['{{ now > "2026-01-01" }}', 'type', 'is a text, not a date'],
    ['{{ input.name * 2 }}', 'not_a_number', 'is not a number (NaN)'],
    ['{{ 1 / 0 }}', 'not_a_number', 'Infinity'],
    ['Total {{ input.zip * 2 }}', 'not_a_number', 'is not a number'],
    ['{{ vars.regoin }}', 'unknown_variable', 'Did you mean `region`?'],
    ['{{ input.items.sum() }}', 'type', 'Say which field: `sum(x => x.amount)`'],
    ['{{ input.name.padStart("3") }}', 'type', '`"3"` is a text, not a number'],
    ['{{ input.name.padStart() }}', 'arguments', '`padStart` is written `padStart(length, fill?)`'],
    ["{{ date('tomorrow') }}", 'date', 'is not a date'],
    ["{{ now.setZone('Mars/Base') }}", 'date', 'is not a time zone'],
    ["{{ now.plus(1, 'moon') }}", 'unit', 'is not a unit of time'],
    ["{{ JSON.parse('{a:1}') }}", 'json', 'cannot read its text as JSON'],
    ['{{ [].reduce((a, b) => a + b) }}', 'empty_list', 'needs a start value'],
    ['{{ input.items.map(input.name) }}', 'type', 'needs a function'],
    ["{{ $ai('city', 'Which city') }}", 'no_ai_value', 'The model gave no `city`'],
  ])('%s', (text, code, message) => {
    const step = failureOf(text)
    expect(step.message).toContain(message)
    expect(step).toMatchObject({ class: 'bad_data', code: `expression.${code}` })
  })
  test('it names the whole expression and where in the text it stands', () => {
    const step = failureOf('Dear {{ input.name + input.zip.code }}')
    expect(step.message).toContain('In `{{ input.name + input.zip.code }}`')
    expect(step.details).toEqual({ expression: 'input.name + input.zip.code', start: 21, end: 35 })
  })
})

describe('what cannot be read is a problem with a sentence', () => {
  test.each<[string, string, string]>([
    ['{{ inptu.x }}', 'unknown_name', 'Did you mean `input`?'],
    ['{{ $json.x }}', 'unknown_name', 'Use `input`'],
    ['{{ $node["Fetch orders"].json.x }}', 'unknown_name', 'mean is `steps.fetch_orders`'],
    ["{{ $('Fetch orders').item.json.x }}", 'unknown_function', 'mean is `steps.fetch_orders`'],
    ["{{ $jmespath(input, 'a[*].b') }}", 'unknown_function', 'Use functions of lists'],
    ['{{ input.items[*].price }}', 'syntax', 'list.map(x => x.name)'],
    ['{{ $workflow.name }}', 'unknown_name', 'mean is `run.workflow`'],
    ['{{ total > 3 }}', 'unknown_name', 'is `input.total`'],
    ['{{ input.x = 1 }}', 'syntax', 'Compare with `===`'],
    ['{{ new Date() }}', 'syntax', 'Use `now` or `date(value)`'],
    ['{{ input. }}', 'syntax', 'ends too early'],
    ['{{ }}', 'empty', 'nothing between'],
    ['{{ input.x', 'unclosed', 'no }}'],
    ['{{ input.x input.y }}', 'syntax', 'one expression'],
    ['{{ default(input.x, 1) }}', 'syntax', '$default'],
    ["{{ 'abc }}", 'syntax', 'second quote'],
    ['{{ isEmpty }}', 'syntax', 'write `isEmpty(value)`'],
    ['{{ isEmty(1) }}', 'unknown_function', 'Did you mean `isEmpty`?'],
    ['{{ Math.random() }}', 'unknown_function', 'no function `Math.random`'],
    ['{{ steps }}', 'syntax', 'Name one step'],
    ['{{ steps[input.x] }}', 'syntax', 'named directly'],
    ['{{ /(?=a)/.test(input.x) }}', 'pattern', 'lookahead'],
    ["{{ $ai(input.name, 'x') }}", 'arguments', 'plain texts'],
    ["{{ $ai('a', 'b', 'colour') }}", 'arguments', 'no type `colour`'],
    ['{{ 10n }}', 'syntax', 'without the n'],
    ['{{ [1,,2] }}', 'syntax', 'empty place'],
  ])('%s', (text, code, message) => {
    const [problem] = problemsOf(text)
    expect(problem?.message).toContain(message)
    expect(problem?.code).toBe(`expression.${code}`)
  })
  test('all problems of a text are reported, each where it stands', () => {
    const text = 'a {{ foo }} b {{ bar + baz }} {{ input.ok }}'
    expect(problemsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(['foo', 'bar', 'baz'])
  })
  test('a step is suggested where only its key was written', () => {
    const compiled = compileTemplate('{{ fetch.body }}', { keys: { k3f9a2x1: 'fetch' } })
    expect(compiled.ok ? '' : compiled.problems[0]?.message).toContain("A step's result is `steps.fetch`.")
  })
})

describe('what compiling tells', () => {
  test('the steps, variables and model fields a text reads', () => {
    const compiled = compileTemplate(
      "{{ steps.$a1b2c3d4.x + steps.fetch.y + steps.who }} {{ vars.region }} {{ $ai('city', 'Which city', 'text') }} {{ $ai('days', 'How long', 'integer') }}",
      { keys: { k3f9a2x1: 'fetch' } },
    )
    if (!compiled.ok) throw new Error('problems')
    const { steps, stepNames, vars, aiFields, constant } = compiled.value
    expect({ steps, stepNames, vars, constant }).toEqual({
      steps: ['a1b2c3d4', 'k3f9a2x1'],
      stepNames: ['who'],
      vars: ['region'],
      constant: false,
    })
    expect(aiFields).toEqual([
      { name: 'city', description: 'Which city', type: 'string' },
      { name: 'days', description: 'How long', type: 'integer' },
    ])
  })
  test('a model field takes what the model gave', () => {
    expect(evaluate("{{ $ai('city', 'Which city') }}", { ai: { city: 'Oslo' } })).toBe('Oslo')
  })
})
