import type { Json } from '../graph/schema'

export type SortAs = 'natural' | 'number' | 'text'
/** What a value is compared by; `rank` puts kinds in order, and what is missing at the end. */
export interface SortKey {
  rank: 0 | 1 | 2 | 3
  number: number
  text: string
  /** As it stands there, where nothing else tells two apart. */
  exact: string
}

const missing: SortKey = { rank: 3, number: 0, text: '', exact: '' }
/** Enough of a text for an order in words; what is equal so far is compared by all of it. */
const folded = 200

/**
 * Made once for each value, so that comparing is cheap. Texts count as numbers where nothing but numbers is there, as in a column of a CSV:
 * 1.25 stands before 1.5 and -10 before -5, which no order of words gives.
 */
export function sortKeysOf(values: readonly (Json | undefined)[], as: SortAs): SortKey[] {
  const by = as === 'natural' && values.every(isAmountOrMissing) ? 'number' : as
  return values.map((value) => sortKeyOf(value, by))
}

function sortKeyOf(value: Json | undefined, as: SortAs): SortKey {
  if (value === undefined || value === null || value === '') return missing
  if (as === 'number') {
    const number = numberOf(value)
    return number === null ? missing : { rank: 0, number, text: '', exact: '' }
  }
  if (as === 'text') return { rank: 1, number: 0, text: textOf(value), exact: '' }
  if (typeof value === 'number') return { rank: 0, number: value, text: '', exact: '' }
  if (typeof value === 'boolean') return { rank: 2, number: value ? 1 : 0, text: '', exact: '' }
  const text = textOf(value)
  return { rank: 1, number: 0, text: fold(text), exact: text }
}

/** A text with more digits is an id, and a number would not hold all of them. */
function isAmountOrMissing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || typeof value === 'number') return true
  return typeof value === 'string' && /^\s*[+-]?\d{1,15}(\.\d{1,15})?\s*$/.test(value)
}

function numberOf(value: Json): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : null
}

export function compareKeys(a: SortKey, b: SortKey): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  if (a.number !== b.number) return a.number - b.number
  return compareTexts(a.text, b.text)
}

/** Of keys that are equal: whether they were written alike. */
export function compareExactly(a: SortKey, b: SortKey): number {
  return compareTexts(a.exact, b.exact)
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function isMissing(key: SortKey): boolean {
  return key.rank === 3
}

/** Without case and accents, and each number in it by its size: file2 before file10. */
function fold(text: string): string {
  const start = text.length > folded ? text.slice(0, folded) : text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside ASCII may have accents
  const plain = /^[\x00-\x7f]*$/.test(start) ? start : start.normalize('NFKD').replace(/\p{M}/gu, '')
  const digits = plain.toLowerCase().replace(/\d+/g, (number) => {
    const short = number.replace(/^0+(?=\d)/, '')
    return `0${String.fromCharCode(33 + Math.min(short.length, 200))}${short}`
  })
  return text.length > folded ? `${digits}\u0000${text}` : digits
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
