import { toNumber, toText } from '../conversions'
import { type Call, methodsOf } from './define'

const method = methodsOf<number>('number')
const ofBoolean = methodsOf<boolean>('boolean')
const global = methodsOf<undefined>('global')

export const numberFunctions = [
  method('toFixed(decimals?)', 'Text with that many decimals.', '(3.14159).toFixed(2)', '3.14', (call, number) =>
    number.toFixed(decimals(call, 0)),
  ),
  method('round(decimals?)', 'Rounded; halves go up.', '(2.345).round(2)', 2.35, (call, number) => round(number, decimals(call, 0))),
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
    return Number.parseInt(text, call.has(1) ? call.number(1) : 10)
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
    return Number.parseInt(text, call.has(1) ? call.number(1) : 10)
  }),
  global('Math.PI', 'The number π.', 'Math.PI.toFixed(2)', '3.14', () => Math.PI),
  global('Math.E', 'The number e.', 'Math.E.toFixed(2)', '2.72', () => Math.E),
  global('Math.min(…numbers)', 'The smallest number.', 'Math.min(4, 2, 7)', 2, (call) => extreme(call, Math.min, Number.POSITIVE_INFINITY)),
  global('Math.max(…numbers)', 'The largest number.', 'Math.max(4, 2, 7)', 7, (call) => extreme(call, Math.max, Number.NEGATIVE_INFINITY)),
  global('Math.pow(base, exponent)', 'A power.', 'Math.pow(2, 10)', 1024, (call) => call.number(0) ** call.number(1)),
  global('Math.hypot(…numbers)', 'The root of the sum of squares.', 'Math.hypot(3, 4)', 5, (call) =>
    Math.sqrt(call.args.reduce<number>((sum, _, index) => sum + call.number(index) ** 2, 0)),
  ),
  ...(
    [
      ['round', 'To the nearest whole number; halves go up.', 'Math.round(2.5)', 3],
      ['floor', 'Down to a whole number.', 'Math.floor(2.9)', 2],
      ['ceil', 'Up to a whole number.', 'Math.ceil(2.1)', 3],
      ['trunc', 'Without its decimals.', 'Math.trunc(-2.9)', -2],
      ['abs', 'Without its sign.', 'Math.abs(-4)', 4],
      ['sign', '-1, 0 or 1.', 'Math.sign(-4)', -1],
      ['sqrt', 'The square root.', 'Math.sqrt(81)', 9],
      ['cbrt', 'The cube root.', 'Math.cbrt(27)', 3],
      ['log', 'The natural logarithm.', 'Math.log(1)', 0],
      ['log2', 'The logarithm to base 2.', 'Math.log2(8)', 3],
      ['log10', 'The logarithm to base 10.', 'Math.log10(1000)', 3],
      ['exp', 'e to a power.', 'Math.exp(0)', 1],
    ] as const
  ).map(([name, summary, expression, result]) =>
    global(`Math.${name}(number)`, summary, expression, result, (call) => Math[name](numberFrom(call))),
  ),
]

function decimals(call: Call, index: number): number {
  const count = call.number(index, 0)
  if (!Number.isInteger(count) || count < 0 || count > 20) call.fail('type', 'Decimals are a whole number from 0 to 20.')
  return count
}

function numberFrom(call: Call): number {
  const value = call.args.length === 0 ? 0 : call.value(0)
  const number = toNumber(value, call.meter)
  return number === undefined ? call.wrong(0, 'number') : number
}

function extreme(call: Call, pick: (a: number, b: number) => number, start: number): number {
  call.meter.spend(call.args.length)
  return call.args.reduce<number>((best, _, index) => {
    const value = call.args[index]
    const number = typeof value === 'number' ? value : typeof value === 'function' ? undefined : toNumber(value, call.meter)
    return pick(best, number === undefined ? call.wrong(index, 'number') : number)
  }, start)
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
