import { type Expression, parseExpressionAt } from 'acorn'
import { limits } from '../../limits'
import type { ExpressionProblem } from './compiled'

export type TemplatePart =
  | { kind: 'text'; text: string; start: number; end: number }
  /** `start` and `end` enclose what stands between the braces; positions in `node` count from `start`. */
  | { kind: 'expression'; source: string; node: Expression; start: number; end: number; openStart: number; closeEnd: number }
  | { kind: 'broken'; source: string; problem: ExpressionProblem; start: number; end: number; openStart: number; closeEnd: number }

/**
 * The last texts that were read: a field asks for the same one over and over while it is typed, to paint it, to store it, to work it out and to
 * say what is wrong.
 */
const recent = new Map<string, readonly TemplatePart[]>()
const recentTexts = 16
const recentLength = 4_000

/** Splits a text into plain text and `{{ expressions }}`. Never throws; what cannot be read is a `broken` part with its problem. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const known = recent.get(text)
  if (known) return known
  const parts = split(text)
  if (text.length > recentLength || !text.includes('{{')) return parts
  const [oldest] = recent.keys()
  if (recent.size >= recentTexts && oldest !== undefined) recent.delete(oldest)
  recent.set(text, parts)
  return parts
}

function split(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let from = 0
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', from)) {
    if (open > from) parts.push({ kind: 'text', text: text.slice(from, open), start: from, end: open })
    const part = parseOne(text, open)
    parts.push(part)
    from = part.closeEnd
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from), start: from, end: text.length })
  return parts
}

type Enclosed = Exclude<TemplatePart, { kind: 'text' }>

function parseOne(text: string, open: number): Enclosed {
  const start = open + 2
  const source = text.slice(start, start + limits.expressionSource + 64)
  const blank = /^\s*(?:\}\}|$)/.exec(source)
  if (blank) {
    const isClosed = blank[0].endsWith('}}')
    return isClosed
      ? broken(text, open, 'empty', 'There is nothing between {{ and }}. Write an expression such as `input.name`.', start, start)
      : broken(text, open, 'unclosed', 'This {{ has no }} that ends it.', open, text.length)
  }
  let node: Expression
  try {
    node = parseExpressionAt(source, 0, { ecmaVersion: 2024, sourceType: 'module' })
  } catch (error) {
    return brokenBySyntax(text, open, source, error)
  }
  // Comments and brackets may stand between the expression's end and the braces.
  const rest = /^(?:\s|\)|\/\*[\s\S]*?\*\/|\/\/[^\n]*\n)*/.exec(source.slice(node.end))?.[0] ?? ''
  const end = start + node.end + rest.length
  if (!text.startsWith('}}', end)) {
    if (text.indexOf('}}', start) === -1) return broken(text, open, 'unclosed', 'This {{ has no }} that ends it.', open, text.length)
    const message =
      sentenceForWord(source.slice(0, node.end), text.slice(end, end + 20)) ??
      `\`${text.slice(end, end + 20).split('\n')[0]}\` is not expected here; one expression stands between {{ and }}.`
    return broken(text, open, 'syntax', message, end, end + 1)
  }
  if (end - start > limits.expressionSource) return tooLong(text, open)
  return { kind: 'expression', source: text.slice(start, end), node, start, end, openStart: open, closeEnd: end + 2 }
}

function broken(text: string, open: number, code: string, message: string, at: number, to: number): Enclosed {
  const close = text.indexOf('}}', open + 2)
  const end = close === -1 ? text.length : close
  return {
    kind: 'broken',
    source: text.slice(open + 2, end),
    problem: { code: `expression.${code}`, message, start: Math.min(at, text.length), end: Math.min(Math.max(to, at), text.length) },
    start: open + 2,
    end,
    openStart: open,
    closeEnd: close === -1 ? text.length : close + 2,
  }
}

function tooLong(text: string, open: number): Enclosed {
  const message = `This expression is longer than ${limits.expressionSource / 1024} KB. Split it over several steps, or use a code node.`
  return broken(text, open, 'too_long', message, open, Math.min(text.length, open + limits.expressionSource))
}

function brokenBySyntax(text: string, open: number, source: string, error: unknown): Enclosed {
  if (!(error instanceof SyntaxError)) {
    return broken(text, open, 'too_deep', 'This expression is nested too deeply. Split it over several steps.', open, open + 2)
  }
  const position = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
  if (position >= limits.expressionSource) return tooLong(text, open)
  const at = open + 2 + position
  const found = source.slice(position)
  const close = text.indexOf('}}', open + 2)
  if (close === -1) return broken(text, open, 'unclosed', 'This {{ has no }} that ends it.', open, text.length)
  const reason = error.message.replace(/ \(\d+:\d+\)$/, '')
  return broken(text, open, 'syntax', sentenceFor(reason, found, source, at >= close), at, Math.min(at + 1, close))
}

/** A spreadsheet's words between values. */
function sentenceForWord(before: string, after: string): string | undefined {
  if (/^(?:and|or)\b/i.test(after)) return 'Conditions are put together with `&&` where both must hold, with `||` where one is enough.'
  if (/^\s*not\s*$/i.test(before)) return 'Write `!` in front of a condition to turn it round: `!input.paid`.'
  return undefined
}

function sentenceFor(reason: string, found: string, source: string, isAtEnd: boolean): string {
  if (/(?<![$\w])default\s*\(/.test(source))
    return 'Write `$default(value, fallback)` or `value ?? fallback`; `default` alone is a reserved word.'
  if (/(?<![$\w])if\s*\(/.test(source)) return 'Write `$if(condition, yes, no)` or `condition ? yes : no`; `if` alone is a reserved word.'
  if (/\[\s*(?:\*|\?|\])/.test(source.slice(0, source.length - found.length + 1).slice(-8)))
    return 'Fields of all items are `list.map(x => x.name)`, some of them `list.filter(x => x.price > 10)`.'
  if (found.startsWith('>') && source[source.length - found.length - 1] === '<') return 'Whether two values differ is asked with `!=`.'
  if (/^[“”„‘’]/.test(found)) return "Texts stand between straight quotes: `'text'`."
  if (found.startsWith(';')) return 'Values are divided by commas, not by semicolons: `round(2.5, 1)`.'
  if (reason.startsWith('Unexpected token')) {
    if (isAtEnd || found.startsWith('}}')) return 'The expression ends too early: something is missing before }}.'
    return `\`${found.slice(0, 1)}\` is not expected here.`
  }
  if (reason.startsWith('Unterminated string')) return 'A text is not closed: its second quote is missing.'
  if (reason.startsWith('Unterminated template')) return 'A text in backticks is not closed.'
  if (/nullish|\?\?/i.test(reason) || reason.startsWith('Logical expressions and coalesce'))
    return 'Put brackets around `??` where it stands beside `||` or `&&`.'
  return `This cannot be read: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`
}
