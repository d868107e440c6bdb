import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { tooLong } from '../document-text'
import { NodeError } from '../errors'
import { type Fields, isFields } from '../field-at'

interface Writer {
  indent: boolean
  parts: string[]
  size: number
}

/** The way back of reading: `@name` are attributes, `#text` is text, a list is the element again and again. */
export function makeXml(data: Json, { root, indent }: { root: string; indent: boolean }): string {
  const writer: Writer = { indent, parts: ['<?xml version="1.0" encoding="UTF-8"?>'], size: 0 }
  const [only, ...others] = isFields(data) ? Object.entries(data) : []
  if (only && others.length === 0 && !Array.isArray(only[1]) && !/^[@#]/.test(only[0])) writeElement(writer, only[0], only[1], 0)
  else if (Array.isArray(data)) writeElement(writer, root, { item: data }, 0)
  else writeElement(writer, root, data, 0)
  return writer.parts.join('')
}

function writeElement(writer: Writer, name: string, value: Json, depth: number): void {
  if (Array.isArray(value)) {
    for (const item of value) writeElement(writer, name, Array.isArray(item) ? { item } : item, depth)
    return
  }
  requireName(name)
  const start = writer.indent ? `\n${'  '.repeat(depth)}<${name}` : `<${name}`
  if (!isFields(value)) {
    const text = textOf(value)
    put(writer, text === '' ? `${start}/>` : `${start}>${text}</${name}>`)
    return
  }
  const children = Object.entries(value).filter(([key]) => !key.startsWith('@') && key !== '#text')
  const text = textOf(value['#text'] ?? null)
  put(writer, start + attributesOf(value))
  if (children.length === 0) {
    put(writer, text === '' ? '/>' : `>${text}</${name}>`)
    return
  }
  put(writer, `>${text}`)
  for (const [key, child] of children) writeElement(writer, key, child, depth + 1)
  put(writer, writer.indent ? `\n${'  '.repeat(depth)}</${name}>` : `</${name}>`)
}

function attributesOf(value: Fields): string {
  const attributes = Object.entries(value).filter(([key, entry]) => key.startsWith('@') && entry !== null)
  return attributes.map(([key, entry]) => ` ${requireName(key.slice(1))}="${attributeText(entry)}"`).join('')
}

/** Readers take line ends and tabs in an attribute for spaces, unless they are written as numbers. */
function attributeText(value: Json): string {
  return textOf(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
}

function put(writer: Writer, text: string): void {
  writer.size += text.length
  if (writer.size > limits.documentBytes) throw tooLong('XML', 'made', '/params/data')
  writer.parts.push(text)
}

function textOf(value: Json): string {
  if (value === null) return ''
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold these in any form
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('\r', '&#13;')
  )
}

function requireName(name: string): string {
  if (name.length <= 200 && /^[\p{L}_][\p{L}\p{N}_.\-:]*$/u.test(name)) return name
  throw new NodeError({
    class: 'bad_data',
    code: 'xml.name',
    message: `"${name.slice(0, 80)}" cannot be the name of an element or attribute.`,
    hint: 'A name begins with a letter and has letters, digits, points and hyphens only; give the field another one with "Rename fields".',
    pointer: '/params/data',
  })
}
