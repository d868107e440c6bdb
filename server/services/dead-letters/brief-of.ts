import type { Json } from '@/workflows/graph/schema'

const most = { letters: 100, ofOne: 40 }

/** What tells a run's input from another's, in a line: its first short values with their names. Of a request, what its body says. */
export function briefOf(input: Json): string | null {
  const parts: string[] = []
  let letters = 0
  const add = (name: string, value: Json): boolean => {
    if (value === null || value === '' || typeof value === 'boolean') return true
    if (typeof value === 'object') {
      for (const key in value) if (!add(Array.isArray(value) ? name : key, (value as Record<string, Json>)[key] ?? null)) return false
      return true
    }
    const words = String(value).replace(/\s+/g, ' ')
    if (words.length > most.ofOne) return true
    const part = name === '' ? words : `${name} ${words}`
    letters += part.length + 2
    if (letters > most.letters && parts.length > 0) return false
    parts.push(part)
    return true
  }
  add('', bodyOf(input))
  return parts.length > 0 ? parts.join(', ') : null
}

function bodyOf(input: Json): Json {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || !('headers' in input)) return input
  return input.body ?? null
}
