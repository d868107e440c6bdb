import type { Json } from '../../graph/schema'
import { NodeError } from '../errors'
import { isFields, requireFieldName } from '../field-at'
import { readJson } from '../read-json'

/** The object beside the fields of the input, or whatever it is by itself. */
export function mergeJson(given: Json, input: Json, keep: 'input' | 'only-set'): Json {
  const value = typeof given === 'string' ? read(given) : given
  if (isFields(value)) for (const name of Object.keys(value)) if (name !== '') requireFieldName(name)
  if (keep === 'only-set') return value
  if (value === null) return input
  if (isFields(value)) return isFields(input) ? { ...input, ...value } : value
  throw new NodeError({
    class: 'bad_data',
    code: 'set.no_object',
    message: 'JSON: this is no object, so its fields cannot be added to the input.',
    hint: 'Write an object, or pass on only this value.',
    pointer: '/params/json',
  })
}

function read(text: string): Json {
  if (text.trim() === '') return null
  const read = readJson(text)
  if (read.ok) return read.value
  throw new NodeError({
    class: 'bad_data',
    code: 'set.json',
    message: `JSON: this text cannot be read. ${read.message}`,
    hint: 'Write JSON such as { "id": 7 }.',
    pointer: '/params/json',
  })
}
