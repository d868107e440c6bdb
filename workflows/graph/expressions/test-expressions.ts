import fc from 'fast-check'

/** Random expressions over data of this shape, by the kind of value they make: nearly all of them run. */
export interface RandomKinds {
  number: string
  text: string
  truth: string
  numbers: string
  texts: string
  rows: string
  fields: string
  any: string
}

const word = fc.constantFrom(
  'a',
  'b',
  'ab',
  'Ab c',
  ' x ',
  '12',
  '-3.5',
  '0x1f',
  '',
  'a,b;c',
  'ü-Ö',
  '😀z',
  'line\nend',
  'a1b22',
  '"q"',
  "it's",
  '0',
  'true',
  'null',
)
const name = fc.constantFrom('id', 'name', 'n', 'x y', 'tag', '7', 'none')

export const randomData = fc.record({
  n: fc.integer({ min: -1_000, max: 1_000 }),
  m: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  t: fc.oneof(word, fc.string({ maxLength: 12 })),
  u: fc.oneof(word, fc.string({ unit: 'binary', maxLength: 6 })),
  yes: fc.boolean(),
  none: fc.constant(null),
  numbers: fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 6 }),
  texts: fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 6 }),
  rows: fc.array(
    fc.record({ id: fc.integer({ min: 0, max: 9 }), name: word, n: fc.double({ noNaN: true, noDefaultInfinity: true, min: -9, max: 9 }) }),
    { maxLength: 5 },
  ),
  fields: fc.dictionary(name, fc.oneof(fc.integer(), word, fc.constant(null)), { maxKeys: 4 }),
  mixed: fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), word, fc.boolean(), fc.constant(null)), { maxLength: 5 }),
})

const quoted = word.map((text) => JSON.stringify(text))
const small = fc.integer({ min: -4, max: 7 }).map(String)
const patterns = fc.constantFrom(
  '/a/u',
  '/[a-z]+/gu',
  '/\\d+/gu',
  '/(\\w)(\\d)?/u',
  '/^\\s+|\\s+$/gu',
  '/[,;]\\s*/u',
  '/A/giu',
  '/b|c/gu',
  '/./gsu',
  '/$/u',
  '/(?:)/gu',
)
const tame = fc.constantFrom("''", "'-'", "'<>'", "'aa'", "' '")

type Tie = { [Kind in keyof RandomKinds]: fc.Arbitrary<string> }

function made(parts: fc.Arbitrary<string>[], write: (...texts: string[]) => string): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((texts) => write(...texts))
}

function numberOf({ number, text, truth, numbers, texts, rows, fields, any }: Tie): fc.Arbitrary<string>[] {
  const operator = fc.constantFrom('+', '-', '*', '/', '%')
  return [
    made([number, operator, number], (a, by, b) => `(${a} ${by} ${b})`),
    made([number], (a) => `(-(${a}))`),
    made(
      [fc.integer({ min: -9, max: 9 }).map((base) => `(${base})`), fc.integer({ min: 0, max: 6 }).map(String)],
      (a, b) => `(${a} ** ${b})`,
    ),
    made([fc.constantFrom('round', 'floor', 'ceil', 'trunc', 'abs', 'sign', 'sqrt'), number], (fn, a) => `Math.${fn}(${a})`),
    made([fc.constantFrom('min', 'max'), number, number, numbers], (fn, a, b, list) => `Math.${fn}(${a}, ${b}, ...${list})`),
    made([fc.constantFrom('Number', 'parseFloat', 'parseInt'), text], (fn, a) => `${fn}(${a})`),
    made([any], (a) => `Number(typeof ${a} === 'object' ? 1 : ${a})`),
    made([text, fc.integer({ min: 2, max: 36 }).map(String)], (a, base) => `parseInt(${a}.slice(0, 8), ${base})`),
    made([fc.oneof(text, texts, numbers, rows)], (a) => `${a}.length`),
    made([text, text], (a, b) => `${a}.indexOf(${b})`),
    made([text, text], (a, b) => `${a}.lastIndexOf(${b})`),
    made([text, small], (a, b) => `${a}.charCodeAt(${b})`),
    made([text, small], (a, b) => `(${a}.codePointAt(${b}) ?? -1)`),
    made([text, patterns], (a, b) => `${a}.search(${b})`),
    made([numbers, number], (a, b) => `${a}.indexOf(${b})`),
    made([texts, text], (a, b) => `${a}.lastIndexOf(${b})`),
    made([numbers, number], (a, b) => `${a}.reduce((sum, x, i) => sum + x * i, ${b})`),
    made([rows], (a) => `${a}.reduce((sum, { n, id: weight = 1 }) => sum + n * weight, 0)`),
    made([numbers, number], (a, b) => `${a}.findIndex(x => x > ${b})`),
    made([rows, number], (a, b) => `${a}.findLastIndex((row, i) => row.n * i < ${b})`),
    made([numbers, small], (a, b) => `(${a}.at(${b}) ?? 0)`),
    made([numbers, small], (a, b) => `(${a}[${b}] ?? 1)`),
    made([fields], (a) => `Object.keys(${a}).length`),
    made([truth, number, number], (a, b, c) => `(${a} ? ${b} : ${c})`),
  ]
}

function textOf({ number, text, truth, numbers, texts, rows }: Tie): fc.Arbitrary<string>[] {
  return [
    made([text, fc.oneof(text, number, truth, fc.constant('input.none'))], (a, b) => `(${a} + ${b})`),
    made([fc.oneof(text, number, truth), text], (a, b) => `\`<\${${a}}\${${b}}>\``),
    made([text, fc.constantFrom('trim', 'trimStart', 'trimEnd', 'toString')], (a, fn) => `${a}.${fn}()`),
    made([quoted, fc.constantFrom('toLowerCase', 'toUpperCase')], (a, fn) => `${a}.${fn}()`),
    made([text, fc.constantFrom('slice', 'substring', 'substr'), small, small], (a, fn, b, c) => `${a}.${fn}(${b}, ${c})`),
    made([text, fc.constantFrom('slice', 'substring', 'substr'), small], (a, fn, b) => `${a}.${fn}(${b})`),
    made([text, small], (a, b) => `${a}.charAt(${b})`),
    made([text, small], (a, b) => `(${a}.at(${b}) ?? '')`),
    made([text, small], (a, b) => `(${a}[${b}] ?? '?')`),
    made([text, fc.constantFrom('padStart', 'padEnd'), fc.nat({ max: 9 }).map(String), tame], (a, fn, b, c) => `${a}.${fn}(${b}, ${c})`),
    made([text, fc.nat({ max: 3 }).map(String)], (a, b) => `${a}.slice(0, 9).repeat(${b})`),
    made([text, fc.constantFrom('replace', 'replaceAll'), text, tame], (a, fn, b, c) => `${a}.${fn}(${b}, ${c})`),
    made([text, patterns, fc.oneof(tame, fc.constantFrom("'[$&]'", "'$$'", "'<$1>'"))], (a, b, c) => `${a}.replace(${b}, ${c})`),
    made([text, patterns], (a, b) => `${a}.replace(${b}, part => part.length + '.')`),
    made([text, patterns], (a, b) => `${a}.replace(${b}, (all, one, two, whole) => [all, one, two, whole].map(x => x ?? '~').join('|'))`),
    made([text, text], (a, b) => `${a}.concat(${b}, 'z')`),
    made([texts, tame], (a, b) => `${a}.join(${b})`),
    made([numbers], (a) => `${a}.join('|')`),
    made([number, fc.nat({ max: 6 }).map(String)], (a, b) => `(${a}).toFixed(${b})`),
    made([number, fc.integer({ min: 1, max: 12 }).map(String)], (a, b) => `(${a}).toPrecision(${b})`),
    made([fc.integer().map((value) => `(${value})`), fc.constantFrom('2', '16', '36')], (a, b) => `${a}.toString(${b})`),
    made([fc.oneof(number, truth, text)], (a) => `String(${a})`),
    made([rows], (a) => `${a}.map(({ name = 'none' }) => name).join('/')`),
    made([rows], (a) => `(${a}.find(row => row.id > 4)?.name ?? 'nobody')`),
    made([fc.oneof(texts, numbers, rows)], (a) => `JSON.stringify(${a})`),
    made([rows], (a) => `JSON.stringify(${a}, null, 2)`),
    made([text], (a) => `JSON.stringify(${a})`),
    made([texts], (a) => `${a}.reduceRight((all, x) => all + x, '')`),
    made([fc.constantFrom('encodeURIComponent', 'encodeURI'), quoted], (fn, a) => `${fn}(${a})`),
    made([quoted], (a) => `decodeURIComponent(encodeURIComponent(${a}))`),
    made([fc.nat({ max: 1_000 }).map(String)], (a) => `String.fromCharCode(${a}, 65)`),
    made([text, text, text], (a, b, c) => `(${a} === ${b} ? ${b} : ${c})`),
    made([fc.oneof(text, number, truth, texts, fc.constant('input.none'), fc.constant('input.gone'))], (a) => `(typeof ${a})`),
  ]
}

function truthOf({ number, text, truth, numbers, texts, rows, fields, any }: Tie): fc.Arbitrary<string>[] {
  const order = fc.constantFrom('<', '<=', '>', '>=')
  return [
    made([number, order, number], (a, by, b) => `(${a} ${by} ${b})`),
    made([text, order, text], (a, by, b) => `(${a} ${by} ${b})`),
    made([text, order, number], (a, by, b) => `(${a} ${by} ${b})`),
    made([any, fc.constantFrom('===', '!=='), any], (a, by, b) => `(${a} ${by} ${b})`),
    made(
      [
        fc.oneof(number, text, truth, fc.constant('input.none'), fc.constant('input.gone')),
        fc.constantFrom('==', '!='),
        fc.oneof(number, text, truth, fc.constant('null')),
      ],
      (a, by, b) => `(${a} ${by} ${b})`,
    ),
    made([any], (a) => `!${a}`),
    made([any], (a) => `Boolean(${a})`),
    made([any], (a) => `Array.isArray(${a})`),
    made([truth, fc.constantFrom('&&', '||'), truth], (a, by, b) => `(${a} ${by} ${b})`),
    made([text, fc.constantFrom('includes', 'startsWith', 'endsWith'), text], (a, fn, b) => `${a}.${fn}(${b})`),
    made([numbers, number], (a, b) => `${a}.includes(${b})`),
    made([patterns, text], (a, b) => `${a.replace('gu', 'u')}.test(${b})`),
    made([numbers, fc.constantFrom('some', 'every'), number], (a, fn, b) => `${a}.${fn}((x, i) => x + i > ${b})`),
    made([texts, fc.constantFrom('some', 'every')], (a, fn) => `${a}.${fn}(x => x.length > 1)`),
    made([rows], (a) => `${a}.some(({ id, name }) => id > 3 && name !== 'a')`),
    made([name, fields], (a, b) => `(${JSON.stringify(a)} in ${b})`),
    made([fields, name], (a, b) => `Object.hasOwn(${a}, ${JSON.stringify(b)})`),
    made(
      [fc.constantFrom('isNaN', 'isFinite', 'Number.isInteger', 'Number.isFinite', 'Number.isNaN', 'Number.isSafeInteger'), number],
      (fn, a) => `${fn}(${a})`,
    ),
  ]
}

function listsOf({ number, text, truth, numbers, texts, rows, fields }: Tie): {
  numbers: fc.Arbitrary<string>[]
  texts: fc.Arbitrary<string>[]
  rows: fc.Arbitrary<string>[]
} {
  const kept = (list: fc.Arbitrary<string>): fc.Arbitrary<string>[] => [
    made([list, fc.constantFrom('slice', 'toSpliced'), small, small], (a, fn, b, c) => `${a}.${fn}(${b}, ${c})`),
    made([list, fc.constantFrom('reverse', 'toReversed', 'slice', 'flat')], (a, fn) => `[...${a}].${fn}()`),
    made([list, list], (a, b) => `${a}.concat(${b})`),
    made([list, list], (a, b) => `[...${a}, ...${b}]`),
    made([list, number], (a, b) => `${a}.filter((x, i) => i % 2 === 0 || ${b} > i)`),
    made([truth, list, list], (a, b, c) => `(${a} ? ${b} : ${c})`),
    made([list], (a) => `Array.from(${a})`),
    made([list], (a) => `${a}.map(x => [x]).flat()`),
    made([list], (a) => `${a}.flatMap((x, i) => i > 2 ? [] : [x, x])`),
    made([list], (a) => `JSON.parse(JSON.stringify(${a}))`),
    made([list], (a) => `Object.values({ ...${a}.slice(0, 3).reduce((all, x, i) => ({ ...all, [i]: x }), {}) })`),
  ]
  return {
    numbers: [
      ...kept(numbers),
      made([numbers, number], (a, b) => `${a}.map((x, i) => x * i - ${b})`),
      made([fc.array(number, { maxLength: 3 }).map((all) => all.join(', '))], (a) => `[${a}]`),
      made([numbers], (a) => `[...${a}].sort((x, y) => y - x)`),
      made([numbers], (a) => `${a}.toSorted((x, y) => x - y)`),
      made([texts], (a) => `${a}.map(x => x.length)`),
      made(
        [fc.constant('["1", "2.5", "", "7"]'), fc.constantFrom('Number', 'parseFloat', 'x => parseInt(x) || 0')],
        (a, fn) => `${a}.map(${fn}).filter(x => x === x)`,
      ),
      made([rows], (a) => `${a}.map(row => row.n)`),
      made([numbers], (a) => `${a}.map(Math.abs)`),
      made([fc.nat({ max: 5 }).map(String), number], (a, b) => `Array.from({ length: ${a} }, (_, i) => i * ${b})`),
    ],
    texts: [
      ...kept(texts),
      made([text, fc.oneof(tame, patterns)], (a, b) => `${a}.split(${b}).filter(x => x !== undefined)`),
      made([text, fc.constantFrom("','", "'b'", '/,/u'), fc.nat({ max: 3 }).map(String)], (a, b, c) => `${a}.split(${b}, ${c})`),
      made([text, patterns], (a, b) => `(${a}.match(${b}) ?? []).map(x => x ?? 'nothing')`),
      made([text], (a) => `[...${a}.matchAll(/(\\w)(\\d)?/gu)].map(m => m[1] + (m[2] ?? ''))`),
      made([texts], (a) => `[...${a}].sort()`),
      made([texts], (a) => `${a}.map(x => x.trim())`),
      made([numbers], (a) => `${a}.map(String)`),
      made([fields], (a) => `Object.keys(${a})`),
      made([fields], (a) => `Object.entries(${a}).map(([key, value]) => key + '=' + (typeof value === 'object' ? 'o' : value))`),
      made([text], (a) => `[...${a}]`),
      made([rows], (a) => `${a}.map(row => row['na' + 'me'])`),
    ],
    rows: [
      ...kept(rows),
      made([rows, number], (a, b) => `${a}.map(row => ({ ...row, n: row.n + ${b} }))`),
      made([rows], (a) => `[...${a}].sort((x, y) => x.id - y.id)`),
      made([rows, text], (a, b) => `${a}.map((row, id) => ({ id, name: ${b}, n: row.n ?? 0 }))`),
      made([rows], (a) => `${a}.map(({ id, name, n }) => ({ n, name, id }))`),
      made([rows], (a) => `${a}.filter(row => row.name.length > 0 && row.id !== 4)`),
    ],
  }
}

function fieldsOf({ number, text, rows, fields }: Tie): fc.Arbitrary<string>[] {
  return [
    made([fields, number], (a, b) => `({ ...${a}, n: ${b} })`),
    made([fields, fields], (a, b) => `({ ...${a}, ...${b} })`),
    made([name, text], (a, b) => `({ ${JSON.stringify(a)}: ${b}, id: 1 })`),
    made([name, text], (a, b) => `({ [${JSON.stringify(a)} + '!']: ${b} })`),
    made([fields], (a) => `Object.fromEntries(Object.entries(${a}).map(([key, value]) => ['_' + key, value]))`),
    made([rows], (a) => `(${a}[0] ?? {})`),
    made([rows], (a) => `Object.fromEntries(${a}.map(row => [row.name, row.id]))`),
    made([rows], (a) => `Object.groupBy(${a}, row => row.id > 4 ? 'big' : 'small')`),
  ]
}

const leaves: { [Kind in keyof RandomKinds]: fc.Arbitrary<string> } = {
  number: fc.oneof(
    fc.constantFrom('input.n', 'input.m', "input['n']", 'input.numbers.length', '0', '1'),
    fc.integer({ min: -50, max: 50 }).map((value) => `(${value})`),
    fc.double({ noNaN: true, min: -9, max: 9 }).map((value) => `(${value})`),
  ),
  text: fc.oneof(fc.constantFrom('input.t', 'input.u', "input['t']", "''"), quoted),
  truth: fc.constantFrom('input.yes', 'true', 'false'),
  numbers: fc.constantFrom('input.numbers', '[]', '[3, 1, 2]'),
  texts: fc.constantFrom('input.texts', "['b', 'a']"),
  rows: fc.constantFrom('input.rows', 'input?.rows', "[{ id: 1, name: 'x', n: 2 }]"),
  fields: fc.constantFrom('input.fields', '({ id: 1 })'),
  any: fc.constantFrom('input.none', 'input.gone', 'input.gone?.deep.down', 'undefined', 'null', 'input.mixed[0]', 'input.fields.tag'),
}

const depth = { maxDepth: 4, depthSize: 'small', withCrossShrink: true } as const

const kinds = fc.letrec<RandomKinds>((tie) => {
  const tied = Object.fromEntries(Object.keys(leaves).map((kind) => [kind, tie(kind as keyof RandomKinds)])) as Tie
  const lists = listsOf(tied)
  return {
    number: fc.oneof(depth, leaves.number, ...numberOf(tied)),
    text: fc.oneof(depth, leaves.text, ...textOf(tied)),
    truth: fc.oneof(depth, leaves.truth, ...truthOf(tied)),
    numbers: fc.oneof(depth, leaves.numbers, ...lists.numbers),
    texts: fc.oneof(depth, leaves.texts, ...lists.texts),
    rows: fc.oneof(depth, leaves.rows, ...lists.rows),
    fields: fc.oneof(depth, leaves.fields, ...fieldsOf(tied)),
    any: fc.oneof(
      depth,
      leaves.any,
      tied.number,
      tied.text,
      tied.truth,
      tied.numbers,
      tied.rows,
      tied.fields,
      made([tied.any, fc.constantFrom('??', '||', '&&'), tied.any], (a, by, b) => `((${a}) ${by} (${b}))`),
    ),
  }
})

export const randomExpression = fc.oneof(
  kinds.number,
  kinds.text,
  kinds.truth,
  kinds.numbers,
  kinds.texts,
  kinds.rows,
  kinds.fields,
  kinds.any,
)

const anyKind = fc.oneof(kinds.number, kinds.text, kinds.truth, kinds.numbers, kinds.texts, kinds.rows, kinds.fields, leaves.any)
const plainArgument = fc.oneof(
  anyKind,
  small,
  quoted,
  fc.constantFrom('x => x', '(x, i) => i', 'String', 'Number', '-1', '1.5', 'undefined', 'null'),
)
const argument = fc.oneof(plainArgument, fc.constant('/a/u'))
const methodNames =
  'at charAt charCodeAt concat endsWith every filter find findIndex findLast findLastIndex flat flatMap includes indexOf join lastIndexOf map match padEnd padStart reduce reduceRight repeat replace replaceAll reverse search slice some split startsWith substring toFixed toLowerCase toPrecision toReversed toSpliced toString toUpperCase trim with length'.split(
    ' ',
  )
const functionNames =
  'Array.from Array.isArray Array.of Boolean JSON.parse JSON.stringify Math.abs Math.ceil Math.floor Math.max Math.min Math.round Math.sign Math.sqrt Math.trunc Number Number.isFinite Number.isInteger Number.parseFloat Object.entries Object.fromEntries Object.groupBy Object.hasOwn Object.keys Object.values encodeURIComponent isFinite isNaN parseFloat parseInt'.split(
    ' ',
  )

/** Anything called with anything: most of it fails, and what does not must mean what it means elsewhere. */
export const wildExpression = fc.oneof(
  made(
    [anyKind, fc.constantFrom('+', '-', '*', '/', '%', '<', '<=', '>', '>=', '===', '!==', '&&', '||'), anyKind],
    (a, by, b) => `(${a}) ${by} (${b})`,
  ),
  made(
    [anyKind, fc.constantFrom(...methodNames), fc.array(argument, { maxLength: 3 }).map((all) => all.join(', '))],
    (a, fn, all) => `(${a}).${fn}(${all})`,
  ),
  made(
    [fc.constantFrom(...functionNames), fc.array(plainArgument, { maxLength: 3 }).map((all) => all.join(', '))],
    (fn, all) => `${fn}(${all})`,
  ),
  made([anyKind, argument], (a, b) => `(${a})[${b}]`),
  made([anyKind, name], (a, b) => `(${a})?.[${JSON.stringify(b)}]`),
  made([fc.constantFrom('!', '-', '+', 'typeof '), anyKind], (by, a) => `${by}(${a})`),
)
