import { findBadJson } from '../graph/find-bad-json'
import { forbiddenKeys, type Json } from '../graph/schema'
import { limits } from '../limits'

export type ReadJson = { ok: true; value: Json } | { ok: false; message: string }

const forbidden = new Set<string>(forbiddenKeys)
/** Texts without any of these need no second look, and most texts have none. */
const suspicious = /__proto__|constructor|prototype|\\u|\d{16}|\d[eE]\+?\d{3}/

/**
 * JSON from outside. Depth is checked before it is parsed; names that reach a prototype are left out, whole numbers too large to
 * be exact stay as text, characters that cannot be stored become U+FFFD; a number that overflows is refused.
 */
export function readJson(text: string, maxDepth: number = limits.jsonDepth): ReadJson {
  if (isDeeperThan(text, maxDepth)) return { ok: false, message: `It is nested more than ${maxDepth} levels deep.` }
  try {
    const value = JSON.parse(text, suspicious.test(text) ? (clean as (key: string, value: unknown) => unknown) : undefined) as Json
    const [bad] = suspicious.test(text) ? findBadJson(value, '', 1, maxDepth) : []
    return bad ? { ok: false, message: bad.message } : { ok: true, value }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message.slice(0, 200) : 'It is not JSON.' }
  }
}

function clean(key: string, value: unknown, context?: { source?: string }): unknown {
  if (forbidden.has(key)) return undefined
  if (typeof value === 'string') return storable(value)
  if (typeof value === 'number' && !Number.isSafeInteger(value) && context?.source && /^-?\d+$/.test(context.source)) return context.source
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const name of Object.keys(value)) {
      if (storable(name) !== name) {
        Object.defineProperty(value, storable(name), {
          value: Reflect.get(value, name),
          enumerable: true,
          configurable: true,
          writable: true,
        })
        Reflect.deleteProperty(value, name)
      }
    }
  }
  return value
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}

function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (quoted) {
      if (code === 92) index++
      else if (code === 34) quoted = false
    } else if (code === 34) quoted = true
    else if (code === 123 || code === 91) {
      depth++
      if (depth > maxDepth) return true
    } else if (code === 125 || code === 93) depth--
  }
  return false
}
