import { z } from 'zod'
import { findPattern } from '../graph/patterns'
import { sameJson } from '../graph/same-json'
import type { Json } from '../graph/schema'
import { phrase, spokenLocale } from '../words/spoken'
import { conditionInWords } from './condition-words'
import { NodeError } from './errors'
import { type OperatorFacts, operatorNames, operators } from './operators'
import { shortenExpressions, textOf } from './params'

export const conditionSchema = z.object({
  left: z.json().default(null),
  operator: z.enum(operatorNames).default('equals'),
  right: z.json().default(null),
})
export const conditionsSchema = z.array(conditionSchema).max(50)
export const combineSchema = z.enum(['all', 'any']).default('all')
export type Condition = z.output<typeof conditionSchema>
export type Combine = z.output<typeof combineSchema>

/** No conditions at all hold. */
export function conditionsHold(conditions: readonly Condition[], combine: Combine, { ignoreCase = false } = {}): boolean {
  if (conditions.length === 0) return true
  const holds = (one: Condition) => conditionHolds(ignoreCase ? withoutCase(one) : one)
  return combine === 'all' ? conditions.every(holds) : conditions.some(holds)
}

/** Both sides in small letters, where they are texts or lists of texts; a pattern says itself what it fits. */
function withoutCase({ left, operator, right }: Condition): Condition {
  if (operator === 'matches' || operator === 'not_matches') return { left, operator, right }
  return { left: small(left), operator, right: small(right) }
}

function small(value: Json): Json {
  if (typeof value === 'string') return value.toLowerCase()
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one.toLowerCase() : one)) : value
}

export const ignoreCaseField = {
  label: 'Capital and small letters are the same',
  widget: 'toggle',
  help: 'Then “paid” is equal to “Paid”.',
  advanced: true,
  literal: true,
} as const

export function conditionHolds({ left, operator, right }: Condition): boolean {
  switch (operator) {
    case 'equals':
      return isEqual(left, right)
    case 'not_equals':
      return !isEqual(left, right)
    case 'greater':
    case 'greater_or_equal':
    case 'less':
    case 'less_or_equal':
      return compares(left, right, operator)
    case 'contains':
      return contains(left, right)
    case 'not_contains':
      return !contains(left, right)
    case 'starts_with':
      return asText(left).startsWith(asText(right))
    case 'ends_with':
      return asText(left).endsWith(asText(right))
    case 'matches':
      return matches(left, right)
    case 'not_matches':
      return !matches(left, right)
    case 'one_of':
      return choices(right).some((choice) => isEqual(left, choice))
    case 'before':
      return asTime(left) < asTime(right)
    case 'after':
      return asTime(left) > asTime(right)
    case 'is_true':
      return left === true || left === 'true'
    case 'is_false':
      return left === false || left === 'false'
    case 'is_empty':
      return isEmpty(left)
    case 'is_not_empty':
      return !isEmpty(left)
  }
}

/** A card's second line, e.g. `total ≤ 5,000`; takes conditions as they are stored. */
export function describeConditions(conditions: Json | undefined, combine: Json | undefined): string {
  if (!Array.isArray(conditions) || conditions.length === 0) return ''
  const [first] = conditions
  const words = describeCondition(first ?? null)
  const more = conditions.length - 1
  if (more === 0) return words
  return combine === 'any' ? phrase`${words} or ${more} more` : phrase`${words} and ${more} more`
}

function describeCondition(condition: Json): string {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return ''
  const name = operatorNames.find((one) => one === (condition.operator ?? 'equals'))
  const left = shortName(condition.left)
  if (!name) return left
  const { sign }: OperatorFacts = operators[name]
  const right = shortName(condition.right)
  return sign ? `${left} ${sign} ${right}` : conditionInWords(left, name, right)
}

function shortName(value: Json | undefined): string {
  const text = textOf(value)
  if (text === '') return '…'
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text).toLocaleString(spokenLocale(), { maximumFractionDigits: 20 })
  return shortenExpressions(text).replace(/^\{([^{}]*)\}$/, '$1')
}

/** `5` equals `"5"` and `true` equals `"true"`, because a form's right side is text; everything else as JSON. */
function isEqual(left: Json, right: Json): boolean {
  if (typeof left === typeof right) return sameJson(left, right)
  if (typeof left === 'string' && (typeof right === 'number' || typeof right === 'boolean')) return isEqual(right, left)
  if (typeof left === 'number' && typeof right === 'string') return right.trim() !== '' && Number(right) === left
  if (typeof left === 'boolean' && typeof right === 'string') return String(left) === right.trim().toLowerCase()
  if (left === null || right === null) return left === '' || right === ''
  return false
}

function compares(left: Json, right: Json, operator: 'greater' | 'greater_or_equal' | 'less' | 'less_or_equal'): boolean {
  const [a, b] = [asNumber(left), asNumber(right)]
  if (operator === 'greater') return a > b
  if (operator === 'greater_or_equal') return a >= b
  return operator === 'less' ? a < b : a <= b
}

function contains(left: Json, right: Json): boolean {
  if (Array.isArray(left)) return left.some((item) => isEqual(item, right))
  if (left !== null && typeof left === 'object') return Object.hasOwn(left, asText(right))
  return asText(left).includes(asText(right))
}

function matches(left: Json, right: Json): boolean {
  const pattern = asText(right)
  const text = asText(left)
  try {
    return findPattern(pattern, text)
  } catch {
    throw bad(
      'condition.pattern',
      `The pattern ${quote(pattern)} is not one we can read.`,
      'Look-ahead, look-behind and back-references are not available.',
    )
  }
}

function choices(right: Json): readonly Json[] {
  if (Array.isArray(right)) return right
  return asText(right)
    .split(',')
    .map((choice) => choice.trim())
}

function isEmpty(value: Json): boolean {
  if (value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

function asText(value: Json): string {
  return value === null ? '' : textOf(value)
}

function asNumber(value: Json): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(number)) {
    throw bad(
      'condition.not_a_number',
      `${quote(value)} is not a number, so it cannot be compared.`,
      'Compare a number, or use another operator.',
    )
  }
  return number
}

function asTime(value: Json): number {
  const time = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) {
    throw bad('condition.not_a_date', `${quote(value)} is not a date.`, 'Give a date such as 2026-03-31 or 2026-03-31T08:00:00Z.')
  }
  return time
}

function quote(value: Json): string {
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function bad(code: string, message: string, hint: string): NodeError {
  return new NodeError({ class: 'bad_data', code, message, hint })
}
