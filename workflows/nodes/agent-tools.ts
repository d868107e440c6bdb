import type { AiField, CompiledParams } from '../graph/expressions'
import type { GraphNode, Json } from '../graph/schema'
import { parseModelJson } from './ai-model/parse-model-json'
import type { ReadJson } from './read-json'

/** A node as a model sees it: what it is called, what it is for, and the fields left to the model by `$ai(…)` markers. */
export interface ToolSchema {
  name: string
  description: string
  /** JSON Schema of an object. */
  parameters: Json
}

/** The node's key is its name; its note, else its title, says what it is for. */
export function toolSchemaOf(node: Pick<GraphNode, 'key' | 'title' | 'settings'>, compiled: Pick<CompiledParams, 'aiFields'>): ToolSchema {
  const fields = compiled.aiFields
  return {
    name: node.key,
    description: (node.settings.note.trim() || node.title).slice(0, 1_000),
    parameters: {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])),
      required: fields.map((field) => field.name),
      additionalProperties: false,
    },
  }
}

export type ToolArguments = { ok: true; values: Record<string, Json> } | { ok: false; message: string }

/** What the model wrote, made to fit the fields; `message` is written for the model, which gets it back as the tool's answer. */
export function readToolArguments(text: string, fields: readonly AiField[]): ToolArguments {
  const parsed: ReadJson = text.trim() === '' ? { ok: true, value: {} } : parseModelJson(text)
  if (!parsed.ok) return { ok: false, message: `The arguments are not JSON: ${parsed.message} Call the tool again with a JSON object.` }
  const given = parsed.value
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { ok: false, message: 'The arguments must be a JSON object. Call the tool again.' }
  }
  const values: Record<string, Json> = {}
  const wrong: string[] = []
  for (const field of fields) {
    const value = Object.hasOwn(given, field.name) ? coerce(given[field.name] ?? null, field.type) : undefined
    if (value === undefined) wrong.push(`"${field.name}" must be ${article(field.type)}`)
    else values[field.name] = value
  }
  return wrong.length === 0 ? { ok: true, values } : { ok: false, message: `${wrong.join('; ')}. Call the tool again.` }
}

/** For a model that calls what does not exist. */
export function unknownToolMessage(name: string, tools: readonly Pick<ToolSchema, 'name'>[]): string {
  const known = tools.map((tool) => tool.name).join(', ')
  return `There is no tool called "${name.slice(0, 100)}". ${known === '' ? 'There are no tools; answer without one.' : `The tools are: ${known}.`}`
}

function schemaOf(field: AiField): Json {
  const schema: { [key: string]: Json } = { type: field.type }
  if (field.type === 'array') schema.items = {}
  if (field.description !== '') schema.description = field.description
  return schema
}

/** Undefined when the value cannot be read as the type; numbers and booleans in quotes can. */
function coerce(value: Json, type: AiField['type']): Json | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
    case 'number':
    case 'integer': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number) && (type === 'number' || Number.isInteger(number)) ? number : undefined
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
    case 'array':
      return Array.isArray(value) ? value : undefined
  }
}

function article(type: AiField['type']): string {
  if (type === 'string') return 'a text'
  if (type === 'array') return 'a list'
  if (type === 'integer') return 'a whole number'
  return type === 'object' ? 'an object' : `a ${type}`
}
