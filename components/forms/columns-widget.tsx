'use client'

import { Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Json } from '@/workflows/graph/schema'
import type { RowColumn } from '@/workflows/nodes/define'
import { useNodeForm } from './form-context'
import { problemAt } from './problem-at'
import type { WidgetProps } from './widget-props'

type Row = Record<string, Json>

/** `[{ [column]: text }]`: the same few controls in each row. */
export function ColumnsWidget({ id, param, hint, value, onChange }: WidgetProps) {
  const t = useTranslations('forms.columns')
  const form = useNodeForm()
  const columns = hint.columns ?? []
  const rows = rowsIn(value)
  const change = (next: Row[]) => onChange(next.length === 0 ? undefined : next)
  const set = (index: number, key: string, text: string) => change(rows.map((row, at) => (at === index ? { ...row, [key]: text } : row)))
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of one field, not a fieldset of a form
    <div id={rows.length === 0 ? id : undefined} role="group" aria-label={hint.label} className="flex flex-col gap-2">
      {rows.map((row, index) => {
        const shown = columns.filter((column) => isShown(column, row, columns))
        const problem = problemAt(form.problems, `/params/${param}/${index}`)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row's place is its identity
          <div key={index} className={cn('flex flex-col gap-1', columns.length > 2 && 'rounded-lg border p-2')}>
            <div className="flex items-start gap-2">
              <div className="flex min-w-0 flex-1 flex-wrap gap-2">
                {shown.map((column, at) => (
                  <Cell
                    key={column.key}
                    id={index === 0 && at === 0 ? id : undefined}
                    column={column}
                    label={t('cell', { column: column.label, number: index + 1 })}
                    value={row[column.key]}
                    invalid={problem !== null}
                    onChange={(text) => set(index, column.key, text)}
                  />
                ))}
              </div>
              {!form.readOnly && (
                <IconButton
                  size="sm"
                  className="mt-1"
                  label={t('remove', { number: index + 1 })}
                  onClick={() => change(rows.filter((_, at) => at !== index))}
                >
                  <X className="size-3.5" />
                </IconButton>
              )}
            </div>
            {problem && <p className="text-12 text-failed">{problem}</p>}
          </div>
        )
      })}
      {!form.readOnly && (
        <Button size="sm" variant="ghost" className="self-start" onClick={() => change([...rows, emptyRow(columns)])}>
          <Plus />
          {t('add')}
        </Button>
      )}
    </div>
  )
}

function Cell({
  id,
  column,
  label,
  value,
  invalid,
  onChange,
}: {
  id?: string
  column: RowColumn
  label: string
  value: Json | undefined
  invalid: boolean
  onChange: (text: string) => void
}) {
  const { readOnly } = useNodeForm()
  if (column.options) {
    return (
      <Select
        id={id}
        size="lg"
        className="w-40 grow"
        aria-label={label}
        disabled={readOnly}
        value={String(value ?? column.options[0]?.value ?? '')}
        onValueChange={onChange}
        options={column.options.map((option) => ({ value: option.value, label: option.label }))}
      />
    )
  }
  return (
    <Input
      id={id}
      aria-label={label}
      aria-invalid={invalid || undefined}
      placeholder={column.example ?? column.label}
      size="lg"
      className="mono w-36 flex-1 basis-36"
      value={typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)}
      readOnly={readOnly}
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function rowsIn(value: Json | undefined): Row[] {
  if (!Array.isArray(value)) return []
  return value.map((row) => (row !== null && typeof row === 'object' && !Array.isArray(row) ? row : {}))
}

function emptyRow(columns: readonly RowColumn[]): Row {
  return Object.fromEntries(columns.map((column) => [column.key, column.options?.[0]?.value ?? '']))
}

function isShown(column: RowColumn, row: Row, columns: readonly RowColumn[]): boolean {
  if (!column.showIf) return true
  const other = columns.find((one) => one.key === column.showIf?.column)
  return column.showIf.is.includes(String(row[column.showIf.column] ?? other?.options?.[0]?.value ?? ''))
}
