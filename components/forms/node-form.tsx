'use client'

import { ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useMemo, useState } from 'react'
import { useStableCallback } from '@/components/ui/use-stable-callback'
import type { Json } from '@/workflows/graph/schema'
import type { FieldHint, NodeDefinition } from '@/workflows/nodes/define'
import { useNodeForm } from './form-context'
import { ParamField, readsOthers } from './param-field'
import { WorkflowInput } from './workflow-input'

/** A node's settings, generated from its definition: what is not needed now is not shown. */
export function NodeForm({
  definition,
  params,
  onChange,
}: {
  definition: NodeDefinition
  params: Record<string, Json>
  onChange: (param: string, value: Json | undefined) => void
}) {
  const t = useTranslations('forms')
  const { openField } = useNodeForm()
  const fields = Object.entries(definition.form as Record<string, FieldHint>)
  const defaults = useMemo(() => new Map(Object.keys(definition.form).map((param) => [param, defaultOf(definition, param)])), [definition])
  const change = useStableCallback(onChange)
  const shown = fields.filter(([, hint]) => isShown(hint, definition, params))
  const usual = shown.filter(([, hint]) => !hint.advanced)
  const advanced = shown.filter(([, hint]) => hint.advanced)
  const asked = advanced.some(([param]) => openField?.startsWith(`/params/${param}`) || params[param] !== undefined)
  const [open, setOpen] = useState(asked)
  const field = ([param, hint]: [string, FieldHint]) => (
    <Field
      key={param}
      param={param}
      hint={hint}
      definition={definition}
      value={params[param]}
      fallback={defaults.get(param)}
      params={readsOthers(hint) ? params : none}
      perItem={isPerItem(definition, param)}
      onParam={change}
    />
  )
  if (fields.length === 0)
    return (
      <div className="flex flex-col gap-2">
        <p>{definition.summary}</p>
        <p className="text-text-2">{t('nothing')}</p>
      </div>
    )
  const rows = pairUp(usual)
  return (
    <div className="flex flex-col gap-5">
      {rows.map((row) =>
        row.length === 2 ? (
          <div key={row[0]?.[0]} className="grid grid-cols-[112px_minmax(0,1fr)] items-start gap-3">
            {row.map(field)}
          </div>
        ) : (
          row.map(field)
        ),
      )}
      {advanced.length > 0 && (
        <>
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="flex items-center gap-1 self-start rounded-sm font-medium text-text-2 hover:text-text"
          >
            <ChevronRight aria-hidden className={`size-3.5 transition-transform ${open ? 'rotate-90' : ''}`} />
            {t('more')}
          </button>
          {open && advanced.map(field)}
        </>
      )}
    </div>
  )
}

const none: Record<string, Json> = {}

/** Drawn again for a key in this field, and for none in another. */
const Field = memo(function Field({
  onParam,
  ...field
}: Omit<React.ComponentProps<typeof ParamField>, 'onChange'> & { onParam: (param: string, value: Json | undefined) => void }) {
  const Control = field.hint.widget === 'workflow-input' ? WorkflowInput : ParamField
  return <Control {...field} onChange={(value) => onParam(field.param, value)} />
})

/** A short choice directly before a one-line text stands beside it: "GET" and the URL. */
function pairUp(fields: [string, FieldHint][]) {
  const rows: [string, FieldHint][][] = []
  for (let index = 0; index < fields.length; index++) {
    const [one, next] = [fields[index], fields[index + 1]]
    if (!one) continue
    const short = one[1].widget === 'select' && !one[1].help && (one[1].options ?? []).every((option) => option.label.length <= 8)
    if (short && next && next[1].widget === 'text' && !next[1].advanced) {
      rows.push([one, next])
      index++
    } else rows.push([one])
  }
  return rows
}

export function isShown(hint: FieldHint, definition: NodeDefinition, params: Record<string, Json>): boolean {
  if (!hint.showIf) return true
  const value = params[hint.showIf.param] ?? defaultOf(definition, hint.showIf.param) ?? null
  const other = (definition.form as Record<string, FieldHint>)[hint.showIf.param]
  return hint.showIf.is.includes(value) && (!other || isShown(other, definition, params))
}

/** What holds while nothing is stored. */
export function defaultOf(definition: NodeDefinition, param: string): Json | undefined {
  const schema = definition.params.shape[param] as { safeParse?: (value: unknown) => { success: boolean; data?: unknown } } | undefined
  const parsed = schema?.safeParse?.(undefined)
  return parsed?.success ? (parsed.data as Json | undefined) : undefined
}

/** Whether a parameter is worked out for each item by itself, or for each round. */
function isPerItem(definition: NodeDefinition, param: string): boolean {
  if (definition.kind === 'pure') return definition.perItem?.includes(param) === true
  return definition.kind === 'control' && [...(definition.perItem ?? []), ...(definition.perRound ?? [])].includes(param)
}
