'use client'

import { Hash, Plus, ToggleLeft, Type, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import type { Json } from '@/workflows/graph/schema'
import { ExpressionField } from './expression-field'
import { useNodeForm } from './form-context'
import { problemAt } from './problem-at'
import { otherKind, typedValue } from './typed-text'
import type { WidgetProps } from './widget-props'

interface Row {
  name: string
  value: Json
}

/** `{ name: text }`, kept as rows while names are being typed. */
export function KeyValuesWidget({ id, param, hint, value, onChange, perItem }: WidgetProps) {
  const stored = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
  const shape = JSON.stringify(stored)
  const [rows, setRows] = useState<Row[] | null>(null)
  const sent = useRef(shape)
  // Rows typed here hold names that an object cannot (empty, twice); an edit from elsewhere replaces them.
  const own = rows && sent.current === shape ? rows : null
  const shown = own ?? Object.entries(stored).map(([name, entry]) => ({ name, value: entry }))
  const change = (next: Row[]) => {
    const object = Object.fromEntries(next.filter((row) => row.name.trim() !== '').map((row) => [row.name.trim(), row.value]))
    sent.current = JSON.stringify(object)
    setRows(next)
    onChange(next.length === 0 ? undefined : object)
  }
  return (
    <Rows id={id} label={hint.label} pointer={`/params/${param}`} rows={shown} onChange={change} perItem={perItem} example={hint.example} />
  )
}

/** `[{ name, value }]` in the order people gave them. */
export function FieldsWidget({ id, param, hint, value, onChange, perItem }: WidgetProps) {
  const rows = Array.isArray(value)
    ? value.map((row): Row => {
        const entry = row !== null && typeof row === 'object' && !Array.isArray(row) ? row : {}
        return { name: String(entry.name ?? ''), value: entry.value ?? '' }
      })
    : []
  return (
    <Rows
      id={id}
      label={hint.label}
      pointer={`/params/${param}`}
      rows={rows}
      onChange={(next) => onChange(next.length === 0 ? undefined : next.map(({ name, value: entry }) => ({ name, value: entry })))}
      perItem={perItem}
      example={hint.example}
      typed
    />
  )
}

function Rows({
  id,
  label,
  pointer,
  rows,
  onChange,
  perItem,
  example,
  typed,
}: {
  id: string
  label: string
  pointer: string
  rows: Row[]
  onChange: (rows: Row[]) => void
  perItem: boolean
  example?: string
  /** Values are of any kind: a number that is typed is kept as one. */
  typed?: boolean
}) {
  const t = useTranslations('forms.rows')
  const form = useNodeForm()
  const list = useRef<HTMLDivElement>(null)
  const set = (index: number, patch: Partial<Row>) => onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)))
  const add = () => {
    onChange([...rows, { name: '', value: '' }])
    requestAnimationFrame(() => [...(list.current?.querySelectorAll('[data-row]') ?? [])].at(-1)?.querySelector('input')?.focus())
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of one field, not a fieldset of a form
    <div ref={list} role="group" aria-label={label} className="flex flex-col gap-2">
      {rows.map((row, index) => {
        const unnamed = problemAt(form.problems, `${pointer}/${index}/name`)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row's place is its identity
          <div key={index} data-row className="flex flex-col gap-1">
            <div className="flex items-start gap-2">
              <Input
                id={index === 0 ? id : undefined}
                aria-label={t('name', { field: label, number: index + 1 })}
                placeholder={t('namePlaceholder')}
                className="mono h-9 w-38 shrink-0"
                value={row.name}
                readOnly={form.readOnly}
                spellCheck={false}
                aria-invalid={unnamed ? true : undefined}
                aria-describedby={unnamed ? `${id}-name-${index}` : undefined}
                onChange={(event) => set(index, { name: event.target.value })}
                onPaste={(event) => {
                  const lines = rowsIn(event.clipboardData.getData('text/plain'))
                  const pasted = typed ? lines?.map((line) => ({ ...line, value: typedValue(String(line.value), '') ?? '' })) : lines
                  if (!pasted || form.readOnly) return
                  event.preventDefault()
                  onChange([...rows.slice(0, index), ...pasted, ...rows.slice(row.name === '' ? index + 1 : index)])
                }}
              />
              <ExpressionField
                label={t('value', { field: label, name: row.name || String(index + 1) })}
                value={row.value}
                onChange={(value) => set(index, { value: value ?? '' })}
                perItem={perItem}
                typed={typed}
                problem={
                  unnamed ? null : (problemAt(form.problems, `${pointer}/${index}`) ?? problemAt(form.problems, `${pointer}/${row.name}`))
                }
              />
              {typed && <KindSwitch value={row.value} disabled={form.readOnly} onChange={(value) => set(index, { value })} />}
              {!form.readOnly && (
                <IconButton
                  size="sm"
                  className="mt-1"
                  label={t('remove', { name: row.name || String(index + 1) })}
                  onClick={() => onChange(rows.filter((_, at) => at !== index))}
                >
                  <X className="size-3.5" />
                </IconButton>
              )}
            </div>
            {unnamed && (
              <p id={`${id}-name-${index}`} className="text-12 text-failed">
                {unnamed}
              </p>
            )}
          </div>
        )
      })}
      {!form.readOnly && (
        <div className="flex items-center gap-2">
          <Button size="sm" variant="ghost" onClick={add}>
            <Plus />
            {t('add')}
          </Button>
          {rows.length === 0 && example && <span className="text-12 text-text-3">{t('example', { example })}</span>}
        </div>
      )}
    </div>
  )
}

/** Says what a value that could be a number is kept as, and makes it the other. */
function KindSwitch({ value, disabled, onChange }: { value: Json; disabled: boolean; onChange: (value: Json) => void }) {
  const t = useTranslations('forms.rows')
  const other = otherKind(value)
  if (other === undefined) return null
  const isText = typeof value === 'string'
  return (
    <IconButton
      size="sm"
      className="mt-1"
      disabled={disabled}
      label={isText ? t(typeof other === 'boolean' ? 'asYesNo' : 'asNumber') : t('asText')}
      onClick={() => onChange(other)}
    >
      {isText ? (
        <Type className="size-3.5" />
      ) : typeof value === 'boolean' ? (
        <ToggleLeft className="size-3.5" />
      ) : (
        <Hash className="size-3.5" />
      )}
    </IconButton>
  )
}

/** Lines such as `Accept: application/json` or `status=open`, as they are copied from elsewhere; null for anything else. */
export function rowsIn(text: string): Row[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const rows = lines.map((line) => /^\s*([A-Za-z0-9_.-]+)\s*[:=\t]\s*(?!\/\/)(.+?)\s*$/.exec(line))
  if (rows.length === 0 || rows.some((row) => row === null)) return null
  return rows.map((row) => ({ name: row?.[1] ?? '', value: row?.[2] ?? '' }))
}
