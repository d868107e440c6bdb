import { limits } from '../limits'
import { forbiddenKeys } from './schema'

export interface BadJson {
  code: 'json.forbidden_key' | 'json.depth' | 'json.number' | 'json.text' | 'json.value'
  pointer: string
  message: string
}

const forbidden = new Set<string>(forbiddenKeys)

/**
 * What may not be stored although JSON can carry it: keys that reach a prototype, numbers that overflowed, text that Postgres
 * or UTF-8 cannot hold, and nesting deeper than `limits.graphDepth`. Walks with a stack of its own, so depth cannot end the process.
 */
export function findBadJson(value: unknown, pointer = '', most: number = limits.problems, maxDepth: number = limits.graphDepth): BadJson[] {
  const found: BadJson[] = []
  const todo: { value: unknown; pointer: string; depth: number }[] = [{ value, pointer, depth: 0 }]
  while (todo.length > 0 && found.length < most) {
    const next = todo.pop()
    if (!next) break
    const bad = problemWith(next.value, next.depth, maxDepth)
    if (bad) {
      found.push({ ...bad, pointer: next.pointer })
      continue
    }
    if (typeof next.value !== 'object' || next.value === null) continue
    const entries = Object.entries(next.value)
    for (let index = entries.length - 1; index >= 0; index--) {
      const [key, child] = entries[index] as [string, unknown]
      const at = `${next.pointer}/${escapePointer(key)}`
      if (forbidden.has(key)) {
        found.push({ code: 'json.forbidden_key', pointer: at, message: `The name “${key}” is reserved. Use another one.` })
        continue
      }
      if (!isStorableText(key)) {
        found.push({ code: 'json.text', pointer: at, message: 'A name holds characters that cannot be stored. Type it again.' })
        continue
      }
      todo.push({ value: child, pointer: at, depth: next.depth + 1 })
    }
  }
  return found
}

export function escapePointer(segment: string | number): string {
  return String(segment).replace(/~/g, '~0').replace(/\//g, '~1')
}

function problemWith(value: unknown, depth: number, maxDepth: number): Omit<BadJson, 'pointer'> | null {
  switch (typeof value) {
    case 'boolean':
      return null
    case 'number':
      return Number.isFinite(value)
        ? null
        : { code: 'json.number', message: 'This number is too large to be kept exactly. Send it as text.' }
    case 'string':
      return isStorableText(value)
        ? null
        : { code: 'json.text', message: 'This text holds characters that cannot be stored (NUL or half of a pair). Remove them.' }
    case 'object':
      return depth > maxDepth ? { code: 'json.depth', message: `Nested more than ${maxDepth} levels deep. Make it flatter.` } : null
    default:
      return { code: 'json.value', message: 'This is not JSON. Use text, numbers, true, false, null, lists and objects.' }
  }
}

export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}
