import { type AnyNode, isTag, isText, type ParentNode } from 'domhandler'

const unseen = new Set(['script', 'style', 'noscript', 'template', 'head', 'title', 'svg', 'iframe', 'object'])
const blocks = new Set(
  'address article aside blockquote body br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
/** What stands between two words; where several meet, the strongest stays. */
const gaps = ['', ' ', '\t', '\n'] as const
type Gap = 0 | 1 | 2 | 3

/** What a person would read: a line for each block, tabs between cells, nothing of scripts and styles. `pay` is called for each node. */
export function plainText(root: AnyNode | ParentNode, pay: (nodes: number) => void = () => {}): string {
  const parts: string[] = []
  let gap: Gap = 0
  const widen = (to: Gap) => {
    if (to > gap) gap = to
  }
  const todo: (AnyNode | Gap)[] = [root as AnyNode]
  while (todo.length > 0) {
    const next = todo.pop() as AnyNode | Gap
    pay(1)
    if (typeof next === 'number') {
      widen(next)
      continue
    }
    if (isText(next)) {
      const words = next.data.replace(/\s+/g, ' ')
      if (words.startsWith(' ')) widen(1)
      const trimmed = words.trim()
      if (trimmed === '') continue
      if (parts.length > 0) parts.push(gaps[gap])
      parts.push(trimmed)
      gap = words.endsWith(' ') ? 1 : 0
      continue
    }
    if (!('children' in next)) continue
    const name = isTag(next) ? next.name : ''
    if (next !== root && unseen.has(name)) continue
    const around: Gap = blocks.has(name) ? 3 : name === 'td' || name === 'th' ? 2 : 0
    widen(around)
    todo.push(around)
    for (let index = next.children.length - 1; index >= 0; index--) todo.push(next.children[index] as AnyNode)
  }
  return parts.join('')
}
