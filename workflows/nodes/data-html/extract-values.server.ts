import { type AnyNode, type Document, Element } from 'domhandler'
import { getInnerHTML } from 'domutils'
import type { Json } from '../../graph/schema'
import { withField } from '../field-at'
import { requireItems } from '../list-of'
import { createSizeMeter } from '../size-of'
import { plainText } from './plain-text.server'
import { createElementSelector } from './select-elements.server'

interface Wanted {
  name: string
  selector: string
  take: 'text' | 'html' | 'attribute'
  attribute: string
  many: 'first' | 'all'
}

/** One object for the page, or one for each element that `each` finds. */
export function extractValues(page: Document, { each, values, base }: { each: string; values: readonly Wanted[]; base: string }): Json {
  const meter = createSizeMeter()
  const select = createElementSelector()
  const read = (node: AnyNode, wanted: Wanted): Json => {
    const value = valueOfNode(node, wanted, base, select.pay)
    if (value !== null) meter.add(value.length)
    return value
  }
  const itemOf = (node: AnyNode): Json =>
    values.reduce<Json>((made, wanted, index) => withField(made, wanted.name, take(node, wanted, `/params/values/${index}/selector`)), {})
  const take = (node: AnyNode, wanted: Wanted, pointer: string): Json => {
    if (wanted.selector === '') return wanted.many === 'all' ? [read(node, wanted)] : read(node, wanted)
    if (wanted.many === 'all') return select.all(wanted.selector, node, pointer).map((found) => read(found, wanted))
    const found = select.first(wanted.selector, node, pointer)
    return found ? read(found, wanted) : null
  }
  if (each === '') return itemOf(page)
  const found = select.all(each, page, '/params/each')
  requireItems(found.length, '/params/each')
  return found.map(itemOf)
}

function valueOfNode(node: AnyNode, { take, attribute }: Wanted, base: string, pay: (looks: number) => void): string | null {
  if (take === 'text') return plainText(node, pay)
  if (take === 'html') {
    const html = getInnerHTML(node)
    pay(html.length)
    return html
  }
  const name = attribute.toLowerCase()
  const value = node instanceof Element && Object.hasOwn(node.attribs, name) ? node.attribs[name] : undefined
  if (value === undefined) return null
  const isAddress = base !== '' && ['href', 'src', 'action', 'poster'].includes(name)
  return isAddress && URL.canParse(value, base) ? new URL(value, base).href : value
}
