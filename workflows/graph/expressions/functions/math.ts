import { toNumber } from '../conversions'
import { type Call, methodsOf } from './define'
import { numberFrom } from './number'

const global = methodsOf<undefined>('global')

export const mathFunctions = [
  global('Math.PI', 'The number π.', 'Math.PI.toFixed(2)', '3.14', () => Math.PI),
  global('Math.E', 'The number e.', 'Math.E.toFixed(2)', '2.72', () => Math.E),
  global('Math.LN2', 'The natural logarithm of 2.', 'Math.LN2.toFixed(3)', '0.693', () => Math.LN2),
  global('Math.LN10', 'The natural logarithm of 10.', 'Math.LN10.toFixed(3)', '2.303', () => Math.LN10),
  global('Math.SQRT2', 'The square root of 2.', 'Math.SQRT2.toFixed(3)', '1.414', () => Math.SQRT2),
  global('Math.atan2(y, x)', 'The angle of a point, in radians.', 'Math.atan2(0, 1)', 0, (call) =>
    Math.atan2(call.number(0), call.number(1)),
  ),
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
      ['sin', 'The sine of an angle in radians.', 'Math.sin(0)', 0],
      ['cos', 'The cosine of an angle in radians.', 'Math.cos(0)', 1],
      ['tan', 'The tangent of an angle in radians.', 'Math.tan(0)', 0],
      ['asin', 'The angle with this sine.', 'Math.asin(0)', 0],
      ['acos', 'The angle with this cosine.', 'Math.acos(1)', 0],
      ['atan', 'The angle with this tangent.', 'Math.atan(0)', 0],
    ] as const
  ).map(([name, summary, expression, result]) =>
    global(`Math.${name}(number)`, summary, expression, result, (call) => Math[name](numberFrom(call))),
  ),
]

function extreme(call: Call, pick: (a: number, b: number) => number, start: number): number {
  call.meter.spend(call.args.length)
  return call.args.reduce<number>((best, _, index) => {
    const value = call.args[index]
    const number = typeof value === 'number' ? value : typeof value === 'function' ? undefined : toNumber(value, call.meter)
    return pick(best, number === undefined ? call.wrong(index, 'number') : number)
  }, start)
}
