import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import compile from 'icu-minify/compile'
import { definitions } from '@/workflows/nodes/catalogue'
import { credentialTypes } from '@/workflows/nodes/credential-types'
import { wordsOf, wordsOfCredential } from '@/workflows/nodes/node-words'

type Messages = { [key: string]: string | Messages }

const folder = path.resolve(import.meta.dirname, '..', '..', 'messages')

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

function messagesOf(locale: string, without: string): string[] {
  const files = readdirSync(path.join(folder, locale)).filter((file) => file !== without)
  return files.flatMap((file) => textsIn(JSON.parse(readFileSync(path.join(folder, locale, file), 'utf8')) as Messages))
}

/** A message as an expression for what it can look like on screen; plural forms and choices are alternatives. */
function looksLike(message: string): string {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const ofParts = (parts: unknown): string => (Array.isArray(parts) ? parts.map(ofPart).join('') : ofPart(parts))
  const ofPart = (part: unknown): string => {
    if (typeof part === 'string') return escaped(part)
    if (!Array.isArray(part)) return '[\\d.,]+'
    const [, kind, options] = part
    if (part.length > 1 && (typeof kind !== 'number' || kind === 0)) return ofParts(part.slice(1))
    if (options === null || typeof options !== 'object' || kind === 4) return '.+'
    return `(?:${Object.values(options).map(ofParts).join('|')})`
  }
  return ofParts(compile(message))
}

/** Says which texts of a page are English that this language has its own words for. */
export function englishFinder(locale: string): (page: Page, given?: readonly string[]) => Promise<string[]> {
  const catalogueWords = (texts: string[]) => texts.filter((text) => text.length > 3 && !/[{}=<]/.test(text))
  const own = new Set(messagesOf(locale, ''))
  const english = messagesOf('en', 'sentences.json').filter((message) => !own.has(message))
  const plain = new Set([
    ...english,
    ...catalogueWords([...definitions.flatMap((one) => textsIn(wordsOf(one))), ...textsIn(credentialTypes.map(wordsOfCredential))]),
  ])
  for (const text of own) plain.delete(text)
  const filled = english.filter((message) => message.includes('{')).map(looksLike)
  // What is mostly places fits anything.
  const patterns = filled
    .filter((one) => one.replace(/\.\+|\(\?:|\[\\d\.,\]\+|[^\p{L}]/gu, '').length > 5)
    .map((one) => new RegExp(`^${one}$`, 'u'))
  return async (page, given = []) => {
    const shown = await page.evaluate(() => {
      const texts: string[] = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) {
        const within = walker.currentNode.parentElement
        const text = walker.currentNode.textContent?.trim()
        if (text && within && within.getClientRects().length > 0) texts.push(text)
      }
      for (const name of ['aria-label', 'aria-description', 'title', 'placeholder'])
        for (const one of document.body.querySelectorAll(`[${name}]`)) texts.push(one.getAttribute(name) ?? '')
      return texts
    })
    const unknown = [...new Set(shown)].filter((text) => !own.has(text) && !given.includes(text))
    return unknown.filter((text) => plain.has(text) || patterns.some((pattern) => pattern.test(text)))
  }
}
