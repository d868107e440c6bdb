import { escapePointer } from '../find-bad-json'
import type { Json } from '../schema'
import { bounds, counts, formats, isObject, jsonTypes, words } from './keywords'

const mostDepth = 16

/** What in a JSON Schema cannot be used here, with pointers into it; nothing for a schema that is left out. */
export function schemaProblems(schema: Json | undefined): { pointer: string; message: string }[] {
  if (schema === undefined || schema === null || schema === '') return []
  const found: { pointer: string; message: string }[] = []
  visit(schema, '', 0, (pointer, message) => found.push({ pointer, message }))
  return found.slice(0, 20)
}

function visit(schema: Json, pointer: string, depth: number, add: (pointer: string, message: string) => void): void {
  if (depth > mostDepth || !isObject(schema)) {
    add(pointer, isObject(schema) ? `A schema is at most ${mostDepth} levels deep.` : 'A schema is an object such as { "type": "string" }.')
    return
  }
  for (const [key, value] of Object.entries(schema)) {
    const at = `${pointer}/${escapePointer(key)}`
    const message = problemOf(key, value)
    if (message) add(at, message)
    else if (key === 'properties') {
      for (const [name, inner] of Object.entries(value as { [key: string]: Json }))
        visit(inner, `${at}/${escapePointer(name)}`, depth + 1, add)
    } else if (key === 'items' || (key === 'additionalProperties' && typeof value !== 'boolean')) visit(value, at, depth + 1, add)
    else if (key === 'anyOf') for (const [index, inner] of (value as Json[]).entries()) visit(inner, `${at}/${index}`, depth + 1, add)
  }
}

function problemOf(key: string, value: Json): string | null {
  switch (key) {
    case 'type': {
      const types = Array.isArray(value) ? value : [value]
      return types.length > 0 && types.every((type) => (jsonTypes as readonly Json[]).includes(type))
        ? null
        : `A type is one of ${jsonTypes.join(', ')}.`
    }
    case 'properties':
      return isObject(value) ? null : '“properties” is an object of schemas.'
    case 'required':
      return Array.isArray(value) && value.every((one) => typeof one === 'string') ? null : '“required” is a list of names.'
    case 'enum':
      return Array.isArray(value) && value.length > 0 ? null : '“enum” is a list of the values that are taken.'
    case 'anyOf':
      return Array.isArray(value) && value.length > 0 && value.length <= 20 ? null : '“anyOf” is a list of up to 20 schemas.'
    case 'format':
      return typeof value === 'string' && Object.hasOwn(formats, value) ? null : `A format is one of ${Object.keys(formats).join(', ')}.`
    case 'const':
    case 'items':
    case 'additionalProperties':
      return null
  }
  if ((counts as readonly string[]).includes(key))
    return Number.isInteger(value) && (value as number) >= 0 ? null : `“${key}” is a whole number of 0 or more.`
  if ((bounds as readonly string[]).includes(key)) return typeof value === 'number' ? null : `“${key}” is a number.`
  if ((words as readonly string[]).includes(key)) return null
  return `“${key.slice(0, 40)}” is not known here. Use type, properties, required, items, enum, const, anyOf, format and limits.`
}
