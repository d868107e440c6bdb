import type { Json } from '../graph/schema'
import { limits } from '../limits'
import { NodeError } from './errors'
import { kindOf } from './list-of'
import { sizeOf } from './size-of'

/** A text to read, within the size that one step reads at once; without the mark that some programs put before it. */
export function documentText(value: Json, what: string, pointer: string): string {
  if (typeof value !== 'string') {
    throw new NodeError({
      class: 'bad_data',
      code: 'document.not_a_text',
      message: `There is no text to read as ${what}, but ${kindOf(value)}.`,
      hint: 'Point it at a text, for example {{ input.body }}.',
      pointer,
    })
  }
  if (value.length > limits.documentBytes) throw tooLong(what, 'read', pointer)
  return value.startsWith('\uFEFF') ? value.slice(1) : value
}

/** Refuses a value whose text would be longer than one step makes at once. */
export function requireDocumentSize(value: Json, what: string, pointer: string): void {
  if (sizeOf(value) > limits.documentBytes) throw tooLong(what, 'made', pointer)
}

export function tooLong(what: string, done: 'read' | 'made', pointer?: string): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'document.too_large',
    message:
      done === 'read'
        ? `The ${what} is longer than ${limits.documentBytes / 1024 / 1024} MB, more than is read at once.`
        : `The ${what} is longer than ${limits.documentBytes / 1024 / 1024} MB, more than is made at once.`,
    hint: done === 'read' ? 'Ask the source for less, or for one page at a time.' : 'Keep only the fields that are needed, or fewer items.',
    ...(pointer === undefined ? {} : { pointer }),
  })
}
