'use client'

import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useDeferredValue, useMemo } from 'react'
import { shortValue } from '@/components/data-view/short-value'
import { Sentence } from '@/components/ui/sentence'
import type { Scope } from '@/workflows/graph/expressions'
import type { Json } from '@/workflows/graph/schema'
import { conditionInWords } from '@/workflows/nodes/condition-words'
import { conditionsHold } from '@/workflows/nodes/conditions'
import { spoken } from '@/workflows/words/spoken'
import type { ConditionRow } from './condition-row'
import { useExamplesOf, useNodeForm } from './form-context'
import { type Examples, previewOf } from './preview-of'

type Verdict = { kind: 'holds'; holds: boolean; left: Json; right: Json } | { kind: 'problem'; message: string } | null

/** Whether a condition holds for the data there is; null while there is none, or nothing to compare. */
function verdictOf(row: ConditionRow, scope: Scope, examples: Examples, shown: (text: string) => string): Verdict {
  const left = valueFor(row.left, scope, examples, shown)
  const right = valueFor(row.right, scope, examples, shown)
  if (!left || !right || (!left.computed && !right.computed)) return null
  try {
    const holds = conditionsHold([{ left: left.value, operator: row.operator, right: right.value }], 'all')
    return { kind: 'holds', holds, left: left.value, right: right.value }
  } catch (error) {
    return { kind: 'problem', message: error instanceof Error ? error.message : String(error) }
  }
}

function valueFor(value: Json, scope: Scope, examples: Examples, shown: (text: string) => string) {
  if (typeof value !== 'string' || !value.includes('{{')) return { value, computed: false }
  const preview = previewOf(shown(value), scope, examples)
  return preview.kind === 'value' ? { value: preview.value, computed: true } : null
}

/** The condition as a sentence about the chosen item, and whether it is true. */
export function ConditionVerdict({ row, scope }: { row: ConditionRow; scope: Scope }) {
  const t = useTranslations('forms.conditions')
  const { shown } = useNodeForm()
  const examples = useExamplesOf(scope)
  const latest = useDeferredValue(row)
  const verdict = useMemo(() => verdictOf(latest, scope, examples, shown), [latest, scope, examples, shown])
  if (!verdict) return null
  if (verdict.kind === 'problem')
    return (
      <p className="flex items-center gap-1.5 pl-0.5 text-12 text-failed">
        <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
        <Sentence text={spoken(verdict.message)} />
      </p>
    )
  const words = conditionInWords(shortValue(verdict.left), row.operator, shortValue(verdict.right))
  const Icon = verdict.holds ? CircleCheck : CircleX
  return (
    <p data-verdict={verdict.holds ? 'yes' : 'no'} className="flex items-start gap-1.5 pl-0.5 text-12 text-text-2">
      <Icon aria-hidden className={`mt-px size-3.5 shrink-0 ${verdict.holds ? 'text-succeeded-mark' : 'text-text-3'}`} />
      <span className="break-words">{verdict.holds ? t('holds', { words }) : t('holdsNot', { words })}</span>
    </p>
  )
}

/** What all conditions together come to. */
export function ConditionsVerdict({ rows, combine, scope }: { rows: readonly ConditionRow[]; combine: 'all' | 'any'; scope: Scope }) {
  const t = useTranslations('forms.conditions')
  const { shown } = useNodeForm()
  const examples = useExamplesOf(scope)
  const latest = useDeferredValue(rows)
  const verdicts = useMemo(() => latest.map((row) => verdictOf(row, scope, examples, shown)), [latest, scope, examples, shown])
  if (rows.length < 2 || verdicts.some((verdict) => verdict?.kind !== 'holds')) return null
  const each = verdicts.map((verdict) => verdict?.kind === 'holds' && verdict.holds)
  const holds = combine === 'all' ? each.every(Boolean) : each.some(Boolean)
  return <p className="text-12 font-medium text-text-2">{holds ? t(`together.${combine}`) : t(`apart.${combine}`)}</p>
}
