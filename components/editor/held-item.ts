import type { Json } from '@/workflows/graph/schema'
import type { Held } from './stopped-test'

/** The item of the innermost loop, as it will be when the test goes on. */
export function itemOf({ around, changes }: Held): Json | undefined {
  if (changes.item !== undefined) return changes.item
  return around.findLast((one) => one.item !== undefined)?.item
}
