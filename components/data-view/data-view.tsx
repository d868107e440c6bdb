'use client'

import { useTranslations } from 'next-intl'
import { Segmented } from '@/components/ui/segmented'
import type { Json } from '@/workflows/graph/schema'
import { DataTable } from './data-table'
import { DataTree } from './data-tree'
import { JsonText } from './json-text'
import { SchemaView } from './schema-view'

export type DataLook = 'json' | 'tree' | 'table' | 'schema'

export function DataLookSwitch<Look extends DataLook>({
  value,
  onChange,
  looks,
  label,
}: {
  value: Look
  onChange: (look: Look) => void
  looks: readonly Look[]
  label: string
}) {
  const t = useTranslations('forms.data.look')
  return (
    <Segmented
      size="sm"
      aria-label={label}
      value={value}
      onValueChange={onChange}
      options={looks.map((look) => ({ value: look, label: t(look as DataLook) }))}
    />
  )
}

/** A value as JSON, as a tree, as a table, or only what it is made of. */
export function ValueView({ value, look, name, query }: { value: Json | undefined; look: DataLook; name: string; query?: string }) {
  if (look === 'tree') return <DataTree name={name} value={value ?? null} openTo={3} query={query} />
  if (look === 'table') return <DataTable value={value} query={query} />
  if (look === 'schema') return <SchemaView name={name} value={value ?? null} query={query} />
  return <JsonText value={value} className="px-4 py-2" query={query} />
}
