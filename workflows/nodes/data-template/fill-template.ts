import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { tooLong } from '../document-text'
import { escapeHtml } from '../escape-html'

export type Part = string | ((item: Json, index: number, safe?: (text: string) => string) => Json)

const betweens = { line: '\n', 'blank-line': '\n\n', comma: ', ', nothing: '' } as const

export interface Template {
  text: Part
  form: 'text' | 'html'
  between: keyof typeof betweens
  before: Part
  after: Part
}

/** The text once for the input, or for each of the items with what stands around them. */
export function fillTemplate({ text, form, between, before, after }: Template, items: readonly Json[] | null, input: Json): string {
  const safe = form === 'html' ? escapeHtml : undefined
  const written = (part: Part, item: Json, index: number): string => textOf(typeof part === 'string' ? part : part(item, index, safe))
  if (!items) return written(text, input, 0)
  const pieces: string[] = []
  let size = 0
  for (const [index, item] of items.entries()) {
    const piece = written(text, item, index)
    size += piece.length + 2
    if (size > limits.documentBytes) throw tooLong('text', 'made', '/params/text')
    pieces.push(piece)
  }
  return written(before, input, 0) + pieces.join(betweens[between]) + written(after, input, 0)
}

function textOf(value: Json): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value)
}
