'use client'

import { useTranslations } from 'next-intl'
import { Segmented } from '@/components/ui/segmented'
import type { Json } from '@/workflows/graph/schema'
import { DataTable } from './data-table'
import { DataTree } from './data-tree'
import { JsonText } from './json-text'

export type DataLook = 'json' | 'tree' | 'table'

export function DataLookSwitch<Look extends string>({
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
      options={looks.map((look) => ({ value: look, label: t(look as DataLook | 'schema') }))}
    />
  )
}

/** A value as JSON, as a tree or as a table. */
export function ValueView({ value, look, name }: { value: Json | undefined; look: DataLook; name: string }) {
  if (look === 'tree') return <DataTree name={name} value={value ?? null} openTo={3} />
  if (look === 'table') return <DataTable value={value} />
  return <JsonText value={value} className="px-4 py-2" />
}
