import type { Json } from '../graph/schema'

export type SortAs = 'natural' | 'number' | 'text'
/** What a value is compared by; `rank` puts kinds in order, and what is missing at the end. */
export interface SortKey {
  rank: 0 | 1 | 2 | 3
  number: number
  text: string
}

const missing: SortKey = { rank: 3, number: 0, text: '' }
/** Enough of a text for an order in words; what is equal so far is compared by all of it. */
const folded = 200

/** Made once for each item, so that comparing is cheap. */
export function sortKeyOf(value: Json | undefined, as: SortAs): SortKey {
  if (value === undefined || value === null || value === '') return missing
  if (as === 'number') {
    const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value.trim() || Number.NaN) : Number.NaN
    return Number.isNaN(number) ? missing : { rank: 0, number, text: '' }
  }
  if (as === 'text') return { rank: 1, number: 0, text: textOf(value) }
  if (typeof value === 'number') return { rank: 0, number: value, text: '' }
  if (typeof value === 'boolean') return { rank: 2, number: value ? 1 : 0, text: '' }
  return { rank: 1, number: 0, text: fold(textOf(value)) }
}

export function compareKeys(a: SortKey, b: SortKey): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  if (a.number !== b.number) return a.number - b.number
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0
}

export function isMissing(key: SortKey): boolean {
  return key.rank === 3
}

/** Without case and accents, and each number in it by its size: file2 before file10. The whole text decides between equals. */
function fold(text: string): string {
  const start = text.length > folded ? text.slice(0, folded) : text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside ASCII may have accents
  const plain = /^[\x00-\x7f]*$/.test(start) ? start : start.normalize('NFKD').replace(/\p{M}/gu, '')
  const digits = plain.toLowerCase().replace(/\d+/g, (number) => {
    const short = number.replace(/^0+(?=\d)/, '')
    return `0${String.fromCharCode(33 + Math.min(short.length, 200))}${short}`
  })
  return `${digits}\u0000${text}`
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
