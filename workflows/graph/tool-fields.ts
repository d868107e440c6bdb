import type { Json } from './schema'

export interface ToolField {
  name: string
  description: string
  type: string
}

const marker =
  /\$ai\(\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")(?:\s*,\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))?(?:\s*,\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))?\s*\)/g

/** The fields that a model fills in when it calls this tool, in the order they are first named. */
export function toolFieldsOf(params: Readonly<Record<string, Json>>): ToolField[] {
  const found = new Map<string, ToolField>()
  eachText(params, (text) => {
    for (const [, name = '', description = '', type = ''] of text.matchAll(marker)) {
      const field = { name: unquote(name), description: unquote(description), type: unquote(type) || 'text' }
      if (!found.has(field.name)) found.set(field.name, field)
    }
    return text
  })
  return [...found.values()]
}

/** The params with values where a model would fill them in; fields without a value stay as they are. */
export function fillToolFields(params: Readonly<Record<string, Json>>, given: Json | undefined): Record<string, Json> {
  const values = given !== null && typeof given === 'object' && !Array.isArray(given) ? given : {}
  return eachText(params, (text) =>
    text.replace(marker, (whole, name: string) => {
      const value = Object.hasOwn(values, unquote(name)) ? values[unquote(name)] : undefined
      // Braces in a text would end the expression it stands in.
      return value === undefined ? whole : `(${JSON.stringify(value).replace(/\}\}/g, '} }').replace(/\{\{/g, '{ {')})`
    }),
  ) as Record<string, Json>
}

function eachText(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => eachText(one, change))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, eachText(one, change)]))
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1')
}
