'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { asExpression, pathDragType } from '@/components/data-view/expression-path'
import { Segmented } from '@/components/ui/segmented'
import type { Json } from '@/workflows/graph/schema'
import { ExpressionField } from './expression-field'
import { useNodeForm } from './form-context'
import { recall, remember } from './other-value'
import type { WidgetProps } from './widget-props'

type Mode = 'fixed' | 'expression'

export function modeOf(value: Json | undefined): Mode {
  return typeof value === 'string' && value.includes('{{') ? 'expression' : 'fixed'
}

/** Which of the two a field shows, and the way to the other one; each keeps what was in it. */
export function useValueMode({ param, value, onChange }: Pick<WidgetProps, 'param' | 'value' | 'onChange'>) {
  const form = useNodeForm()
  const place = `${form.workflowId}/${form.nodeId}/${param}`
  const [asked, setAsked] = useState<Mode | null>(null)
  // An empty field is in whichever mode it was asked to be; one with a value says so itself.
  const mode = value === undefined || value === '' ? (asked ?? 'fixed') : asked === 'expression' ? asked : modeOf(value)
  const change = (next: Mode) => {
    if (next === mode) return
    remember(place, mode, value)
    setAsked(next)
    onChange(recall(place, next))
  }
  const takeExpression = (text: string) => {
    remember(place, mode, value)
    setAsked('expression')
    onChange(text)
  }
  return { mode, change, takeExpression }
}

export function ModeSwitch({ label, mode, onChange }: { label: string; mode: Mode; onChange: (mode: Mode) => void }) {
  const t = useTranslations('forms.mode')
  return (
    <Segmented
      size="sm"
      aria-label={t('label', { field: label })}
      value={mode}
      onValueChange={onChange}
      options={[
        { value: 'fixed', label: t('fixed') },
        { value: 'expression', label: t('expression') },
      ]}
    />
  )
}

/** A control for fixed values that becomes an expression when a value is dropped on it. */
export function DropTarget({ onExpression, children }: { onExpression: (text: string) => void; children: ReactNode }) {
  const [over, setOver] = useState(false)
  const { readOnly } = useNodeForm()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes what is dropped; the switch above does the same for the keyboard
    <div
      className={over ? 'rounded-md outline-2 outline-offset-2 outline-accent outline-dashed' : undefined}
      onDragOver={(event) => {
        if (readOnly || !event.dataTransfer.types.includes(pathDragType)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        const path = event.dataTransfer.getData(pathDragType)
        setOver(false)
        if (!path || readOnly) return
        event.preventDefault()
        onExpression(asExpression(path))
      }}
    >
      {children}
    </div>
  )
}

export function AsExpression({ id, hint, value, onChange, perItem, problem }: WidgetProps) {
  return (
    <ExpressionField
      id={id}
      label={hint.label}
      value={value}
      onChange={(next) => onChange(next === '' ? undefined : next)}
      placeholder={hint.example?.includes('{{') ? hint.example : undefined}
      perItem={perItem}
      problem={problem}
    />
  )
}
