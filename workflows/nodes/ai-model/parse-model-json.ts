import { type ReadJson, readJson } from '../read-json'

/** JSON as models write it: plain, in a code fence, or with words around it. */
export function parseModelJson(said: string): ReadJson {
  const text = withoutThoughts(said)
  const whole = readJson(text.trim())
  if (whole.ok) return whole
  const fenced = fencedIn(text)
  if (fenced) {
    const inside = readJson(fenced.trim())
    if (inside.ok) return inside
  }
  return [spanOf(text, '{', '}'), spanOf(text, '[', ']')]
    .sort((one, other) => other.length - one.length)
    .reduce<ReadJson>((found, span) => (found.ok || span === '' ? found : readJson(span)), whole)
}

/** What stands between the first two fences. */
function fencedIn(text: string): string {
  const [, inside = '', ...closed] = text.split('```', 3)
  return closed.length > 0 ? inside.replace(/^json/i, '') : ''
}

/** From the first sign to the last; of two kinds of brackets the longer span holds the other. */
function spanOf(text: string, first: string, last: string): string {
  const start = text.indexOf(first)
  const end = text.lastIndexOf(last)
  return start >= 0 && end > start ? text.slice(start, end + 1) : ''
}

/** Some models write what they think before they answer. */
function withoutThoughts(text: string): string {
  const end = /^\s*<think(?:ing)?>/i.test(text) ? /<\/think(?:ing)?>/i.exec(text) : null
  return end ? text.slice(end.index + end[0].length) : text
}
