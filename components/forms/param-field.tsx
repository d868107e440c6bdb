'use client'

import { useTranslations } from 'next-intl'
import { type ComponentType, type ReactNode, useId } from 'react'
import { cn } from '@/components/ui/cn'
import { Select } from '@/components/ui/select'
import { Sentence } from '@/components/ui/sentence'
import { Switch } from '@/components/ui/switch'
import type { FieldHint, Widget } from '@/workflows/nodes/define'
import { CasesWidget } from './cases-widget'
import { CredentialWidget, ModelWidget, PeopleWidget } from './chooser-widgets'
import { JavascriptWidget, JsonSchemaWidget, JsonWidget, PythonWidget } from './code-widget'
import { ColumnsWidget } from './columns-widget'
import { ConditionsWidget } from './conditions-widget'
import { DateTimeWidget } from './date-time-widget'
import { ExpressionField } from './expression-field'
import { useNodeForm } from './form-context'
import { MoneyWidget } from './money-widget'
import { problemAt } from './problem-at'
import { FieldsWidget, KeyValuesWidget } from './row-widgets'
import { DurationWidget, TimeZoneWidget } from './time-widgets'
import { AsExpression, DropTarget, ModeSwitch, useValueMode } from './value-switch'
import type { WidgetProps } from './widget-props'
import { WorkflowWidget } from './workflow-widget'

const widgets: Record<Widget, ComponentType<WidgetProps>> = {
  text: (props) => <TextWidget {...props} />,
  textarea: (props) => <TextWidget {...props} multiline />,
  expression: (props) => <TextWidget {...props} />,
  number: NumberWidget,
  toggle: ToggleWidget,
  select: SelectWidget,
  'key-values': KeyValuesWidget,
  fields: FieldsWidget,
  conditions: ConditionsWidget,
  cases: CasesWidget,
  'code-javascript': JavascriptWidget,
  'code-python': PythonWidget,
  json: JsonWidget,
  'json-schema': JsonSchemaWidget,
  credential: CredentialWidget,
  model: ModelWidget,
  'time-zone': TimeZoneWidget,
  'date-time': DateTimeWidget,
  duration: DurationWidget,
  money: MoneyWidget,
  people: PeopleWidget,
  rows: ColumnsWidget,
  workflow: WorkflowWidget,
  // Where nobody knows what the workflow asks for.
  'workflow-input': JsonWidget,
}

/** Controls for fixed values: an expression takes their place where the parameter may be one. */
const switches: ReadonlySet<Widget> = new Set(['duration', 'money', 'date-time', 'json', 'workflow-input', 'toggle', 'select', 'time-zone'])

/** Widgets that show what is wrong themselves, in the line of the live value. */
const saysProblem: ReadonlySet<Widget> = new Set(['text', 'textarea', 'expression', 'number'])

/** Widgets of rows: what is wrong in a row is said there, and below them only what is wrong with all of them. */
const ofRows: ReadonlySet<Widget> = new Set(['key-values', 'fields', 'conditions', 'cases', 'rows'])

/** Widgets that look at other parameters of the node beside their own. */
const widgetsWithOthers: ReadonlySet<Widget> = new Set(['conditions', 'model', 'workflow-input'])
export const readsOthers = (hint: FieldHint) => widgetsWithOthers.has(hint.widget ?? 'text')

/** One parameter: label, control, and below it help or what is wrong. */
export function ParamField({ note, ...props }: Omit<WidgetProps, 'id' | 'problem'> & { note?: ReactNode }) {
  const id = useId()
  const form = useNodeForm()
  const { hint, param, value } = props
  const widget = hint.widget ?? 'text'
  const Control = widgets[widget]
  const problem = problemAt(form.problems, `/params/${param}`)
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  const canSwitch = switches.has(widget) && !hint.literal
  const { mode, change, takeExpression } = useValueMode(props)
  const inExpression = canSwitch && mode === 'expression'
  const said = saysProblem.has(widget) || (ofRows.has(widget) && !form.problems.some((one) => one.pointer === `/params/${param}`))
  const switcher = canSwitch && !form.readOnly && <ModeSwitch label={hint.label} mode={mode} onChange={change} />
  const control = inExpression ? <AsExpression {...props} id={id} problem={problem} /> : <Control {...props} id={id} problem={problem} />
  if (widget === 'toggle' && !inExpression)
    return (
      <div data-param={param} className="flex flex-col gap-1">
        <div className="flex items-center gap-2">
          {control}
          {note && <span className="text-12 text-text-3">{note}</span>}
          <span className="flex-1" />
          {switcher}
        </div>
        {hint.help && <p className="pl-9 text-12 text-text-3">{hint.help}</p>}
      </div>
    )
  return (
    <div data-param={param} className="flex min-w-0 flex-col gap-1">
      <div className="flex min-h-4 items-end gap-2">
        <label htmlFor={id} className={cn('text-12 font-medium text-text-2', !note && 'flex-1')}>
          {hint.label}
        </label>
        {note && <span className="flex-1 text-12 text-text-3">{note}</span>}
        {switcher}
      </div>
      {canSwitch && !inExpression ? <DropTarget onExpression={takeExpression}>{control}</DropTarget> : control}
      {problem && !inExpression && !said && (
        <p role="alert" className="text-12 text-failed">
          <Sentence text={problem} />
        </p>
      )}
      {hint.help && (empty || !problem) && <p className="text-12 text-text-3">{hint.help}</p>}
    </div>
  )
}

function TextWidget({ id, hint, value, onChange, perItem, problem, multiline }: WidgetProps & { multiline?: boolean }) {
  return (
    <ExpressionField
      id={id}
      label={hint.label}
      value={value}
      onChange={(next) => onChange(next === '' ? undefined : next)}
      multiline={multiline}
      placeholder={hint.example}
      literal={hint.literal}
      perItem={perItem}
      problem={problem}
    />
  )
}

function NumberWidget({ id, hint, value, fallback, onChange, problem, perItem }: WidgetProps) {
  return (
    <div className="max-w-60">
      <ExpressionField
        id={id}
        label={hint.label}
        value={value === undefined ? undefined : String(value)}
        placeholder={fallback === undefined || fallback === null ? hint.example : String(fallback)}
        problem={problem}
        perItem={perItem}
        literal={hint.literal}
        onChange={(next) => {
          const text = String(next ?? '').trim()
          onChange(text === '' ? undefined : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)
        }}
      />
    </div>
  )
}

function ToggleWidget({ id, hint, value, fallback, onChange }: WidgetProps) {
  const { readOnly } = useNodeForm()
  return (
    <label htmlFor={id} className="flex items-center gap-2">
      <Switch id={id} checked={(value ?? fallback) === true} disabled={readOnly} onCheckedChange={onChange} />
      <span className="font-medium">{hint.label}</span>
    </label>
  )
}

function SelectWidget({ id, hint, value, fallback, onChange }: WidgetProps) {
  const t = useTranslations('forms')
  const { readOnly } = useNodeForm()
  return (
    <Select
      id={id}
      size="lg"
      aria-label={hint.label}
      disabled={readOnly}
      value={String(value ?? fallback ?? '')}
      onValueChange={onChange}
      placeholder={t('choose')}
      options={(hint.options ?? []).map((option) => ({ value: option.value, label: option.label }))}
    />
  )
}
