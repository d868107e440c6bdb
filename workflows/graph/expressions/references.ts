import { type AnyNode, type Expression, tokenizer } from 'acorn'
import { staticKey } from './compile-access'
import { parseTemplate, type TemplatePart } from './parse-template'

export type ReferenceRoot = 'input' | 'trigger' | 'run' | 'item' | 'index' | 'steps' | 'vars'

/** One place where a text reads data. */
export interface Reference {
  root: ReferenceRoot
  /** What stands after `steps.` or `vars.`, as written: a key, or `$` and a node id. */
  name?: string
  /** The node id, where the text holds one. */
  nodeId?: string
  /** The fields read from there, as far as they are named directly. */
  path: string[]
  /** Where it stands in the text. */
  start: number
  end: number
  /** Where the name itself stands, without quotes. */
  nameStart?: number
  nameEnd?: number
}

const roots: ReadonlySet<string> = new Set<ReferenceRoot>(['input', 'trigger', 'run', 'item', 'index', 'steps', 'vars'])

/** Everything a text reads, in order; also from expressions that do not parse yet, as far as their words can be told. */
export function referencesOf(text: string): Reference[] {
  if (!text.includes('{{')) return []
  const found: Reference[] = []
  for (const part of parseTemplate(text)) {
    if (part.kind === 'expression') collect(part.node, part.start, found)
    else if (part.kind === 'broken') collectFromTokens(part, found)
  }
  return found.sort((a, b) => a.start - b.start)
}

function collect(root: Expression, offset: number, found: Reference[]): void {
  const stack: { node: AnyNode; bound: ReadonlySet<string> }[] = [{ node: root, bound: new Set() }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node } = next
    let { bound } = next
    if (node.type === 'Identifier') {
      addReference(node, [], offset, bound, found)
      continue
    }
    if (node.type === 'MemberExpression') {
      const chain = readChain(node)
      addReference(chain.base, chain.links, offset, bound, found)
      for (const child of chain.rest) stack.push({ node: child, bound })
      if (chain.base.type !== 'Identifier') stack.push({ node: chain.base, bound })
      continue
    }
    if (node.type === 'Property' && !node.computed) {
      stack.push({ node: node.value as AnyNode, bound })
      continue
    }
    if (node.type === 'ArrowFunctionExpression') bound = new Set([...bound, ...node.params.flatMap(boundNames)])
    for (const child of childrenOf(node)) stack.push({ node: child, bound })
  }
}

interface Link {
  key: string
  start: number
  end: number
  outerEnd: number
}

/** `a.b["c"][d].e`: its base, the names read directly one after the other, and the computed parts. */
function readChain(node: AnyNode): { base: AnyNode; links: Link[]; rest: AnyNode[] } {
  let links: Link[] = []
  const rest: AnyNode[] = []
  let base = node
  while (base.type === 'MemberExpression') {
    const key = staticKey(base)
    const { property } = base
    if (key === undefined) {
      rest.push(property)
      links = []
    } else {
      const quotes = property.type === 'Literal' && typeof property.value === 'string' ? 1 : 0
      links.unshift({ key, start: property.start + quotes, end: property.end - quotes, outerEnd: base.end })
    }
    base = base.object
  }
  return { base, links, rest }
}

function addReference(base: AnyNode, links: Link[], offset: number, bound: ReadonlySet<string>, found: Reference[]): void {
  if (base.type !== 'Identifier' || !roots.has(base.name) || bound.has(base.name)) return
  const root = base.name as ReferenceRoot
  const end = offset + (links.at(-1)?.outerEnd ?? base.end)
  if (root !== 'steps' && root !== 'vars') {
    found.push({ root, path: links.map((link) => link.key), start: offset + base.start, end })
    return
  }
  const [name, ...path] = links
  if (!name) return
  found.push(
    named(
      root,
      name.key,
      offset + name.start,
      offset + name.end,
      path.map((link) => link.key),
      offset + base.start,
      end,
    ),
  )
}

function named(
  root: 'steps' | 'vars',
  name: string,
  nameStart: number,
  nameEnd: number,
  path: string[],
  start: number,
  end: number,
): Reference {
  const id = root === 'steps' && name.startsWith('$') ? { nodeId: name.slice(1) } : {}
  return { root, name, ...id, path, start, end, nameStart, nameEnd }
}

function boundNames(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'AssignmentPattern':
      return boundNames(pattern.left)
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []))
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'Property' ? (property.value as AnyNode) : property.argument),
      )
    default:
      return []
  }
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string')
}

function collectFromTokens(part: Extract<TemplatePart, { kind: 'broken' }>, found: Reference[]): void {
  const tokens: { label: string; value: unknown; start: number; end: number }[] = []
  try {
    for (const token of tokenizer(part.source, { ecmaVersion: 2024, sourceType: 'module' })) {
      tokens.push({ label: token.type.label, value: 'value' in token ? token.value : undefined, start: token.start, end: token.end })
    }
  } catch {
    // Half a text or pattern at the end: the words before it count.
  }
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]?.label
    if (token.label !== 'name' || (token.value !== 'steps' && token.value !== 'vars') || before === '.' || before === '?.') continue
    const isBracket = tokens[index + 1]?.label === '['
    const name = tokens[index + 2]
    const isDot = tokens[index + 1]?.label === '.' || tokens[index + 1]?.label === '?.'
    if (!name || typeof name.value !== 'string' || !(isBracket ? name.label === 'string' : isDot && name.label === 'name')) continue
    const quotes = isBracket ? 1 : 0
    const start = part.start
    found.push(
      named(token.value, name.value, start + name.start + quotes, start + name.end - quotes, [], start + token.start, start + name.end),
    )
  }
}
