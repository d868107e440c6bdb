import { findBadJson } from '../graph/find-bad-json'
import { forbiddenKeys, type Json } from '../graph/schema'
import type { StepError } from '../nodes/errors'

/** A value as the log can keep it: what cannot be stored is replaced or left out; too deep a value is an error. */
export function storableJson(value: unknown): { ok: true; value: Json } | { ok: false; error: StepError } {
  const given = value === undefined ? null : value
  const [bad] = findBadJson(given, '', 1)
  if (!bad) return { ok: true, value: given as Json }
  const cleaned = clean(given, 0)
  const [left] = findBadJson(cleaned, '', 1)
  if (!left) return { ok: true, value: cleaned }
  return { ok: false, error: { class: 'bad_data', code: left.code, message: `The result of this step cannot be kept: ${left.message}` } }
}

/** Deeper than any limit allows, and shallow enough for the stack. */
const deepest = 200

function clean(value: unknown, depth: number): Json {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '\ufffd')
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value !== 'object') return null
  if (depth > deepest) return null
  if (Array.isArray(value)) return value.map((child) => clean(child, depth + 1))
  const kept: Record<string, Json> = {}
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined || typeof child === 'function' || forbiddenKeys.includes(key as never)) continue
    kept[key.toWellFormed().replaceAll('\u0000', '\ufffd')] = clean(child, depth + 1)
  }
  return kept
}
