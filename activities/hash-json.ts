import { createHash } from 'node:crypto'
import { canonicalJson } from '@/workflows/graph/content-hash'
import type { Json } from '@/workflows/graph/schema'

/** Equal for equal values; SHA-256 of the canonical JSON, as the interpreter's own but native. */
export function hashJson(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
