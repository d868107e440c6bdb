import { toNumber, toText } from '../conversions'
import { readNumberFormat } from '../locales'
import { type Call, methodsOf } from './define'

const method = methodsOf<number>('number')
const ofBoolean = methodsOf<boolean>('boolean')
const global = methodsOf<undefined>('global')

export const numberFunctions = [
  method('toFixed(decimals?)', 'Text with that many decimals.', '(3.14159).toFixed(2)', '3.14', (call, number) =>
    number.toFixed(decimals(call, 0)),
  ),
  method('round(decimals?)', 'Rounded; halves go up.', '(2.345).round(2)', 2.35, (call, number) => round(number, decimals(call, 0))),
  method('toPrecision(digits?)', 'Text with that many digits in all.', '(123.456).toPrecision(4)', '123.5', (call, number) => {
    if (!call.has(0)) return String(number)
    const digits = call.number(0)
    if (!Number.isInteger(digits) || digits < 1 || digits > 100) call.fail('type', 'Digits are a whole number from 1 to 100.')
    return number.toPrecision(digits)
  }),
  method(
    'toLocaleString(locale?, options?)',
    "As people of a language write it; 'en-US' unless told, with the options of Intl.NumberFormat.",
    "(1234.5).toLocaleString('en-US', { style: 'currency', currency: 'EUR' })",
    '€1,234.50',
    (call, number) => formatNumber(call, number),
  ),
  method(
    'format(decimals?, point?, thousands?)',
    'Text with the thousands set apart.',
    '(1234567.891).format(2)',
    '1,234,567.89',
    (call, number) => {
      const text = round(Math.abs(number), decimals(call, 0)).toFixed(decimals(call, 0))
      call.makeText(text.length * 2 + call.text(1, '').length + call.text(2, '').length * text.length)
      const [integer = '', fraction] = text.split('.')
      // A pattern that looks ahead is safe on a number's own digits.
      const grouped = integer.replace(/\d(?=(?:\d{3})+$)/g, (digit) => digit + call.text(2, ','))
      return (number < 0 && /[1-9]/.test(text) ? '-' : '') + grouped + (fraction === undefined ? '' : call.text(1, '.') + fraction)
    },
  ),
  method('abs()', 'Without its sign.', '(-4).abs()', 4, (_, number) => Math.abs(number)),
  method('floor()', 'Down to a whole number.', '(2.9).floor()', 2, (_, number) => Math.floor(number)),
  method('ceil()', 'Up to a whole number.', '(2.1).ceil()', 3, (_, number) => Math.ceil(number)),
  method('clamp(least, most)', 'Itself, or the bound it is beyond.', '(120).clamp(0, 100)', 100, (call, number) =>
    Math.min(Math.max(number, call.number(0)), call.number(1)),
  ),
  method('isInteger()', 'Whether it is a whole number.', '(4.5).isInteger()', false, (_, number) => Number.isInteger(number)),
  method('isEven()', 'Whether it is a whole number that two divides.', '(4).isEven()', true, (_, number) => number % 2 === 0),
  method(
    'isOdd()',
    'Whether it is a whole number that two does not divide.',
    '(4).isOdd()',
    false,
    (_, number) => Math.abs(number % 2) === 1,
  ),
  method('toString(base?)', 'The number as text.', '(255).toString(16)', 'ff', (call, number) => {
    const base = call.number(0, 10)
    if (!Number.isInteger(base) || base < 2 || base > 36) call.fail('type', 'A base is a whole number from 2 to 36.')
    call.makeText(64)
    return number.toString(base)
  }),
  ofBoolean('toString()', 'The word true or false.', 'true.toString()', 'true', (_, value) => String(value)),
  global('round(number, decimals?)', 'Rounded; halves go up.', 'round(2.675, 2)', 2.68, (call) => round(call.number(0), decimals(call, 1))),
  global('Number(value?)', 'The number a text stands for; NaN when it is none.', "Number('42') + 1", 43, (call) => numberFrom(call)),
  global('parseInt(text, base?)', 'The whole number a text begins with.', "parseInt('42 pieces')", 42, (call) => {
    const text = toText(call.value(0), call.meter)
    call.meter.spend(text.length)
    return Number.parseInt(text, call.has(1) ? call.number(1) : undefined)
  }),
  global('parseFloat(text)', 'The number a text begins with.', "parseFloat('3.5 kg')", 3.5, (call) => {
    const text = toText(call.value(0), call.meter)
    call.meter.spend(text.length)
    return Number.parseFloat(text)
  }),
  global('isNaN(value)', 'Whether a value stands for no number.', "isNaN('abc')", true, (call) => Number.isNaN(numberFrom(call))),
  global('isFinite(value)', 'Whether a value is an ordinary number.', 'isFinite(1 / 0)', false, (call) =>
    Number.isFinite(numberFrom(call)),
  ),
  global('Number.isInteger(value)', 'Whether a value is a whole number.', 'Number.isInteger(4.5)', false, (call) =>
    Number.isInteger(call.value(0)),
  ),
  global(
    'Number.isSafeInteger(value)',
    'Whether a whole number is exact: at most 9007199254740991.',
    'Number.isSafeInteger(2 ** 53)',
    false,
    (call) => Number.isSafeInteger(call.value(0)),
  ),
  global(
    'Number.MAX_SAFE_INTEGER',
    'The largest whole number that is exact.',
    'Number.MAX_SAFE_INTEGER',
    9007199254740991,
    () => Number.MAX_SAFE_INTEGER,
  ),
  global(
    'Number.MIN_SAFE_INTEGER',
    'The smallest whole number that is exact.',
    'Number.MIN_SAFE_INTEGER',
    -9007199254740991,
    () => Number.MIN_SAFE_INTEGER,
  ),
  global('Number.EPSILON', 'The smallest step above 1.', 'Number.EPSILON > 0', true, () => Number.EPSILON),
  global('Number.isFinite(value)', 'Whether a value is an ordinary number.', 'Number.isFinite(4.5)', true, (call) =>
    Number.isFinite(call.value(0)),
  ),
  global('Number.isNaN(value)', 'Whether a value is NaN.', "Number.isNaN(Number('x'))", true, (call) => Number.isNaN(call.value(0))),
  global('Number.parseFloat(text)', 'The number a text begins with.', "Number.parseFloat('1.5')", 1.5, (call) => {
    const text = toText(call.value(0), call.meter)
    call.meter.spend(text.length)
    return Number.parseFloat(text)
  }),
  global('Number.parseInt(text, base?)', 'The whole number a text begins with.', "Number.parseInt('0x1f', 16)", 31, (call) => {
    const text = toText(call.value(0), call.meter)
    call.meter.spend(text.length)
    return Number.parseInt(text, call.has(1) ? call.number(1) : undefined)
  }),
]

function formatNumber(call: Call, number: number): string {
  const options = call.has(1) ? call.fields(1) : {}
  call.meter.spend(2_000)
  return readNumberFormat(call.text(0, 'en-US'), options, call.place).format(number)
}

function decimals(call: Call, index: number): number {
  const count = call.number(index, 0)
  if (!Number.isInteger(count) || count < 0 || count > 20) call.fail('type', 'Decimals are a whole number from 0 to 20.')
  return count
}

export function numberFrom(call: Call): number {
  const value = call.args.length === 0 ? 0 : call.value(0)
  const number = toNumber(value, call.meter)
  return number === undefined ? call.wrong(0, 'number') : number
}

/** Decimal rounding that is not fooled by 1.005 being stored as 1.00499…. */
export function round(number: number, count: number): number {
  if (!Number.isFinite(number)) return number
  if (count === 0) return Math.round(number)
  const [base, exponent = '0'] = number.toExponential().split('e')
  const shifted = Math.round(Number(`${base}e${Number(exponent) + count}`))
  const [back, power = '0'] = shifted.toExponential().split('e')
  return Number(`${back}e${Number(power) - count}`)
}
