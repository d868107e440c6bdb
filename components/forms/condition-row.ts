import type { Json } from '@/workflows/graph/schema'
import { type Operator, operatorNames } from '@/workflows/nodes/operators'

/** One comparison as it is stored. */
export interface ConditionRow {
  left: Json
  operator: Operator
  right: Json
}

export function conditionsIn(value: Json | undefined): ConditionRow[] {
  if (!Array.isArray(value)) return []
  return value.map((row) => {
    const entry = row !== null && typeof row === 'object' && !Array.isArray(row) ? row : {}
    const operator = operatorNames.find((name) => name === entry.operator) ?? 'equals'
    return { left: entry.left ?? '', operator, right: entry.right ?? '' }
  })
}
