import { asExpression } from '@/components/data-view/expression-path'

export interface Edited {
  text: string
  caret: number
}

/** Puts a value into a text: as a name where the caret stands inside an expression, as an expression of its own elsewhere. */
export function insertPath(text: string, from: number, to: number, path: string): Edited {
  const open = text.lastIndexOf('{{', from)
  const inside = open !== -1 && text.indexOf('}}', open) >= from
  const unclosed = open !== -1 && open < from && text.indexOf('}}', open) === -1
  const value = inside && open < from ? path : unclosed ? `${path} }}` : asExpression(path)
  return { text: text.slice(0, from) + value + text.slice(to), caret: from + value.length }
}

export interface Insertable {
  insert: string
  from: number
  caret: number
  kind: string
}

/** Takes a suggestion: what stands between its start and the caret gives way, and an expression that was open is closed. */
export function insertSuggestion(text: string, caret: number, suggestion: Insertable): Edited {
  const rest = text.slice(caret)
  const head = text.slice(0, suggestion.from)
  const spaced = head.endsWith('{{') ? `${head} ` : head
  const closes = suggestion.kind === 'field' && !/^[^{]*\}\}/.test(rest)
  const at = spaced.length + suggestion.caret
  return { text: spaced + suggestion.insert + (closes ? ' }}' : '') + rest, caret: at }
}

/** An expression that was begun and never ended is ended when its field is left. */
export function closeOpen(text: string): string {
  const open = text.lastIndexOf('{{')
  if (open === -1 || text.indexOf('}}', open) !== -1 || text.slice(open + 2).trim() === '') return text
  return `${text.trimEnd()} }}`
}
