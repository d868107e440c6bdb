import { Braces, Brackets, Calendar, CircleSlash2, Hash, ToggleLeft, Type } from 'lucide-react'
import { memo } from 'react'
import type { Json } from '@/workflows/graph/schema'

export type ValueKind = 'text' | 'number' | 'boolean' | 'date' | 'list' | 'object' | 'nothing'

export function kindOfValue(value: Json | undefined): ValueKind {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object') return 'object'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$/.test(value) ? 'date' : 'text'
}

const icons = { text: Type, number: Hash, boolean: ToggleLeft, date: Calendar, list: Brackets, object: Braces, nothing: CircleSlash2 }

/** Lists of suggestions are drawn anew at each letter; making an icon is most of a line's work, and the icon stays. */
export const KindIcon = memo(function KindIcon({ kind, className }: { kind: ValueKind; className?: string }) {
  const Icon = icons[kind]
  return <Icon aria-hidden className={className ?? 'size-3.5'} />
})
