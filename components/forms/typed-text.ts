import type { Json } from '@/workflows/graph/schema'
import { backToValue, textOf } from './field-text'

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const typed = (text: string) => number.test(text) || text === 'true' || text === 'false'
/** Quotes around what would be a number say that it is a text. */
const quoted = (text: string) => /^"(.*)"$/.exec(text)?.[1]
const readsAsValue = (text: string): boolean => {
  const inner = quoted(text)
  return typed(text) || (inner !== undefined && readsAsValue(inner))
}

/** A stored value as it is typed where numbers are numbers: a text that would be one stands in quotes. */
export function typedText(value: Json | undefined): string {
  return typeof value === 'string' && readsAsValue(value) ? `"${value}"` : textOf(value)
}

/**
 * What was typed: a number or yes/no where nothing of it is lost by that, so that `007` and `1.10` stay as they are. The other way round
 * of `typedText`.
 */
export function typedValue(text: string, before: Json | undefined): Json | undefined {
  const inner = quoted(text)
  if (inner !== undefined && readsAsValue(inner)) return inner
  if (typed(text) && JSON.stringify(JSON.parse(text)) === text) return JSON.parse(text) as Json
  if (typed(text)) return text
  return typeof before === 'object' ? backToValue(text, before) : text
}

/** What else the value could be: the number that a text says, or the text of a number; undefined where there is no choice. */
export function otherKind(value: Json | undefined): Json | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && typed(value) ? (JSON.parse(value) as Json) : undefined
}
