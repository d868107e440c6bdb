import { createHash, hash } from 'node:crypto'
import { canonicalJson, writeCanonicalJson } from '@/workflows/graph/content-hash'
import type { Json } from '@/workflows/graph/schema'
import { seemsLarge } from './seems-large'

/** Equal for equal values; SHA-256 of the canonical JSON, as the interpreter's own but native, and without a second copy of large values. */
export function hashJson(value: Json): string {
  if (!seemsLarge(value)) return hash('sha256', canonicalJson(value), 'hex')
  const made = createHash('sha256')
  writeCanonicalJson(value, (piece) => made.update(piece))
  return made.digest('hex')
}
