import type { Json } from '../graph/schema'
import { limits } from '../limits'
import { part } from '../words/part'
import { NodeError } from './errors'
import { isFields } from './field-at'

/** The list that a parameter names, or the input where it names none. */
export function listOf(named: Json | undefined, input: Json, pointer = '/params/list'): Json[] {
  const list = longListOf(named, input, pointer)
  requireItems(list.length, pointer)
  return list
}

/** As `listOf`, of any length: for steps whose work does not grow with the list. */
export function longListOf(named: Json | undefined, input: Json, pointer = '/params/list'): Json[] {
  const list = named === undefined ? input : named
  if (Array.isArray(list)) return list
  throw new NodeError({
    class: 'bad_data',
    code: 'list.not_a_list',
    message: `There is no list here, but ${kindOf(list)}.`,
    hint: hintFor(list, named === undefined),
    pointer,
  })
}

/** Refuses a list that would hold the worker for long, before anything is made of it. */
export function requireItems(count: number, pointer?: string): void {
  if (count <= limits.listItems) return
  throw new NodeError({
    class: 'bad_data',
    code: 'list.too_many',
    message: `The list has ${count.toLocaleString('en-US')} items; this step works with ${limits.listItems.toLocaleString('en-US')} at most.`,
    hint: 'Cut it with "Limit" or keep only what is needed with "Filter" before this step.',
    ...(pointer === undefined ? {} : { pointer }),
  })
}

export function kindOf(value: Json): string {
  if (value === null) return part`nothing`
  if (Array.isArray(value)) return part`a list`
  if (typeof value === 'object') return part`an object`
  if (typeof value === 'string') return value === '' ? part`an empty text` : part`a text`
  return typeof value === 'number' ? part`a number` : part`true or false`
}

/** A value for a message: its JSON, cut short. */
export function shown(value: Json): string {
  const text = typeof value === 'object' && value !== null ? kindOf(value) : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function hintFor(value: Json, isInput: boolean): string {
  const names = isFields(value) ? Object.keys(value).filter((name) => Array.isArray(value[name])) : []
  const [first] = names
  if (first !== undefined && isInput) return `Point "List" at one of its lists, for example {{ input.${first} }}.`
  if (first !== undefined) return `It has a list in "${first}"; point "List" at that.`
  return 'Point "List" at a list, for example {{ input.orders }}.'
}
