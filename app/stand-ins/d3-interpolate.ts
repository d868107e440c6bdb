/**
 * In the browser in place of `d3-interpolate` (next.config.js): the canvas moves its view and charts scale numbers, so colours,
 * texts and transforms of single elements, which nobody asks for, jump to their end.
 */
export { interpolateZoom } from 'd3-interpolate/whole'

type Between = (a: number, b: number) => (at: number) => number

export const interpolateNumber: Between = (a, b) => (at) => a * (1 - at) + b * at

export const interpolateRound: Between = (a, b) => (at) => Math.round(interpolateNumber(a, b)(at))

/** Between two numbers or two lists of them, such as a place and a width. */
export function interpolate(a: number | number[], b: number | number[]): (at: number) => number | number[] {
  if (!Array.isArray(a) || !Array.isArray(b)) return Array.isArray(b) || Array.isArray(a) ? jump(a, b) : interpolateNumber(a, b)
  return (at) => b.map((end, index) => interpolateNumber(a[index] ?? end, end)(at))
}

/** From one value of a list to the next. */
export function piecewise<Value>(between: (a: Value, b: Value) => (at: number) => Value, values: readonly Value[]) {
  const parts = values.slice(1).map((value, index) => between(values[index] ?? value, value))
  return (at: number) => {
    const index = Math.max(0, Math.min(parts.length - 1, Math.floor(at * parts.length)))
    return parts[index]?.(at * parts.length - index)
  }
}

function jump<Value>(_from: Value, to: Value) {
  return () => to
}

export const interpolateRgb = jump
export const interpolateString = jump
export const interpolateTransformCss = jump
export const interpolateTransformSvg = jump
