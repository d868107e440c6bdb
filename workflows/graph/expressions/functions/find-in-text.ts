/** Plain scans: a pattern with repeats inside repeats would take for ever on a text made for it. */

const emailName = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/
const hostLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

export function isEmail(text: string): boolean {
  if (text.length > 320) return false
  const at = text.lastIndexOf('@')
  if (at < 1) return false
  const name = text.slice(0, at)
  return emailName.test(name) && !name.startsWith('.') && !name.endsWith('.') && !name.includes('..') && isHost(text.slice(at + 1))
}

function isHost(host: string): boolean {
  const labels = host.split('.')
  return labels.length > 1 && labels.every((label) => hostLabel.test(label)) && /[A-Za-z]{2}/.test(labels.at(-1) ?? '')
}

export function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s]/i.test(text) && !/\s/.test(text) && URL.canParse(text)
}

/** Pieces of a text that could be an address: no spaces, brackets or quotes inside. */
export function* piecesOf(text: string): Generator<string> {
  for (const match of text.matchAll(/[^\s<>()[\]{}"“”„«»,;|]+/g)) yield match[0].length > 4_000 ? match[0].slice(0, 4_000) : match[0]
}

/** A sentence's end is no part of an address. */
export function withoutEnd(piece: string): string {
  let end = piece.length
  while (end > 0 && ".,:;!?'".includes(piece.charAt(end - 1))) end--
  return piece.slice(0, end)
}

export function emailsIn(text: string): string[] {
  const found: string[] = []
  for (const piece of piecesOf(text)) {
    if (!piece.includes('@')) continue
    const bare = withoutEnd(piece.startsWith('mailto:') ? piece.slice(7) : piece)
    if (isEmail(bare)) found.push(bare)
  }
  return found
}

export function urlsIn(text: string): string[] {
  const found: string[] = []
  for (const piece of piecesOf(text)) {
    const at = piece.search(/https?:\/\//i)
    const bare = at === -1 ? '' : withoutEnd(piece.slice(at))
    if (bare !== '' && isUrl(bare)) found.push(bare)
  }
  return found
}
