import type { Json } from '@/workflows/graph/schema'

const shortLength = 240

/** A call as one would write it: `score(company: "Quayside", year: 2026)`. */
export function callInWords(call: { name: string; arguments: string }): string {
  const given = parse(call.arguments)
  const words = isObject(given)
    ? Object.entries(given).map(([key, value]) => `${key}: ${spaced(value)}`)
    : given === undefined && call.arguments === ''
      ? []
      : [call.arguments]
  return cut(`${call.name}(${words.join(', ')})`)
}

/** JSON on one line with room to read, cut when it is long. */
export function inOneLine(value: Json): string {
  return cut(typeof value === 'string' ? value : spaced(value))
}

/** The part of an output that people mean. */
export function essenceOf(output: Json, field: string | undefined): Json {
  return field !== undefined && isObject(output) ? (output[field] ?? output) : output
}

function spaced(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}: ${spaced(child)}`)
  return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}'
}

function cut(text: string): string {
  return text.length > shortLength ? `${text.slice(0, shortLength)}…` : text
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
