import { type Document, DomHandler } from 'domhandler'
import { Parser } from 'htmlparser2'
import { NodeError } from '../errors'

const mostElements = 200_000
/** Serialising goes down the tree by calling itself. */
const deepest = 500

/** Reads HTML as browsers do, broken or not; what would take too long or too deep a stack is refused while it is read. */
export function parseHtml(text: string): Document {
  const handler = new BoundedHandler()
  new Parser(handler, { lowerCaseTags: true }).end(text.toWellFormed().replaceAll('\u0000', '\uFFFD'))
  return handler.root
}

class BoundedHandler extends DomHandler {
  #count = 0

  override onopentag(name: string, attribs: { [key: string]: string }): void {
    if (++this.#count > mostElements) throw refusal(`The page has more than ${mostElements.toLocaleString('en-US')} elements.`)
    if (this.tagStack.length > deepest) throw refusal(`The page is nested more than ${deepest} levels deep.`)
    super.onopentag(name, attribs)
  }
}

function refusal(message: string): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'html.too_large',
    message,
    hint: 'Ask for a smaller part of it, or for one page at a time.',
    pointer: '/params/data',
  })
}
