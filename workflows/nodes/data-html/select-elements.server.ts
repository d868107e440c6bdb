import { type Options, selectAll, selectOne } from 'css-select'
import { type AnyNode, type Element, isTag } from 'domhandler'
import * as domutils from 'domutils'
import { NodeError } from '../errors'

/** Looks at nodes that a step may make all together: thousands of rows with :nth-child, and a second of work at most. */
const mostLooks = 10_000_000

type Adapter = NonNullable<Options<AnyNode, Element>['adapter']>

export interface ElementSelector {
  /** Counts other work with the page as looks. */
  pay(looks: number): void
  all(selector: string, from: AnyNode, pointer: string): Element[]
  first(selector: string, from: AnyNode, pointer: string): Element | null
}

/**
 * Selectors on fuel: `:nth-child` looks at all neighbours, `~` and `:has` at far more, so a page made for it could keep a worker busy
 * for hours. Every step through the tree is paid for before it is made.
 */
export function createElementSelector(): ElementSelector {
  let left = mostLooks
  const pay = (looks: number): void => {
    left -= looks
    if (left < 0) throw tooMuch()
  }
  const paying = <A extends unknown[], R>(looks: number, act: (...args: A) => R) => {
    return (...args: A): R => {
      pay(looks)
      return act(...args)
    }
  }
  const adapter: Adapter = {
    isTag: (node): node is Element => {
      pay(1)
      return isTag(node)
    },
    getAttributeValue: paying(1, domutils.getAttributeValue),
    getName: paying(1, domutils.getName),
    getParent: paying(1, domutils.getParent),
    hasAttrib: paying(1, domutils.hasAttrib),
    prevElementSibling: (node) => {
      let previous = node.prev
      for (; previous && !isTag(previous); previous = previous.prev) pay(1)
      return previous as Element | null
    },
    getChildren: paying(1, domutils.getChildren),
    getSiblings: (node) => {
      const siblings = domutils.getSiblings(node)
      // Finding one's place among them costs little; each one that is looked at is paid for by itself.
      pay(1 + (siblings.length >> 4))
      return siblings
    },
    getText: (node) => {
      const text = domutils.textContent(node)
      pay(text.length)
      return text
    },
    removeSubsets: domutils.removeSubsets,
  }
  return {
    pay,
    all: (selector, from, pointer) => selecting(selector, pointer, () => selectAll<AnyNode, Element>(selector, from, { adapter })),
    first: (selector, from, pointer) => selecting(selector, pointer, () => selectOne<AnyNode, Element>(selector, from, { adapter })),
  }
}

function selecting<T>(selector: string, pointer: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof NodeError) throw new NodeError({ ...error.step, pointer })
    const reason = error instanceof Error ? error.message.slice(0, 200).replace(/\.$/, '') : 'it cannot be read'
    throw new NodeError({
      class: 'bad_data',
      code: 'html.selector',
      message: `"${selector.slice(0, 100)}" is not a CSS selector that can be used: ${reason}.`,
      hint: 'Selectors look like table.orders tr, #total or a[href].',
      pointer,
    })
  }
}

function tooMuch(): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'html.too_much_work',
    message: 'Finding this in the page takes too long.',
    hint: 'Use a simpler selector: names and classes instead of :nth-child, ~ or :has.',
  })
}
