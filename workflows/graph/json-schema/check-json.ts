import { part } from '../../words/part'
import { escapePointer } from '../find-bad-json'
import { sameJson } from '../same-json'
import type { Json } from '../schema'
import { formats, isObject, type JsonType, type SchemaObject, typeOf } from './keywords'

export interface JsonMismatch {
  /** JSON Pointer into the value. */
  pointer: string
  /** A sentence that names the place: “customer.email” must be an e-mail address. */
  message: string
}

const mostFound = 20
const mostSteps = 200_000

/** Where a value does not fit a JSON Schema, at most 20 places; a schema that is left out takes everything. Bounded in time. */
export function checkJson(value: Json, schema: Json | undefined): JsonMismatch[] {
  if (!isObject(schema)) return []
  const check: Check = { found: [], steps: 0 }
  visit(value, schema, [], check)
  return check.found
}

interface Check {
  found: JsonMismatch[]
  steps: number
}
type Place = readonly (string | number)[]

function visit(value: Json, schema: SchemaObject, place: Place, check: Check): void {
  check.steps += 1
  if (check.steps > mostSteps) {
    if (check.steps === mostSteps + 1) add(check, place, (it) => `${it} is too large to be checked.`)
    return
  }
  if (check.found.length >= mostFound) return
  const { type } = schema
  if (type !== undefined && !fitsType(value, Array.isArray(type) ? (type as JsonType[]) : [type as JsonType])) {
    add(
      check,
      place,
      (it) => `${it} must be ${(Array.isArray(type) ? type : [type]).map((one) => typeWords[one as JsonType]).join(' or ')}.`,
    )
    return
  }
  const { const: only, enum: taken } = schema
  if (only !== undefined && !sameJson(value, only)) add(check, place, (it) => `${it} must be ${shown(only)}.`)
  if (Array.isArray(taken) && !taken.some((one) => sameJson(value, one))) {
    add(check, place, (it) => `${it} must be one of ${taken.slice(0, 8).map(shown).join(', ')}.`)
  }
  if (Array.isArray(schema.anyOf) && !schema.anyOf.some((inner) => fits(value, inner, place, check))) {
    add(check, place, (it) => `${it} fits none of the forms that are taken.`)
  }
  if (typeof value === 'string') visitText(value, schema, place, check)
  else if (typeof value === 'number') visitNumber(value, schema, place, check)
  else if (Array.isArray(value)) visitList(value, schema, place, check)
  else if (isObject(value)) visitObject(value, schema, place, check)
}

function fits(value: Json, schema: Json, place: Place, outer: Check): boolean {
  if (!isObject(schema)) return true
  const check: Check = { found: [], steps: outer.steps }
  visit(value, schema, place, check)
  outer.steps = check.steps
  return check.found.length === 0
}

function visitText(value: string, schema: SchemaObject, place: Place, check: Check): void {
  if (typeof schema.minLength === 'number' && value.length < schema.minLength) {
    add(check, place, (it) =>
      schema.minLength === 1 ? `${it} must not be empty.` : `${it} must have at least ${schema.minLength} characters.`,
    )
  }
  if (typeof schema.maxLength === 'number' && value.length > schema.maxLength)
    add(check, place, (it) => `${it} must have at most ${schema.maxLength} characters.`)
  const format = typeof schema.format === 'string' && Object.hasOwn(formats, schema.format) ? formats[schema.format] : undefined
  if (format && !format.test(value)) add(check, place, (it) => `${it} must be ${format.words}.`)
}

function visitNumber(value: number, schema: SchemaObject, place: Place, check: Check): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  if (typeof minimum === 'number' && value < minimum) add(check, place, (it) => `${it} must be ${minimum} or more.`)
  if (typeof maximum === 'number' && value > maximum) add(check, place, (it) => `${it} must be ${maximum} or less.`)
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    add(check, place, (it) => `${it} must be more than ${exclusiveMinimum}.`)
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    add(check, place, (it) => `${it} must be less than ${exclusiveMaximum}.`)
}

function visitList(value: Json[], schema: SchemaObject, place: Place, check: Check): void {
  if (typeof schema.minItems === 'number' && value.length < schema.minItems)
    add(check, place, (it) => `${it} must have at least ${schema.minItems} items.`)
  if (typeof schema.maxItems === 'number' && value.length > schema.maxItems)
    add(check, place, (it) => `${it} must have at most ${schema.maxItems} items.`)
  if (!isObject(schema.items)) return
  for (const [index, item] of value.entries()) visit(item, schema.items, [...place, index], check)
}

function visitObject(value: SchemaObject, schema: SchemaObject, place: Place, check: Check): void {
  const properties = isObject(schema.properties) ? schema.properties : {}
  for (const name of Array.isArray(schema.required) ? schema.required : []) {
    if (typeof name === 'string' && !Object.hasOwn(value, name)) add(check, [...place, name], (it) => `${it} is missing.`)
  }
  for (const [name, inner] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (isObject(own)) visit(inner, own, [...place, name], check)
    else if (own === undefined && schema.additionalProperties === false) add(check, [...place, name], (it) => `${it} is not known here.`)
    else if (own === undefined && isObject(schema.additionalProperties)) visit(inner, schema.additionalProperties, [...place, name], check)
  }
}

const typeWords: Record<JsonType, string> = {
  object: part`an object`,
  array: part`a list`,
  string: part`a text`,
  number: part`a number`,
  integer: part`a whole number`,
  boolean: part`true or false`,
  null: part`empty`,
}

function fitsType(value: Json, types: readonly JsonType[]): boolean {
  const own = typeOf(value)
  return types.some((type) => type === own || (type === 'integer' && Number.isInteger(value)))
}

function add(check: Check, place: Place, words: (it: string) => string): void {
  if (check.found.length >= mostFound) return
  const named = place.length === 0 ? part`The value` : `“${place.slice(0, 8).join('.')}”`
  check.found.push({ pointer: place.map((part) => `/${escapePointer(String(part))}`).join(''), message: words(named) })
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
