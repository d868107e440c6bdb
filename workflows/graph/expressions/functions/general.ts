import { isEmptyValue, parseJson, stringify, toText } from '../conversions'
import { testRegex } from '../regex'
import { RegexValue, type Value } from '../values'
import { type Call, methodsOf } from './define'

const global = methodsOf<undefined>('global')
const pattern = methodsOf<RegexValue>('pattern')

export const generalFunctions = [
  // `$if` and `$default` are compiled so that only the part that is needed runs; these are their meaning once all parts have values.
  global('$if(condition, yes, no?)', 'One of two values; only that one is computed.', "$if(3 > 2, 'yes', 'no')", 'yes', (call) =>
    call.value(0) ? call.value(1) : call.value(2),
  ),
  global(
    '$default(value, fallback)',
    'The value, or the fallback where it is missing, null or an empty text.',
    "$default(null, 'none')",
    'none',
    (call) => (isBlank(call.value(0)) ? call.value(1) : call.value(0)),
  ),
  global('isEmpty(value)', 'Whether a value is missing, null, or a text, list or object with nothing in it.', 'isEmpty([])', true, (call) =>
    isEmptyValue(call.value(0)),
  ),
  global('String(value?)', 'The value as text; objects and lists as JSON.', 'String(42)', '42', (call) =>
    call.args.length === 0 ? '' : toText(call.value(0), call.meter),
  ),
  global('Boolean(value?)', 'False for nothing, 0 and an empty text, else true.', "Boolean('a')", true, (call) => Boolean(call.value(0))),
  global('Array.isArray(value)', 'Whether a value is a list.', 'Array.isArray([1])', true, (call) => Array.isArray(call.value(0))),
  global(
    'Array.from(list, function?)',
    'A list from a list, a text, or `{ length: n }`.',
    'Array.from({ length: 3 }, (x, i) => i)',
    [0, 1, 2],
    arrayFrom,
    { callbacks: [1] },
  ),
  global('range(from, to, step?)', 'The whole numbers from one up to, but without, another.', 'range(1, 4)', [1, 2, 3], (call) => {
    const from = call.number(0)
    const step = call.number(2, 1)
    const items = Math.max(0, Math.ceil((call.number(1) - from) / step))
    if (Number.isNaN(items)) call.fail('type', 'A range needs numbers, and a step that is not 0.')
    call.makeList(items)
    return Array.from({ length: items }, (_, index) => from + index * step)
  }),
  global('JSON.stringify(value, replacer?, spaces?)', 'The value as JSON text.', 'JSON.stringify({ a: [1] })', '{"a":[1]}', (call) => {
    if (call.value(1) !== undefined && call.value(1) !== null) call.fail('type', '`JSON.stringify` takes null as its second value here.')
    if (call.value(0) === undefined) return undefined
    return stringify(call.value(0), call.meter, Math.min(10, Math.max(0, Math.floor(call.number(2, 0)))))
  }),
  global('JSON.parse(text)', 'The value that a JSON text holds.', 'JSON.parse(\'{"a":1}\').a', 1, (call) =>
    parseJson(call.text(0), call.meter, call.place),
  ),
  global('encodeURIComponent(text)', 'Text that may stand in an address.', "encodeURIComponent('a b&c')", 'a%20b%26c', (call) => {
    const text = toText(call.value(0), call.meter)
    call.makeText(text.length * 9)
    return attempt(call, () => encodeURIComponent(text))
  }),
  global('decodeURIComponent(text)', 'What an encoded address part says.', "decodeURIComponent('a%20b')", 'a b', (call) => {
    const text = toText(call.value(0), call.meter)
    call.makeText(text.length)
    return attempt(call, () => decodeURIComponent(text))
  }),
  pattern('test(text)', 'Whether the pattern is found in a text.', "/^[a-z]+$/.test('abc')", true, (call, self) =>
    testRegex(RegexValue.read(self), toText(call.value(0), call.meter), call.meter),
  ),
]

export function isBlank(value: Value): boolean {
  return value === undefined || value === null || value === ''
}

function attempt(call: Call, make: () => string): string {
  try {
    return make()
  } catch {
    return call.fail('text', 'This text cannot be encoded or decoded: it holds a broken character.')
  }
}

function arrayFrom(call: Call): Value[] {
  const value = call.value(0)
  const change = call.optionalCallback(1)
  let items: Value[]
  if (Array.isArray(value)) {
    call.makeList(value.length)
    items = value
  } else if (typeof value === 'string') {
    call.makeList(value.length)
    items = Array.from(value)
  } else {
    const fields = call.fields(0)
    const length = Object.hasOwn(fields, 'length') ? fields.length : 0
    const count = typeof length === 'number' && length > 0 ? Math.floor(length) : 0
    call.makeList(count)
    items = Array.from({ length: count }, () => undefined)
  }
  return change ? items.map((item, index) => change(item, index)) : [...items]
}
