import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import compile from 'icu-minify/compile'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { sentencesFile } from '../app/i18n/read-sentences'
import { findSentences } from '../scripts/find-sentences'
import { categories, definitions } from '../workflows/nodes/catalogue'
import { credentialTypes } from '../workflows/nodes/credential-types'
import { wordKey, wordsOf, wordsOfCredential } from '../workflows/nodes/node-words'
import { createTranslator, type Sentences } from '../workflows/words/translator'

const root = path.resolve(import.meta.dirname, '..')

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const file = path.join(folder, name)
    if (statSync(path.join(root, file)).isDirectory()) return filesBelow(file)
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [file] : []
  })
}

/** Attributes whose text a person reads or hears. */
const spoken = new Set([
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'alt',
  'description',
  'empty',
  'example',
  'header',
  'heading',
  'help',
  'hint',
  'label',
  'note',
  'placeholder',
  'title',
])
const sayers = new Set(['toast', 'success', 'error', 'warning', 'info', 'message', 'confirm', 'alert', 'setError'])

/** Words as people say them: not a unit, a sign, a name of a key, a path or an example of code. */
function isProse(text: string): boolean {
  const words = text.trim()
  if (allowed.has(words) || /^(?:[\w:/[\].-]*-[\w:/[\].-]*\s*)+$/.test(words)) return false
  return /\p{L}{2,}/u.test(words) && (/^\p{Lu}/u.test(words) || /\p{L}{2,} \p{L}{2,}/u.test(words))
}

/** Names that are the same in every language. */
const allowed = new Set<string>(['Millrace', 'JSON', 'CSV', 'Esc', 'Ctrl', 'K', 'Tab'])

function textsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const say = (node: ts.Node, text: string) => {
    if (isProse(text)) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${text.trim().slice(0, 80)}`)
  }
  const literal = (node: ts.Node | undefined): void => {
    if (!node) return
    if (ts.isStringLiteralLike(node)) say(node, node.text)
    else if (ts.isTemplateExpression(node)) say(node, [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' '))
    else if (ts.isJsxExpression(node) || ts.isParenthesizedExpression(node)) literal(node.expression)
    else if (ts.isConditionalExpression(node)) {
      literal(node.whenTrue)
      literal(node.whenFalse)
    } else if (ts.isBinaryExpression(node)) {
      literal(node.left)
      literal(node.right)
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) say(node, node.text)
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) literal(node.expression)
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText())) literal(node.initializer)
    if (ts.isPropertyAssignment(node) && spoken.has(node.name.getText().replace(/['"]/g, ''))) literal(node.initializer)
    if (ts.isCallExpression(node)) {
      const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText()
      const of = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression.getText() : ''
      if (sayers.has(name) && (of === '' || of === 'toast')) literal(node.arguments[0])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

type Messages = { [key: string]: string | Messages }

function messagesOf(locale: string): Record<string, string> {
  const folder = path.join(root, 'messages', locale)
  const flat: Record<string, string> = {}
  const visit = (at: string, value: string | Messages) => {
    if (typeof value === 'string') flat[at] = value
    else for (const [key, one] of Object.entries(value)) visit(`${at}.${key}`, one)
  }
  for (const file of readdirSync(folder).filter((name) => name !== sentencesFile))
    visit(file.replace('.json', ''), JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
  return flat
}

/** What a sentence is given: `{name}`, the argument of `{count, plural, …}`, and tags. One that cannot be read throws. */
function placesIn(message: string): string[] {
  const found = new Set<string>()
  const inParts = (parts: unknown): void => {
    if (Array.isArray(parts)) for (const part of parts) inPart(part)
  }
  const inPart = (part: unknown): void => {
    if (!Array.isArray(part)) return
    const [name, kind, options] = part
    const isTag = part.length > 1 && (typeof kind !== 'number' || kind === 0)
    found.add(isTag ? `<${name}>` : String(name))
    if (isTag) inParts(part.slice(1))
    else if (options !== null && typeof options === 'object') for (const option of Object.values(options)) inParts(option)
  }
  inParts(compile(message))
  return [...found].sort()
}

describe('a language beside English', () => {
  const english = { ...messagesOf('en'), ...wordsOfAllNodes() }
  const others = readdirSync(path.join(root, 'messages')).filter((locale) => locale !== 'en')

  it('says everything that English says, with the same places to fill, and nothing else', () => {
    for (const locale of others) {
      const theirs = messagesOf(locale)
      expect(Object.keys(english).filter((key) => theirs[key] === undefined)).toEqual([])
      expect(Object.keys(theirs).filter((key) => english[key] === undefined)).toEqual([])
      // The catalogue's words are taken as they are.
      const messages = Object.keys(english).filter((key) => !key.startsWith('nodes.'))
      expect(messages.filter((key) => `${placesIn(english[key] ?? '')}` !== `${placesIn(theirs[key] ?? '')}`)).toEqual([])
    }
  })
})

describe('what the code says in English', () => {
  const sentences = findSentences().map(({ english }) => english)
  const places = (text: string) => [...new Set(text.match(/\{\d+\}/g))].sort()
  const others = readdirSync(path.join(root, 'messages')).filter((locale) => locale !== 'en')
  const wordsIn = (locale: string): Sentences => JSON.parse(readFileSync(path.join(root, 'messages', locale, sentencesFile), 'utf8'))

  it.each(others)('is said in %s, each sentence with its places, and nothing else is', (locale) => {
    const words = wordsIn(locale)
    expect(sentences.filter((english) => !words[english])).toEqual([])
    expect(Object.keys(words).filter((english) => !sentences.includes(english))).toEqual([])
    expect(sentences.filter((english) => `${places(english)}` !== `${places(words[english] ?? '')}`)).toEqual([])
  })

  it.each(others)('is told apart by what stands around its values in %s', (locale) => {
    const words = wordsIn(locale)
    const translate = createTranslator(locale, words)
    const fill = (text: string) => text.replace(/\{(\d+)\}/g, (_, index) => `v${index}`)
    const whole = sentences.filter((english) => /[.!?…]$/.test(english) && places(english).length > 0)
    const mistaken = whole.filter((english) => translate(fill(english)) !== fill(words[english] ?? ''))
    expect(mistaken).toEqual([])
  })

  it('is marked where it is put together on screen', () => {
    const found = filesBelow('workflows').flatMap(unmarkedIn)
    expect(found).toEqual([])
  })
})

/** Texts of subtitles and names of edits that are not marked as phrases. */
function unmarkedIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const look = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node)) {
      if (ts.isTemplateExpression(node.template)) for (const span of node.template.templateSpans) look(span.expression)
      return
    }
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? node.head.text + node.templateSpans.map((span) => span.literal.text).join(' ')
        : ''
    if (isProse(text) && !/^(?:[A-Z ]+|return input)$/.test(text)) found.push(`${file} ${text}`)
    ts.forEachChild(node, look)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ['subtitle', 'describe'].includes(node.name.getText())) look(node.initializer)
    else ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The English of the catalogue as `messages/<locale>/nodes.json` has it. */
function wordsOfAllNodes(): Record<string, string> {
  const flat: Record<string, string> = {}
  const visit = (at: string, value: unknown) => {
    if (typeof value === 'string') flat[at] = value
    else for (const [key, one] of Object.entries(value as object)) visit(`${at}.${key}`, one)
  }
  for (const definition of definitions) visit(`nodes.types.${wordKey(definition.type)}`, wordsOf(definition))
  for (const one of credentialTypes) visit(`nodes.credentials.${wordKey(one.type)}`, wordsOfCredential(one))
  for (const { category, title } of categories) visit(`nodes.categories.${category}`, title)
  return flat
}

describe('what is said on screen', () => {
  it('stands in messages, nowhere in components and pages', () => {
    const found = [...filesBelow('components'), ...filesBelow('app')].flatMap(textsIn)
    expect(found).toEqual([])
  })
})
