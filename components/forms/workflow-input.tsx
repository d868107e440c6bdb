'use client'

import { useQuery } from '@tanstack/react-query'
import { Braces, ListChecks, Wand2, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ComponentProps, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { asExpression, joinPath } from '@/components/data-view/expression-path'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { escapePointer } from '@/workflows/graph/find-bad-json'
import type { Json } from '@/workflows/graph/schema'
import type { FieldHint } from '@/workflows/nodes/define'
import { useNodeForm } from './form-context'
import { ParamField } from './param-field'
import { hasFields } from './schema-form'

type JsonObject = { [key: string]: Json }

/** What a workflow gets that is run: a field for each that it asks for, which takes pills like any other; as JSON where it asks for none. */
export function WorkflowInput(props: ComponentProps<typeof ParamField>) {
  const t = useTranslations('forms.workflowInput')
  const words = useTranslations('forms.schema')
  const form = useNodeForm()
  const trpc = useTRPC()
  const { definition, params, value, hint, param } = props
  const call = definition.kind === 'control' ? (definition.calls?.(params) ?? null) : null
  const callees = useQuery(trpc.workflows.callees.queryOptions({ calls: call ? [call] : [] }, { enabled: call !== null }))
  const callee = callees.data?.items[0]
  const schema = callee?.schema
  const [asJson, setAsJson] = useState(false)
  const isEmpty = value === undefined || value === ''
  if (!callee || !hasFields(schema)) return <ParamField {...props} />
  const switcher = (
    <Button size="xs" variant="ghost" onClick={() => setAsJson(!asJson)}>
      {asJson ? <ListChecks /> : <Braces />}
      {asJson ? t('asFields') : t('asJson')}
    </Button>
  )
  if (asJson || !(isEmpty || isObject(value)))
    return (
      <div className="flex min-w-0 flex-col gap-1">
        <ParamField {...props} />
        {asJson && <div className="flex">{switcher}</div>}
      </div>
    )
  const given = isObject(value) ? value : {}
  const properties = propertiesOf(schema)
  const set = (changes: Record<string, Json | undefined>) => {
    const next = Object.entries({ ...given, ...changes }).filter(([, one]) => one !== undefined && one !== '')
    props.onChange(next.length === 0 ? undefined : (Object.fromEntries(next) as JsonObject))
  }
  const comes = isObject(form.scope.input as Json) ? (form.scope.input as JsonObject) : {}
  const matches = properties.filter(({ name }) => !Object.hasOwn(given, name) && Object.hasOwn(comes, name))
  const asked = new Set(properties.map(({ name }) => name))
  return (
    // biome-ignore lint/a11y/useSemanticElements: the fields of one parameter, not a fieldset of a form
    <div role="group" aria-label={t('label')} data-param={param} className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-6 items-center gap-2">
        <span className="flex-1 text-12 font-medium text-text-2">{hint.label}</span>
        {switcher}
      </div>
      {isEmpty && <p className="text-12 text-text-3">{t('came')}</p>}
      {!form.readOnly && matches.length > 0 && (
        <div>
          <Button
            size="xs"
            onClick={() => set(Object.fromEntries(matches.map(({ name }) => [name, asExpression(joinPath('input', name))])))}
          >
            <Wand2 />
            {t('match', { count: matches.length })}
          </Button>
        </div>
      )}
      <div className="flex flex-col gap-4 border-l-2 pl-3">
        {properties.map(({ name, property, required }) => (
          <ParamField
            key={name}
            param={`${param}/${escapePointer(name)}`}
            hint={hintOf(name, property, required ? null : words('nothing'))}
            note={
              <>
                {typeof property.title === 'string' && property.title !== name && <code className="mono">{name} </code>}
                {t(`kinds.${kindOf(property)}`, { count: Array.isArray(property.enum) ? property.enum.length : 0 })}
                {required && `, ${t('required')}`}
              </>
            }
            definition={definition}
            params={params}
            value={Object.hasOwn(given, name) ? given[name] : undefined}
            fallback={property.default}
            perItem={false}
            onChange={(next) => set({ [name]: next })}
          />
        ))}
      </div>
      {Object.keys(given)
        .filter((name) => !asked.has(name))
        .map((name) => (
          <p key={name} data-not-asked={name} className="flex items-center gap-2 text-12 text-text-2">
            <span className="min-w-0 flex-1 break-words">{t('notAsked', { workflow: callee.name, name })}</span>
            {!form.readOnly && (
              <IconButton size="xs" label={t('remove', { name })} onClick={() => set({ [name]: undefined })}>
                <X className="size-3.5" />
              </IconButton>
            )}
          </p>
        ))}
    </div>
  )
}

interface Property {
  name: string
  property: JsonObject
  required: boolean
}

/** The database keeps no order of names, so what has to be given comes first. */
function propertiesOf(schema: JsonObject): Property[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  return Object.entries(isObject(schema.properties) ? schema.properties : {})
    .map(([name, property]) => ({ name, property: isObject(property) ? property : {}, required: required.has(name) }))
    .sort((one, other) => Number(other.required) - Number(one.required))
}

function hintOf(name: string, property: JsonObject, nothing: string | null): FieldHint {
  const label = typeof property.title === 'string' ? property.title : name
  const help = typeof property.description === 'string' ? { help: property.description } : {}
  const [example] = Array.isArray(property.examples) ? property.examples : []
  const shown = example === undefined ? {} : { example: typeof example === 'string' ? example : JSON.stringify(example) }
  switch (kindOf(property)) {
    case 'choice':
      return {
        label,
        ...help,
        widget: 'select',
        options: [
          ...(nothing === null ? [] : [{ value: '', label: nothing }]),
          ...(property.enum as string[]).map((value) => ({ value, label: value })),
        ],
      }
    case 'yesNo':
      return { label, ...help, widget: 'toggle' }
    case 'number':
    case 'whole':
      return { label, ...help, ...shown, widget: 'number' }
    case 'text':
      return { label, ...help, ...shown, widget: 'text' }
    default:
      return { label, ...help, ...shown, widget: 'json' }
  }
}

function kindOf(property: JsonObject) {
  if (Array.isArray(property.enum) && property.enum.every((one) => typeof one === 'string')) return 'choice'
  if (property.type === 'boolean') return 'yesNo'
  if (property.type === 'number') return 'number'
  if (property.type === 'integer') return 'whole'
  if (property.type === 'string') return 'text'
  if (property.type === 'array') return 'list'
  return property.type === 'object' ? 'object' : 'any'
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
