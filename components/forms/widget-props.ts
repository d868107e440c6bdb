import type { Json } from '@/workflows/graph/schema'
import type { FieldHint, NodeDefinition } from '@/workflows/nodes/define'

export interface WidgetProps {
  id: string
  param: string
  hint: FieldHint
  definition: NodeDefinition
  /** What is stored; absent where the default holds. */
  value: Json | undefined
  fallback: Json | undefined
  params: Record<string, Json>
  perItem: boolean
  problem: string | null
  onChange: (value: Json | undefined) => void
}
