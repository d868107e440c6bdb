import { isEmptyValue, parseJson, stringify, toText } from '../conversions'
import { kindOf, type Value } from '../values'
import { type Call, methodsOf } from './define'
import { isEqual } from './is-equal'

const global = methodsOf<undefined>('global')

export const generalFunctions = [
  // Those with $ are compiled so that only the part that is needed runs; these are their meaning once all parts have values.
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
  global(
    '$ifEmpty(value, fallback)',
    'The value, or the fallback where there is nothing in it: no text, no item, no field.',
    "$ifEmpty([], 'none')",
    'none',
    (call) => (isEmptyValue(call.value(0)) ? call.value(1) : call.value(0)),
  ),
  global(
    '$switch(value, is, result, …more)',
    'The result behind the value it is; a last value alone is for all others.',
    "$switch('de', 'en', 'Hello', 'de', 'Hallo', 'Hi')",
    'Hallo',
    (call) => {
      const wanted = call.value(0)
      for (let index = 1; index + 1 < call.args.length; index += 2)
        if (isEqual(wanted, call.value(index), call.meter)) return call.value(index + 1)
      return call.args.length % 2 === 0 ? call.value(call.args.length - 1) : undefined
    },
  ),
  global(
    '$try(value, fallback?)',
    'The value, or the fallback where computing it fails.',
    "$try(JSON.parse('{'), 'not JSON')",
    'not JSON',
    (call) => call.value(0),
  ),
  global('isEqual(a, b)', 'Whether two values are the same, with all that is in them.', 'isEqual({ a: [1] }, { a: [1] })', true, (call) =>
    isEqual(call.value(0), call.value(1), call.meter),
  ),
  global(
    'kindOf(value)',
    'Its kind: text, number, boolean, list, object, date, duration, pattern, null or missing.',
    'kindOf([1])',
    'list',
    (call) => kindOf(call.value(0)),
  ),
  global('isEmpty(value)', 'Whether a value is missing, null, or a text, list or object with nothing in it.', 'isEmpty([])', true, (call) =>
    isEmptyValue(call.value(0)),
  ),
  global('String(value?)', 'The value as text; objects and lists as JSON.', 'String(42)', '42', (call) =>
    call.args.length === 0 ? '' : toText(call.value(0), call.meter),
  ),
  global('Boolean(value?)', 'False for nothing, 0 and an empty text, else true.', "Boolean('a')", true, (call) => Boolean(call.value(0))),
  global('Array.isArray(value)', 'Whether a value is a list.', 'Array.isArray([1])', true, (call) => Array.isArray(call.value(0))),
  global('Array.of(…items)', 'A list of these values.', 'Array.of(1, 2)', [1, 2], (call) => {
    call.makeList(call.args.length)
    return call.args.map((_, index) => call.value(index))
  }),
  global('String.fromCharCode(…numbers)', 'A text of the characters with these numbers.', 'String.fromCharCode(65, 66)', 'AB', (call) => {
    call.makeText(call.args.length)
    return call.args.map((_, index) => String.fromCharCode(call.number(index))).join('')
  }),
  global('String.fromCodePoint(…numbers)', 'The same with numbers above 65535.', 'String.fromCodePoint(128512)', '😀', (call) => {
    call.makeText(call.args.length * 2)
    return call.args
      .map((_, index) => {
        const number = call.number(index)
        return Number.isInteger(number) && number >= 0 && number <= 0x10ffff
          ? String.fromCodePoint(number)
          : call.wrong(index, 'whole number')
      })
      .join('')
  }),
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
]

export function isBlank(value: Value): boolean {
  return value === undefined || value === null || value === ''
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
