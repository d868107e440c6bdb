import type { Json } from '../graph/schema'
import type { FieldHint } from './define'
import { withField } from './field-at'

/** Where the result of a step goes that makes one value. */
export const intoField: FieldHint = {
  label: 'Put the result into',
  widget: 'text',
  help: 'A field of the input, which then goes on with it. Left empty, the result alone goes on.',
  example: 'order.day',
  literal: true,
}

export function putInto(input: Json, into: string, result: Json): Json {
  return into === '' ? result : withField(input, into, result)
}
