import type { Json } from '@/workflows/graph/schema'

const longText = 65_536
const longList = 1_000

/** Whether a value may take more than a few kilobytes as text. A quick look, no deeper than large values usually lie. */
export function seemsLarge(value: Json | undefined, depth = 2): boolean {
  if (typeof value === 'string') return value.length > longText
  if (typeof value !== 'object' || value === null || depth === 0) return false
  if (Array.isArray(value)) return value.length > longList || value.some((child) => seemsLarge(child, depth - 1))
  for (const key in value) if (seemsLarge(value[key], depth - 1)) return true
  return false
}
