'use client'

import { Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { kindOfValue } from '@/components/data-view/value-kind'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Select } from '@/components/ui/select'
import { previewTemplate } from '@/workflows/graph/expressions'
import type { Json } from '@/workflows/graph/schema'
import { operatorLabels } from '@/workflows/nodes/condition-words'
import { type Operator, operatorNames, operators } from '@/workflows/nodes/conditions'
import { ConditionsVerdict, ConditionVerdict } from './condition-verdict'
import { ExpressionField } from './expression-field'
import { useNodeForm } from './form-context'
import { problemAt } from './problem-at'
import type { WidgetProps } from './widget-props'

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

export function ConditionsWidget({ id, param, hint, value, params, onChange, perItem }: WidgetProps) {
  return (
    <Conditions
      id={id}
      label={hint.label}
      pointer={`/params/${param}`}
      rows={conditionsIn(value)}
      combine={params.combine === 'any' ? 'any' : 'all'}
      perItem={perItem}
      onChange={(rows) => onChange(rows.length === 0 ? undefined : rows.map((row) => ({ ...row })))}
    />
  )
}

export function Conditions({
  id,
  label,
  pointer,
  rows,
  combine,
  onChange,
  perItem,
}: {
  id?: string
  label: string
  pointer: string
  rows: ConditionRow[]
  combine: 'all' | 'any'
  onChange: (rows: ConditionRow[]) => void
  perItem: boolean
}) {
  const t = useTranslations('forms.conditions')
  const form = useNodeForm()
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of one field, not a fieldset of a form
    <div role="group" aria-label={label} className="flex flex-col gap-2">
      {rows.map((row, index) => (
        <Condition
          // biome-ignore lint/suspicious/noArrayIndexKey: a row's place is its identity
          key={index}
          id={index === 0 ? id : undefined}
          number={index + 1}
          row={row}
          perItem={perItem}
          problem={problemAt(form.problems, `${pointer}/${index}`)}
          onChange={(next) => onChange(rows.map((one, at) => (at === index ? next : one)))}
          onRemove={() => onChange(rows.filter((_, at) => at !== index))}
        />
      ))}
      <ConditionsVerdict rows={rows} combine={combine} scope={perItem ? form.itemScope : form.scope} />
      {!form.readOnly && (
        <Button
          size="sm"
          variant="ghost"
          className="self-start"
          onClick={() => onChange([...rows, { left: '', operator: 'equals', right: '' }])}
        >
          <Plus />
          {t('add')}
        </Button>
      )}
    </div>
  )
}

function Condition({
  id,
  number,
  row,
  onChange,
  onRemove,
  perItem,
  problem,
}: {
  id?: string
  number: number
  row: ConditionRow
  onChange: (row: ConditionRow) => void
  onRemove: () => void
  perItem: boolean
  problem: string | null
}) {
  const t = useTranslations('forms.conditions')
  const form = useNodeForm()
  const scope = perItem ? form.itemScope : form.scope
  const kind = useMemo(() => {
    const preview = typeof row.left === 'string' && row.left.includes('{{') ? previewTemplate(row.left, scope) : null
    return preview?.ok ? kindOfValue(preview.value) : null
  }, [row.left, scope])
  const options = operatorNames.map((name) => ({ name, fits: fitsKind(name, kind) })).sort((a, b) => Number(b.fits) - Number(a.fits))
  const labels = operatorLabels()
  const unary = 'unary' in operators[row.operator]
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-start gap-2">
        <ExpressionField
          id={id}
          label={t('left', { number })}
          placeholder={t('leftPlaceholder')}
          value={row.left}
          onChange={(left) => onChange({ ...row, left: left ?? '' })}
          perItem={perItem}
          problem={problem}
        />
        <Select
          size="lg"
          className="w-44 shrink-0"
          aria-label={t('operator', { number })}
          disabled={form.readOnly}
          value={row.operator}
          onValueChange={(operator) => onChange({ ...row, operator: operator as Operator })}
          options={options.map(({ name }) => ({ value: name, label: labels[name] }))}
        />
        {unary ? (
          <span className="flex-1" />
        ) : (
          <ExpressionField
            label={t('right', { number })}
            placeholder={t('rightPlaceholder')}
            value={row.right}
            onChange={(right) => onChange({ ...row, right: right ?? '' })}
            perItem={perItem}
          />
        )}
        {!form.readOnly && (
          <IconButton size="sm" className="mt-1" label={t('remove', { number })} onClick={onRemove}>
            <X className="size-3.5" />
          </IconButton>
        )}
      </div>
      <ConditionVerdict row={row} scope={scope} />
    </div>
  )
}

/** Operators that make sense for the value there is now come first. */
function fitsKind(name: Operator, kind: string | null) {
  const kinds = operators[name].kinds as readonly string[]
  return kind === null || kinds.includes('any') || kinds.includes(kind)
}
