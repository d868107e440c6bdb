import type { Json } from '../graph/schema'
import { NodeError } from './errors'
import { type Fields, isFields } from './field-at'
import { kindOf, requireItems } from './list-of'

/** What `change` makes of an object, or of each object in a list; items that are no objects stay as they are. */
export function eachItem(data: Json, change: (item: Fields) => Json): Json {
  if (isFields(data)) return change(data)
  if (Array.isArray(data)) {
    requireItems(data.length, '/params/data')
    return data.map((item) => (isFields(item) ? change(item) : item))
  }
  throw new NodeError({
    class: 'bad_data',
    code: 'data.not_an_object',
    message: `There is no object and no list here, but ${kindOf(data)}.`,
    hint: 'Point "Data" at an object or at a list of objects, for example {{ input.customer }}.',
    pointer: '/params/data',
  })
}
