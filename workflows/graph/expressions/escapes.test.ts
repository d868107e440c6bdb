import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../schema'
import { previewTemplate } from './index'
import { scopeOf } from './test-scope'

/** Everything that an escape could have changed: the names on globalThis and each built-in's own fields, with their values. */
function worldNow(): Map<string, unknown> {
  const world = new Map<string, unknown>()
  const watched: [string, object][] = [
    ['globalThis', globalThis],
    ['process', process],
    ['process.env', process.env],
    ['async', Object.getPrototypeOf(async () => {}) as object],
    ['generator', Object.getPrototypeOf(function* () {}) as object],
  ]
  for (const name of [
    'Object',
    'Array',
    'String',
    'Number',
    'Boolean',
    'Function',
    'RegExp',
    'Date',
    'Map',
    'Set',
    'Promise',
    'Error',
    'Symbol',
    'JSON',
    'Math',
    'Reflect',
  ]) {
    const builtIn = (globalThis as unknown as Record<string, { prototype?: object }>)[name]
    if (!builtIn) continue
    watched.push([name, builtIn])
    if (builtIn.prototype) watched.push([`${name}.prototype`, builtIn.prototype])
  }
  for (const [name, object] of watched) {
    world.set(`${name} is extensible`, Object.isExtensible(object))
    for (const key of Reflect.ownKeys(object)) {
      const field = Object.getOwnPropertyDescriptor(object, key)
      const isAccessor = field !== undefined && 'get' in field
      const label = `${name}.${String(key)}`
      if (isAccessor) world.set(label, field.get)
      else if (name !== 'globalThis' || typeof field?.value === 'function') world.set(label, field?.value)
      else world.set(label, typeof field?.value)
    }
  }
  return world
}

let before: Map<string, unknown>
beforeAll(() => {
  worldNow()
  before = worldNow()
})
afterAll(() => {
  const after = worldNow()
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !Object.is(before.get(name), after.get(name)))
  expect(changed).toEqual([])
  expect(Reflect.ownKeys({})).toEqual([])
})

const hostileData = JSON.parse(
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1},"name":"x"},"toString":"x","valueOf":1,"then":1,"toJSON":"x","length":9,"a":{"b":[1]},"t":"constructor","list":["a","b"]}',
) as Json
const scope = scopeOf({
  input: hostileData,
  trigger: hostileData,
  vars: { v: hostileData },
  steps: { k3f9a2x1: hostileData },
  keys: { k3f9a2x1: 'fetch' },
})

/** Shapes that got out of one expression engine or another, and what they would have done. */
const shapes: readonly (readonly [string, readonly string[]])[] = [
  [
    'constructor of a constructor',
    [
      "constructor.constructor('globalThis.escaped=1')()",
      "''.constructor.constructor('globalThis.escaped=1')()",
      "[].constructor.constructor('globalThis.escaped=1')()",
      "(1).constructor.constructor('globalThis.escaped=1')()",
      "true.constructor.constructor('globalThis.escaped=1')()",
      "/a/.constructor.constructor('globalThis.escaped=1')()",
      "({}).constructor.constructor('globalThis.escaped=1')()",
      "isEmpty.constructor('globalThis.escaped=1')()",
      "Math.cos.constructor('globalThis.escaped=1')()",
      "range.constructor('globalThis.escaped=1')()",
      "now.constructor.constructor('globalThis.escaped=1')()",
      "[].map.constructor('globalThis.escaped=1')()",
      "[].filter.constructor('globalThis.escaped=1')()",
      "''.sub.call.call(({})['constructor'].getOwnPropertyDescriptor, 'a')",
      "''.replace.constructor('globalThis.escaped=1')()",
      'input.constructor.prototype',
      'Object.constructor',
      "JSON.stringify.constructor('globalThis.escaped=1')()",
    ],
  ],
  [
    'functions of their own',
    [
      '(function () { return this.process })()',
      "(function () { return this })().process.mainModule.require('child_process').execSync('id')",
      '(() => this)()',
      '(() => process)()',
      '(() => { globalThis.escaped = 1 })()',
      '[1].map(() => { globalThis.escaped = 1 })',
      '[1].map(() => this)',
      '[1].map(() => globalThis)',
      '[1].map(() => arguments)',
      '[1].map(x => x => 1)',
      '[1].map(async () => 1)',
      '[1].map(async x => await x)',
      '[1].map(function* () { yield 1 })',
      '[1].map((x = globalThis.escaped = 1) => x)',
      '[1].map((x = process) => x)',
      '[1].map((x = (() => 1)) => x)',
      '[1].map((x = y => y) => x(1))',
      '[[1]].map(([x = this]) => x)',
      '[{}].map(({ constructor: { constructor } }) => constructor)',
      "[{}].map(({ ['constructor']: c }) => c)",
      '[{}].map(({ ...rest }) => rest.constructor)',
      '[1].map((...all) => all)',
      '[1].map(([...rest]) => rest)',
      '(a => a(a))(a => a(a))',
      '[1].map(x => (y => y)(x))',
      '({ f: x => x }).f(1)',
      '[x => x][0](1)',
      '$if(true, x => x)',
      '(x => x).call(1)',
      '[1].map.call([2], x => x)',
      '[1].map.apply([2], [x => x])',
      '[1].map.bind([2])',
    ],
  ],
  [
    'prototypes',
    [
      '__proto__',
      'input.__proto__.polluted = 1',
      "input['__proto__']",
      "input['__pro' + 'to__']",
      "input[['__proto__']]",
      "input[['__pro', 'to__'].join('')]",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
      'input[`${"__proto__"}`]',
      'input?.__proto__?.polluted',
      "input?.['__proto__']",
      '({ __proto__: { polluted: 1 } }).polluted',
      "({ '__proto__': { polluted: 1 } }).polluted",
      "({ ['__proto__']: { polluted: 1 } }).polluted",
      "({ ['__pro' + 'to__']: null })",
      '({ __proto__ })',
      '({ ...input }).polluted',
      '({ ...input.__proto__ })',
      "Object.fromEntries([['__proto__', { polluted: 1 }]]).polluted",
      'merge({}, JSON.parse(\'{"__proto__":{"polluted":1}}\')).polluted',
      "rename({ a: { polluted: 1 } }, { a: '__proto__' })",
      "mapKeys({ a: { polluted: 1 } }, () => '__proto__')",
      'mapValues(input, v => v).polluted',
      'filterFields(input, () => true).polluted',
      "['__proto__'].keyBy(x => x)",
      "['__proto__'].countBy(x => x)",
      "Object.groupBy(['__proto__'], x => x)",
      "[input].pluck('__proto__')[0]",
      "[input].pluck('constructor')[0]",
      "get(input, '__proto__.polluted')",
      "get(input, ['constructor', 'prototype'])",
      "get([], 'constructor.constructor')",
      "has(input, 'constructor.prototype')",
      "parseQuery('__proto__=1&constructor=2').polluted",
      "url('https://x.y/?__proto__=1').query.polluted",
      'now.set({ __proto__: 1 })',
      'now.plus({ constructor: 1 })',
      'duration(JSON.parse(\'{"__proto__":{"days":1}}\')).days',
      "pick(input, '__proto__').polluted",
      "'abc'.replace(/(?<__proto__>b)/, '$<__proto__>')",
      "'abc'.match(/(?<constructor>b)/).groups",
      'Object.prototype.polluted = 1',
      'Object.setPrototypeOf(input, { polluted: 1 })',
      "Object.defineProperty({}, 'a', { get: () => 1 })",
      'input.list.reduce((all, x) => { all.__proto__ = 1 }, {})',
      'typeof input.__proto__',
      "'__proto__' in ({})",
    ],
  ],
  [
    'globals and modules',
    [
      'process.env',
      'globalThis.process',
      'global.process',
      'window',
      'self',
      'document.cookie',
      'require("child_process").execSync("id")',
      'module.constructor._load("fs")',
      'process.mainModule.require("fs")',
      'process.binding("fs")',
      'process.getBuiltinModule("fs")',
      'import("node:fs")',
      'import.meta',
      'eval("globalThis.escaped=1")',
      'Function("globalThis.escaped=1")()',
      'new Function("globalThis.escaped=1")()',
      'setTimeout("globalThis.escaped=1")',
      'Reflect.construct(Function, ["globalThis.escaped=1"])()',
      'Reflect.get(input, "constructor")',
      'new Proxy({}, {})',
      'Symbol.iterator',
      'input[Symbol.iterator]',
      "Symbol.for('nodejs.util.inspect.custom')",
      'Error.prepareStackTrace',
      'Error().stack',
      'Promise.resolve(1).then(x => x)',
      'WebAssembly',
      'Buffer.from("a")',
      'Intl.NumberFormat',
      'Atomics',
      'structuredClone(input)',
      'queueMicrotask(x => x)',
      'fetch("http://127.0.0.1")',
      'XMLHttpRequest',
      'console.log(1)',
      'Deno',
      '__dirname',
      '__filename',
      '$execution',
      '$evaluateExpression("1")',
      '$jmespath(input, "a")',
    ],
  ],
  [
    'syntax that runs code by itself',
    [
      'String.raw`a`',
      'constructor`globalThis.escaped=1```',
      'input.list.map`x`',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression's own text
      'isEmpty`${1}`',
      '({ get a() { return globalThis.escaped = 1 } }).a',
      '({ set a(v) {} })',
      '({ a() { return 1 } }).a()',
      '({ async a() {} })',
      '({ *a() {} })',
      '({ [Symbol.toPrimitive]: 1 })',
      "({ toString: () => 'constructor' }) + ''",
      '({ valueOf: () => 1 }) * 1',
      '({ toJSON: () => 1 })',
      'class { static { globalThis.escaped = 1 } }',
      'new (class { constructor() { globalThis.escaped = 1 } })()',
      'new Date()',
      'new.target',
      'super.constructor',
      'yield 1',
      'await 1',
      'input.a = 1',
      'input.a ??= 1',
      'input.a++',
      '[input.a] = [1]',
      '({ a: input.a } = { a: 1 })',
      'delete input.a',
      'void 0',
      '(1, input)',
      'input instanceof Object',
      'debugger',
      '1; globalThis.escaped = 1',
      '1 } } globalThis.escaped = 1 {{ 1',
      'label: 1',
      'with (input) a',
      'if (1) 2',
      '<!-- 1',
      '1 --> 1',
      '#!shebang',
    ],
  ],
  [
    'names in disguise',
    [
      'input.\\u0063onstructor',
      'input.\\u{63}onstructor',
      'input.c\\u006fnstructor.constructor',
      '\\u0070rocess',
      "input['\\u0063onstructor']",
      "input['\\x63onstructor']",
      "input['const\\\nructor']",
      "input['constructor '.trim()]",
      "input['CONSTRUCTOR'.toLowerCase()]",
      "input['rotcurtsnoc'.reverse()]",
      "input[atob('Y29uc3RydWN0b3I=')]",
      "input['Y29uc3RydWN0b3I='.base64Decode()]",
      "input[decodeURIComponent('%63onstructor')]",
      "input[String.fromCharCode(99, 111, 110) + 'structor']",
      'input[input.t]',
      "[]['con' + 'structor']",
      "''[input.t]",
      'now[input.t]',
      '/a/[input.t]',
      "input.list['map'](x => x)",
      "input.list[['map']]",
      "input['a']['b']['constructor']",
      'input.a?.b?.constructor?.constructor',
      'input\\u002econstructor',
      'ｃonstructor',
      'input.constructor\u200b',
      "input.list.at('constructor')",
      "steps['constructor']",
      'steps.fetch.constructor',
      "steps['__proto__']",
      "vars['constructor']",
      'vars.__proto__.polluted',
      "vars.v['__proto__']",
      'Math["constructor"]',
      "JSON['constructor']",
      "Math['abs'].constructor",
    ],
  ],
]

/** Places from which a shape might get out though it could not alone. */
const wrappers: readonly ((shape: string) => string)[] = [
  (shape) => `{{ ${shape} }}`,
  (shape) => `a {{ ${shape} }} b`,
  (shape) => `{{ (${shape}) }}`,
  (shape) => `{{ [${shape}] }}`,
  (shape) => `{{ ({ a: ${shape} }) }}`,
  (shape) => `{{ ({ [${shape}]: 1 }) }}`,
  (shape) => `{{ ({ ...${shape} }) }}`,
  (shape) => `{{ [...${shape}] }}`,
  (shape) => `{{ \`\${${shape}}\` }}`,
  (shape) => `{{ [1].map(x => ${shape}) }}`,
  (shape) => `{{ [1].map((x = ${shape}) => x) }}`,
  (shape) => `{{ [[]].map(([x = ${shape}]) => x) }}`,
  (shape) => `{{ $if(true, ${shape}) }}`,
  (shape) => `{{ $try(${shape}, 1) }}`,
  (shape) => `{{ $default(${shape}, 1) }}`,
  (shape) => `{{ input[${shape}] }}`,
  (shape) => `{{ input?.[${shape}] }}`,
  (shape) => `{{ String(${shape}) }}`,
  (shape) => `{{ Object.keys(${shape}) }}`,
  (shape) => `{{ typeof (${shape}) }}`,
  (shape) => `{{ 1 + (${shape}) }}`,
  (shape) => `{{ 'a'.replace('a', ${shape}) }}`,
]

describe.each(shapes)('%s', (_, those) => {
  test.each(those)('{{ %s }} is refused or only data', (shape) => {
    for (const wrap of wrappers) expectInert(wrap(shape))
  })
})

function expectInert(text: string): void {
  const result = previewTemplate(text, scope)
  if (!result.ok) {
    expect(result.problem.code, text).not.toBe('expression.internal')
    return
  }
  expectPlain(result.value, text)
}

/** Data that JSON could hold, on ordinary prototypes, without what the hostile data wanted to inherit. */
function expectPlain(value: unknown, text: string): void {
  if (value === null || typeof value !== 'object') {
    expect(['string', 'number', 'boolean', 'object'], text).toContain(typeof value)
    if (typeof value === 'string') expect(value.includes('[native code]'), text).toBe(false)
    return
  }
  expect([Object.prototype, Array.prototype], text).toContain(Object.getPrototypeOf(value))
  if (!Object.hasOwn(value, 'polluted')) expect((value as { polluted?: unknown }).polluted, text).toBeUndefined()
  for (const key of Reflect.ownKeys(value)) {
    const field = Object.getOwnPropertyDescriptor(value, key)
    expect(typeof key, text).toBe('string')
    expect(field !== undefined && 'value' in field, text).toBe(true)
    if (key !== '__proto__') expectPlain(field?.value, text)
  }
}

test('no mixture of such pieces gets anywhere', () => {
  const piece = fc.constantFrom(
    'constructor',
    '__proto__',
    'prototype',
    'input',
    'input.list',
    'process',
    'globalThis',
    'this',
    'Function',
    'Symbol',
    'x',
    "'constructor'",
    "'a'",
    '1',
    'steps',
    'vars',
    'now',
    '/a/',
    'Object',
    'Math',
    'JSON',
    '.',
    '?.',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '`',
    '${',
    '=>',
    '...',
    ',',
    ':',
    '=',
    '??',
    '+',
    '!',
    'new ',
    'async ',
    'get ',
    'typeof ',
    'in',
    '.map(',
    '.reduce(',
    'x => ',
    '({',
    '})',
    '[(',
    ')]',
    ".concat('structor')",
    '.toString()',
    '.call',
    '.valueOf()',
    "['con' + 'structor']",
    '\\u0063onstructor',
    '${`',
    '`}',
    '$if(',
    '$try(',
    'get(',
    'merge(',
    "'__proto__'",
  )
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
      expectInert(`{{ ${pieces.join('')} }}`)
      expectInert(`{{ [input].map(x => ${pieces.join('')}) }}`)
    }),
    { seed: 20_261, numRuns: 10_000 },
  )
})
