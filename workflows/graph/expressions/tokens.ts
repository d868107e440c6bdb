import { tokenizer } from 'acorn'

export interface Token {
  label: string
  /** A word: a name, or a keyword, which may be a field's name. */
  isName: boolean
  value: unknown
  start: number
  end: number
}

/** The words and signs of half an expression; undefined where it ends inside a text, a comment or a pattern. */
export function readTokens(source: string): Token[] | undefined {
  const tokens: Token[] = []
  try {
    for (const token of tokenizer(source, { ecmaVersion: 2024, sourceType: 'module' })) {
      const { label, keyword } = token.type
      const value = 'value' in token ? token.value : undefined
      tokens.push({ label, isName: label === 'name' || keyword !== undefined, value, start: token.start, end: token.end })
    }
  } catch {
    return undefined
  }
  return tokens
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[' }

/** Where the chain that ends with the last token begins: `input.items.map(…)[0]` begins at `input`. */
export function startOfChain(tokens: readonly Token[]): number | undefined {
  let index = tokens.length - 1
  while (index >= 0) {
    const token = tokens[index]
    if (!token) return undefined
    const opener = pairs[token.label]
    if (opener !== undefined) {
      index = openerOf(tokens, index, token.label, opener)
      if (index < 0) return undefined
      const before = tokens[index - 1]
      if (!before || !(before.isName || before.label in pairs)) return tokens[index]?.start
      index--
      continue
    }
    if (!token.isName && token.label !== 'string' && token.label !== 'num') return undefined
    const before = tokens[index - 1]?.label
    if (before !== '.' && before !== '?.') return token.start
    index -= 2
  }
  return undefined
}

function openerOf(tokens: readonly Token[], from: number, closer: string, opener: string): number {
  let depth = 0
  for (let index = from; index >= 0; index--) {
    if (tokens[index]?.label === closer) depth++
    else if (tokens[index]?.label === opener && --depth === 0) return index
  }
  return -1
}

export interface OpenCall {
  method: string
  /** Extent of what the method is called on. */
  chainStart: number | undefined
  chainEnd: number
  parameters: string[]
}

/** The calls with an arrow function that the end of the tokens stands in, outermost first. */
export function openCalls(tokens: readonly Token[]): OpenCall[] {
  const open: number[] = []
  for (const [index, token] of tokens.entries()) {
    if (token.label === '(' || token.label === '[' || token.label === '{' || token.label === '${') open.push(index)
    else if (token.label === ')' || token.label === ']' || token.label === '}') open.pop()
  }
  return open.flatMap((at) => {
    const method = tokens[at - 1]
    const dot = tokens[at - 2]?.label
    if (tokens[at]?.label !== '(' || !method?.isName || (dot !== '.' && dot !== '?.')) return []
    const arrow = tokens.findIndex((token, index) => index > at && token.label === '=>')
    if (arrow === -1) return []
    const parameters = tokens
      .slice(at + 1, arrow)
      .filter((token) => token.isName)
      .map((token) => String(token.value))
    const before = tokens.slice(0, at - 2)
    return [{ method: String(method.value), chainStart: startOfChain(before), chainEnd: before.at(-1)?.end ?? 0, parameters }]
  })
}
