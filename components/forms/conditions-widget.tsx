'use client'

import { Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useCallback, useDeferredValue, useMemo } from 'react'
import { kindOfValue } from '@/components/data-view/value-kind'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Select } from '@/components/ui/select'
import { useStableCallback } from '@/components/ui/use-stable-callback'
import { previewTemplate } from '@/workflows/graph/expressions'
import type { Json } from '@/workflows/graph/schema'
import { operatorLabels } from '@/workflows/nodes/condition-words'
import { type Operator, operatorNames, operators } from '@/workflows/nodes/operators'
import { type ConditionRow, conditionsIn } from './condition-row'
import { ConditionsVerdict, ConditionVerdict } from './condition-verdict'
import { ExpressionField } from './expression-field'
import { useNodeForm } from './form-context'
import { problemAt } from './problem-at'
import type { WidgetProps } from './widget-props'

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
  const set = useStableCallback((index: number, patch: Partial<ConditionRow>) =>
    onChange(rows.map((one, at) => (at === index ? { ...one, ...patch } : one))),
  )
  const remove = useStableCallback((index: number) => onChange(rows.filter((_, at) => at !== index)))
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of one field, not a fieldset of a form
    <div role="group" aria-label={label} className="flex flex-col gap-2">
      {rows.map((row, index) => (
        <Condition
          // biome-ignore lint/suspicious/noArrayIndexKey: a row's place is its identity
          key={index}
          id={index === 0 ? id : undefined}
          index={index}
          left={row.left}
          operator={row.operator}
          right={row.right}
          perItem={perItem}
          problem={problemAt(form.problems, `${pointer}/${index}`)}
          onSet={set}
          onRemove={remove}
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

const Condition = memo(function Condition({
  id,
  index,
  left,
  operator: chosen,
  right,
  onSet,
  onRemove,
  perItem,
  problem,
}: {
  id?: string
  index: number
  onSet: (index: number, patch: Partial<ConditionRow>) => void
  onRemove: (index: number) => void
  perItem: boolean
  problem: string | null
} & ConditionRow) {
  const t = useTranslations('forms.conditions')
  const number = index + 1
  const row = useMemo(() => ({ left, operator: chosen, right }), [left, chosen, right])
  const setLeft = useCallback((value: Json | undefined) => onSet(index, { left: value ?? '' }), [onSet, index])
  const setRight = useCallback((value: Json | undefined) => onSet(index, { right: value ?? '' }), [onSet, index])
  const form = useNodeForm()
  const scope = perItem ? form.itemScope : form.scope
  // Operators follow behind what is typed.
  const latest = useDeferredValue(left)
  const kind = useMemo(() => {
    const preview = typeof latest === 'string' && latest.includes('{{') ? previewTemplate(latest, scope) : null
    return preview?.ok ? kindOfValue(preview.value) : null
  }, [latest, scope])
  const unary = 'unary' in operators[row.operator]
  return (
    <div className="@container flex flex-col gap-1">
      {/* Where there is no room for a sentence in one line, what is asked stands above the rest of it. */}
      <div className="grid grid-cols-[minmax(0,1fr)_11rem_minmax(0,1fr)_auto] items-start gap-2 @max-md:grid-cols-[11rem_minmax(0,1fr)_auto]">
        <div className="flex min-w-0 @max-md:col-span-2">
          <ExpressionField
            id={id}
            label={t('left', { number })}
            placeholder={t('leftPlaceholder')}
            value={row.left}
            onChange={setLeft}
            perItem={perItem}
            problem={problem}
          />
        </div>
        <OperatorSelect index={index} chosen={row.operator} kind={kind} disabled={form.readOnly} onSet={onSet} />
        <div className="flex min-w-0 @max-md:row-start-2">
          {!unary && (
            <ExpressionField
              label={t('right', { number })}
              placeholder={t('rightPlaceholder')}
              value={row.right}
              onChange={setRight}
              perItem={perItem}
            />
          )}
        </div>
        {!form.readOnly && (
          <IconButton
            size="sm"
            className="mt-1 @max-md:col-start-3 @max-md:row-start-1"
            label={t('remove', { number })}
            onClick={() => onRemove(index)}
          >
            <X className="size-3.5" />
          </IconButton>
        )}
      </div>
      <ConditionVerdict row={row} scope={scope} />
    </div>
  )
})

/** Drawn apart: what is typed beside it changes it only where the kind of the value does. */
const OperatorSelect = memo(function OperatorSelect({
  index,
  chosen,
  kind,
  disabled,
  onSet,
}: {
  index: number
  chosen: Operator
  kind: string | null
  disabled: boolean
  onSet: (index: number, patch: Partial<ConditionRow>) => void
}) {
  const t = useTranslations('forms.conditions')
  const options = operatorNames.map((name) => ({ name, fits: fitsKind(name, kind) })).sort((a, b) => Number(b.fits) - Number(a.fits))
  const labels = operatorLabels()
  return (
    <Select
      size="lg"
      className="w-44 @max-md:row-start-2"
      aria-label={t('operator', { number: index + 1 })}
      disabled={disabled}
      value={chosen}
      onValueChange={(operator) => onSet(index, { operator: operator as Operator })}
      options={options.map(({ name }) => ({ value: name, label: labels[name] }))}
    />
  )
})

/** Operators that make sense for the value there is now come first. */
function fitsKind(name: Operator, kind: string | null) {
  const kinds = operators[name].kinds as readonly string[]
  return kind === null || kinds.includes('any') || kinds.includes(kind)
}
