'use client'

import { useTranslations } from 'next-intl'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Switch } from '@/components/ui/switch'
import type { Json } from '@/workflows/graph/schema'
import { JsonInput } from './code-widget'

type JsonObject = { [key: string]: Json }

/** Whether a JSON Schema says which fields an object has, so that a form can ask for them. */
export function hasFields(schema: Json | undefined): schema is JsonObject {
  return isObject(schema) && isObject(schema.properties) && Object.keys(schema.properties).length > 0
}

/** A field for each property of an object's JSON Schema; what is not filled in is left out. */
export function SchemaForm({ schema, value, onChange }: { schema: JsonObject; value: Json | undefined; onChange: (value: Json) => void }) {
  const t = useTranslations('forms.schema')
  const properties = (isObject(schema.properties) ? schema.properties : {}) as JsonObject
  if (!hasFields(schema)) return <JsonInput label={t('value')} value={value} onChange={(next) => onChange(next ?? null)} />
  const required = Array.isArray(schema.required) ? schema.required : []
  const given = isObject(value) ? value : {}
  const set = (name: string, next: Json | undefined) => {
    const { [name]: _old, ...others } = given
    onChange(next === undefined ? others : { ...others, [name]: next })
  }
  return (
    <div className="flex flex-col gap-4">
      {requiredFirst(Object.entries(properties), required).map(([name, inner]) => {
        const property = isObject(inner) ? inner : {}
        const label = typeof property.title === 'string' ? property.title : name
        const help = typeof property.description === 'string' ? property.description : undefined
        const isRequired = required.includes(name)
        const common = {
          property,
          label,
          value: Object.hasOwn(given, name) ? given[name] : undefined,
          onChange: (next: Json | undefined) => set(name, next),
        }
        if (kindOf(property) === 'switch' || kindOf(property) === 'json') {
          return (
            <div key={name} className="flex flex-col gap-1">
              <PropertyControl {...common} />
              {help && <p className="text-12 text-text-3">{help}</p>}
            </div>
          )
        }
        return (
          <Field key={name} label={label} required={isRequired} optional={isRequired ? undefined : t('optional')} help={help}>
            <PropertyControl {...common} />
          </Field>
        )
      })}
    </div>
  )
}

/** The database keeps no order of names, so what has to be filled in comes first. */
function requiredFirst<Entry extends [string, Json]>(entries: Entry[], required: readonly Json[]): Entry[] {
  return entries.toSorted(([one], [other]) => Number(required.includes(other)) - Number(required.includes(one)))
}

interface Property {
  property: JsonObject
  label: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
}

function PropertyControl({ property, label, value, onChange, ...wired }: Property) {
  const t = useTranslations('forms.schema')
  switch (kindOf(property)) {
    case 'choice': {
      const choices = (property.enum as Json[]).map((one) => ({ value: JSON.stringify(one), label: String(one) }))
      return (
        <Select
          {...wired}
          size="lg"
          aria-label={label}
          value={value === undefined ? '' : JSON.stringify(value)}
          onValueChange={(next) => onChange(next === '' ? undefined : (JSON.parse(next) as Json))}
          options={[{ value: '', label: t('nothing') }, ...choices]}
        />
      )
    }
    case 'switch':
      return (
        // biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside
        <label className="flex items-center gap-2">
          <Switch checked={value === true} onCheckedChange={onChange} aria-label={label} />
          <span className="font-medium">{label}</span>
        </label>
      )
    case 'number':
      return (
        <Input
          {...wired}
          size="lg"
          type="number"
          step={property.type === 'integer' ? 1 : 'any'}
          className="num max-w-60"
          value={typeof value === 'number' ? String(value) : ''}
          onChange={(event) => {
            const number = Number(event.target.value)
            onChange(event.target.value === '' || Number.isNaN(number) ? undefined : number)
          }}
        />
      )
    case 'text':
      return (
        <Input
          {...wired}
          size="lg"
          type={property.format === 'date' ? 'date' : property.format === 'email' ? 'email' : 'text'}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      )
    default:
      return (
        <>
          <span className="text-12 font-medium text-text-2">{label}</span>
          <JsonInput label={label} value={value} onChange={onChange} />
        </>
      )
  }
}

function kindOf(property: JsonObject): 'choice' | 'switch' | 'number' | 'text' | 'json' {
  if (Array.isArray(property.enum)) return 'choice'
  if (property.type === 'boolean') return 'switch'
  if (property.type === 'number' || property.type === 'integer') return 'number'
  return property.type === 'string' ? 'text' : 'json'
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
