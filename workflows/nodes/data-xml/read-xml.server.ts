import { SaxesParser } from 'saxes'
import { forbiddenKeys, type Json } from '../../graph/schema'
import { limits } from '../../limits'
import { NodeError } from '../errors'
import type { Fields } from '../field-at'

export interface ReadXmlOptions {
  /** Elements that are a list even where there is one. */
  lists: readonly string[]
  prefixes: 'keep' | 'drop'
}

/** An element takes one level of its own and one where it is in a list. */
const deepest = Math.floor(limits.jsonDepth / 2) - 2
const mostElements = 500_000

interface Open {
  name: string
  fields: Fields
  text: string[]
}

/**
 * Well-formed XML as data: attributes as `@name`, text beside them as `#text`, elements that repeat as lists. Nothing that a document
 * type declares is expanded or fetched: an entity that XML itself does not have is an error.
 */
export function readXml(text: string, { lists, prefixes }: ReadXmlOptions): Json {
  const parser = new SaxesParser()
  const always = new Set(lists)
  const top: Open = { name: '', fields: {}, text: [] }
  const open: Open[] = [top]
  let count = 0
  const nameOf = (name: string): string => (prefixes === 'drop' ? name.slice(name.indexOf(':') + 1) : name)
  parser.on('error', (error) => {
    throw bad('syntax', `The text is not XML: ${error.message.replace(/^undefined:/, 'line ').replace(/\.?$/, '.')}`, text)
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (++count > mostElements) throw bad('too_many', `There are more than ${mostElements.toLocaleString('en-US')} elements.`, text)
    if (open.length > deepest) throw bad('depth', `The elements are nested more than ${deepest} levels deep.`, text)
    const fields: Fields = {}
    for (const [key, value] of Object.entries(attributes)) {
      if (prefixes === 'drop' && (key === 'xmlns' || key.startsWith('xmlns:'))) continue
      // Of two attributes that are alike without their prefixes the second keeps its own.
      const short = `@${nameOf(key)}`
      fields[Object.hasOwn(fields, short) ? `@${key}` : short] = storable(value)
    }
    open.push({ name: nameOf(name), fields, text: [] })
  })
  const addText = (part: string) => {
    const current = open.at(-1)
    if (current && current !== top) current.text.push(part)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const closed = open.pop()
    const parent = open.at(-1)
    if (closed && parent) add(parent.fields, closed.name, valueOfElement(closed), always)
  })
  parser.write(text).close()
  return top.fields
}

function valueOfElement({ fields, text }: Open): Json {
  const words = storable(text.join('').trim())
  if (Object.keys(fields).length === 0) return words
  return words === '' ? fields : { ...fields, '#text': words }
}

function add(parent: Fields, name: string, value: Json, always: ReadonlySet<string>): void {
  if ((forbiddenKeys as readonly string[]).includes(name)) return
  const there = Object.hasOwn(parent, name) ? parent[name] : undefined
  if (Array.isArray(there)) there.push(value)
  else if (there !== undefined) parent[name] = [there, value]
  else parent[name] = always.has(name) ? [value] : value
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}

function bad(code: string, message: string, text: string): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: `xml.${code}`,
    message: message.slice(0, 400),
    hint: 'Look at the text in this step’s input; a page with an error message is a common cause.',
    pointer: '/params/data',
    details: text.slice(0, 500),
  })
}
