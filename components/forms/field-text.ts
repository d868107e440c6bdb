import type { Json } from '@/workflows/graph/schema'

/** A stored value as it is typed. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A value that was no text stays what it was where the new text still says so. */
export function backToValue(text: string, before: Json | undefined): Json | undefined {
  if (before === undefined || before === null || typeof before === 'string') return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
