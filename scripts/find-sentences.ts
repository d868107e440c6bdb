import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { inTemplates } from '../workflows/templates/called-here'

const root = path.resolve(import.meta.dirname, '..')

/** Rooms whose sentences reach people; what stands in `components` and `app` is in `messages`. */
const rooms = ['workflows', 'server', 'activities', 'components']
/** Where texts are not for people on a page: for models, for whoever runs the instance, or content that is anybody's to change. */
const notShown =
  /^(workflows\/nodes\/catalogue|workflows\/nodes\/ai-model\/check-answer|workflows\/nodes\/ai-[a-z-]+\/practice|server\/(ingress|config|metrics|models\/(answer-by-schema|practice)|api\/(contracts|openapi|handle-docs|handle-rest)|services\/setup\/fill)|activities\/health|workflows\/nodes\/agent-tools)/
/** What a template says of itself. */
const templateWords = new Set(['name', 'summary', 'description', 'category'])
/** What its steps and notes are called stands apart, since people call steps of theirs the same: which argument of which call it is. */
const templateSteps: Readonly<Record<string, number>> = { step: 2, note: 1, message: 1, send: 1 }
/** The catalogue's own words stand in `messages/<locale>/nodes.json`. */
const catalogueWords = new Set(['title', 'summary', 'label', 'help', 'example', 'keywords', 'sample', 'params', 'value'])
const notSaid = new Set(['describe', 'meta', 'gauge', 'counter', 'debug', 'log', 'fatal', 'Error', 'TypeError', 'openapi', 'RegExp'])

export interface Sentence {
  english: string
  file: string
  line: number
}

/** Everything in code that people read in English, each with `{0}` where values stand: whole sentences, and what is marked as a phrase. */
export function findSentences(): Sentence[] {
  const found = new Map<string, Sentence>()
  for (const file of rooms.flatMap(filesBelow)) {
    if (notShown.test(file)) continue
    for (const one of sentencesIn(file)) if (!found.has(one.english)) found.set(one.english, one)
  }
  return [...found.values()]
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder))
    .sort()
    .flatMap((name) => {
      const file = path.join(folder, name)
      if (statSync(path.join(root, file)).isDirectory()) return filesBelow(file)
      return /\.tsx?$/.test(name) && !/\.(test|d)\.tsx?$/.test(name) ? [file] : []
    })
}

function sentencesIn(file: string): Sentence[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: Sentence[] = []
  const add = (node: ts.Node, english: string) =>
    found.push({ english, file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 })
  const isTemplate = file.startsWith('workflows/templates/')
  const visit = (node: ts.Node): void => {
    if (!isTemplate && isNotSaid(node, file)) return
    for (const english of isTemplate ? templateTextsOf(node) : textsOf(node, file)) add(node, english)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function textsOf(node: ts.Node, file: string): string[] {
  if (ts.isTaggedTemplateExpression(node)) return ['phrase', 'part'].includes(node.tag.getText()) ? wordsOf(node.template).slice(0, 1) : []
  if (ts.isCallExpression(node) && node.expression.getText() === 'notFound')
    return node.arguments.filter(ts.isStringLiteral).map(({ text }) => text)
  if (file.startsWith('components/') || (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node))) return []
  return wordsOf(node).filter(isSentence)
}

function templateTextsOf(node: ts.Node): string[] {
  if (ts.isCallExpression(node)) {
    const text = node.arguments[templateSteps[node.expression.getText()] ?? -1]
    return text && ts.isStringLiteralLike(text) ? [`${inTemplates}${text.text}`] : []
  }
  if (!ts.isPropertyAssignment(node) || !templateWords.has(node.name.getText())) return []
  if (!node.parent.properties.some((one) => one.name?.getText() === 'slug')) return []
  return ts.isStringLiteralLike(node.initializer) ? [node.initializer.text] : []
}

function isNotSaid(node: ts.Node, file: string): boolean {
  if (ts.isImportDeclaration(node)) return true
  if (ts.isPropertyAssignment(node) && /^workflows\/nodes\//.test(file)) {
    // What a parameter has to be is said where it is checked; only the examples give values for them.
    const isSchema = node.name.getText() === 'params' && ts.isCallExpression(node.initializer)
    return catalogueWords.has(node.name.getText()) && !isSchema
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false
  const called = node.expression
  const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText()
  return notSaid.has(name) || (ts.isPropertyAccessExpression(called) && /\b(log|logger|console)$/.test(called.expression.getText()))
}

/** A text with `{0}`, `{1}` … for its values; several where a value is a choice between texts. */
function wordsOf(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (!ts.isTemplateExpression(node)) return []
  let texts = [node.head.text]
  for (const [index, span] of node.templateSpans.entries()) {
    const choices = choicesOf(span.expression).map((choice) => choice ?? `{${index}}`)
    texts = texts.flatMap((text) => choices.map((choice) => `${text}${choice}${span.literal.text}`))
  }
  return [...new Set(texts)]
}

/** What a choice between texts can come to; null for what is not a text. */
function choicesOf(node: ts.Expression): (string | null)[] {
  if (ts.isParenthesizedExpression(node)) return choicesOf(node.expression)
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isConditionalExpression(node)) return [...new Set([...choicesOf(node.whenTrue), ...choicesOf(node.whenFalse)])]
  return [null]
}

/** Words that begin and end as a sentence does, where its beginning or end may be a value, and are no code, path or pattern. */
function isSentence(text: string): boolean {
  const words = text.trim()
  if (/^(select|insert|update|delete|with|set|create|alter)\b| = \{/i.test(words) || /[{}();]\n|\r|=>$|^[A-Z_]+$/.test(words)) return false
  const isWhole = /[.!?…]$/.test(words) && /\p{L}{2,}[,;:’']? [`“"]?\p{L}+/u.test(words)
  const leadsToValue =
    /\{\d+\}[.…]?$/.test(words) && /\p{L}{2,}[^{}]*[ :][^{}]*\{|^“\{0\}”: /u.test(words) && /\p{L}+ \p{L}+|: /u.test(words)
  return /^[\p{Lu}“"`{$]/u.test(words) && (isWhole || leadsToValue)
}
