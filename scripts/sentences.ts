import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { findSentences } from './find-sentences'

/**
 * Brings `messages/<locale>/sentences.json` in step with the English in the code: what is gone goes, what is new comes empty and is listed,
 * for whoever translates it.
 */
const locale = process.argv[2]
if (!locale || !/^[a-z]{2,3}(-[A-Za-z]+)?$/.test(locale)) throw new Error('Say which language: npx tsx scripts/sentences.ts de')
const file = path.resolve(import.meta.dirname, '..', 'messages', locale, 'sentences.json')
const there = JSON.parse(readIfThere(file)) as Record<string, string>
const sentences = findSentences()
const words = Object.fromEntries(sentences.map(({ english }) => [english, there[english] ?? '']))
writeFileSync(file, `${JSON.stringify(words, null, 2)}\n`)
for (const one of sentences.filter(({ english }) => !words[english])) console.log(`${one.file}:${one.line} ${one.english}`)

function readIfThere(at: string): string {
  try {
    return readFileSync(at, 'utf8')
  } catch {
    return '{}'
  }
}
