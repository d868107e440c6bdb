import type { Json } from '@/workflows/graph/schema'

const lettersAtMost = 120

/** A value in one line, cut: what stands behind its name in a tree, in a cell, below a field. */
export function shortValue(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return value === '' ? '""' : cut(value)
  return typeof value === 'object' ? cut(shortJson(value, 0)) : String(value)
}

function cut(text: string): string {
  return text.length > lettersAtMost ? `${text.slice(0, lettersAtMost - 1)}…` : text
}

/** As JSON, but no more of it than is shown: a large value costs as little as a small one. */
function shortJson(value: Json, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, lettersAtMost))
  if (value === null || typeof value !== 'object') return String(value)
  const list = Array.isArray(value)
  if (depth > 6) return list ? '[…]' : '{…}'
  let text = ''
  const add = (part: string) => {
    text += (text === '' ? '' : ',') + part
    return text.length > lettersAtMost
  }
  if (list) {
    for (const one of value) if (add(shortJson(one, depth + 1))) break
    return `[${text}]`
  }
  for (const key in value) if (add(`${JSON.stringify(key)}:${shortJson(value[key] ?? null, depth + 1)}`)) break
  return `{${text}}`
}
