import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { part } from '../../words/part'
import { documentText, requireDocumentSize, tooLong } from '../document-text'
import { NodeError } from '../errors'
import { listOf, requireItems } from '../list-of'
import { readJson } from '../read-json'

interface Form {
  form: 'one' | 'lines'
}

/** What is data already stays as it is: a service's answer may have been read before. */
export function readJsonText(value: Json, { form }: Form): Json {
  if (typeof value === 'object' && value !== null) return value
  const text = documentText(value, 'JSON', '/params/data')
  if (form === 'one') return read(text, '')
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line, index }]))
  requireItems(lines.length, '/params/data')
  return lines.map(({ line, index }) => read(line, part` in line ${index + 1}`))
}

export function makeJson(value: Json, { form, indent }: Form & { indent: boolean }): string {
  requireDocumentSize(value, 'JSON', '/params/data')
  const text =
    form === 'lines'
      ? listOf(value, null, '/params/data')
          .map((item) => JSON.stringify(item))
          .join('\n')
      : JSON.stringify(value, null, indent ? 2 : undefined)
  if (text.length > limits.documentBytes) throw tooLong('JSON', 'made', '/params/data')
  return text
}

function read(text: string, where: string): Json {
  const result = readJson(text)
  if (result.ok) return result.value
  throw new NodeError({
    class: 'bad_data',
    code: 'json.syntax',
    message: `The text is not JSON${where}: ${result.message.replace(/\.?$/, '.')}`,
    hint: 'Look at the text in this step’s input; a page with an error message is a common cause.',
    pointer: '/params/data',
    details: text.slice(0, 500),
  })
}
