import { escapePointer } from '@/workflows/graph/find-bad-json'
import { forbiddenKeys, type Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'

export type ParsedJson = { ok: true; value: Json } | { ok: false; message: string; pointer: string }

const forbidden = new Set<string>(forbiddenKeys)

class Refused extends Error {}

/**
 * JSON from outside, read strictly: what could not be kept as it was sent is refused with the place where it stands. That is nesting deeper
 * than allowed, a key given twice, a key that reaches a prototype, a number that overflows or is not exact, NUL and halves of pairs.
 */
export function parseJson(bytes: Uint8Array, maxDepth: number = limits.jsonDepth): ParsedJson {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { ok: false, message: 'This is not valid UTF-8.', pointer: '' }
  }
  const path: (string | number)[] = []
  let at = 0

  const refuse = (message: string): never => {
    throw new Refused(message)
  }
  const unexpected = (): never =>
    refuse(at >= text.length ? 'The JSON ends too early.' : `Unexpected ${JSON.stringify(text[at])} at character ${at + 1}.`)
  const skip = () => {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
    }
  }

  const readText = (): string => {
    const start = at
    at++
    let escaped = false
    for (; ; at++) {
      const code = text.charCodeAt(at)
      if (Number.isNaN(code)) unexpected()
      if (code === 34) break
      if (code === 92) {
        escaped = true
        at++
        if (at >= text.length) unexpected()
      } else if (code < 32) refuse('A text holds a control character that has to be escaped.')
    }
    at++
    const raw = text.slice(start, at)
    let value: string
    try {
      value = escaped ? (JSON.parse(raw) as string) : raw.slice(1, -1)
    } catch {
      return refuse('A text holds an escape that JSON does not know.')
    }
    if (value.includes('\u0000')) refuse('A text holds the character NUL, which cannot be stored.')
    if (!value.isWellFormed()) refuse('A text holds half of a pair of characters (a lone surrogate).')
    return value
  }

  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
  const readNumber = (): number => {
    number.lastIndex = at
    const match = number.exec(text)
    if (!match) return unexpected()
    at += match[0].length
    const value = Number(match[0])
    if (!Number.isFinite(value)) refuse('This number is too large. Send it as text.')
    if (/^-?\d+$/.test(match[0]) && !Number.isSafeInteger(value))
      refuse('This whole number is beyond 2^53 and would not be kept exactly. Send it as text.')
    return value
  }

  const readValue = (depth: number): Json => {
    skip()
    const code = text.charCodeAt(at)
    if (code === 123) return readObject(depth + 1)
    if (code === 91) return readList(depth + 1)
    if (code === 34) return readText()
    for (const [word, value] of words) {
      if (text.startsWith(word, at)) {
        at += word.length
        return value
      }
    }
    return readNumber()
  }

  const readObject = (depth: number): Json => {
    if (depth > maxDepth) refuse(`Nested more than ${maxDepth} levels deep.`)
    const found: { [key: string]: Json } = {}
    at++
    skip()
    if (text[at] === '}') {
      at++
      return found
    }
    for (;;) {
      skip()
      if (text[at] !== '"') unexpected()
      const key = readText()
      path.push(key)
      if (forbidden.has(key)) refuse(`The name “${key}” is reserved.`)
      if (Object.hasOwn(found, key)) refuse(`The name “${key.slice(0, 60)}” stands here twice.`)
      skip()
      if (text[at] !== ':') unexpected()
      at++
      found[key] = readValue(depth)
      path.pop()
      skip()
      if (text[at] === ',') {
        at++
        continue
      }
      if (text[at] !== '}') unexpected()
      at++
      return found
    }
  }

  const readList = (depth: number): Json => {
    if (depth > maxDepth) refuse(`Nested more than ${maxDepth} levels deep.`)
    const found: Json[] = []
    at++
    skip()
    if (text[at] === ']') {
      at++
      return found
    }
    for (;;) {
      path.push(found.length)
      found.push(readValue(depth))
      path.pop()
      skip()
      if (text[at] === ',') {
        at++
        continue
      }
      if (text[at] !== ']') unexpected()
      at++
      return found
    }
  }

  try {
    const value = readValue(0)
    skip()
    if (at < text.length) unexpected()
    return { ok: true, value }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { ok: false, message: error.message, pointer: path.map((part) => `/${escapePointer(part)}`).join('') }
  }
}

const words: readonly [string, Json][] = [
  ['true', true],
  ['false', false],
  ['null', null],
]
