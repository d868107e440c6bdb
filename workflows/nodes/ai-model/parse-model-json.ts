import { type ReadJson, readJson } from '../read-json'

/** JSON as models write it: plain, in a code fence, or with words around it. */
export function parseModelJson(text: string): ReadJson {
  const whole = readJson(text.trim())
  if (whole.ok) return whole
  const fenced = /```(?:json)?\s*([\s\S]*?)```/i.exec(text)?.[1]
  if (fenced) {
    const inside = readJson(fenced.trim())
    if (inside.ok) return inside
  }
  const start = text.search(/[{[]/)
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  return start >= 0 && end > start ? readJson(text.slice(start, end + 1)) : whole
}
