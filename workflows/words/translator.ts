/** English sentences and how another language says them; `{0}`, `{1}` … stand for what differs from one time to the next. */
export type Sentences = Readonly<Record<string, string>>

interface Pattern {
  head: string
  tail: string
  /** How much of it is fixed: of several that fit, the one that says most is meant. */
  fixed: number
  /** Which place each group of `reads` is. */
  places: readonly number[]
  reads: RegExp
  says: string
}

const place = /\{(\d+)\}/g
/** Values can be sentences themselves, and so on. */
const mostNesting = 4
const mostRemembered = 5_000
/** Longer than any sentence of ours, so that data which stands in one is not searched for patterns. */
const longestSentence = 4_000

/**
 * Says English sentences in another language. Server, worker and database speak English only, so that the API, logs and what is stored stay
 * in one language; a page recognizes each sentence by its pattern. What it does not know stays as it is.
 */
export function createTranslator(locale: string, sentences: Sentences): (text: string) => string {
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 })
  const patterns = Object.entries(sentences)
    .filter(([english]) => english.search(place) >= 0 && isTelling(english))
    .map(([english, says]) => patternOf(english, says))
    .sort((a, b) => b.fixed - a.fixed)
  const remembered = new Map<string, string>()

  function translate(text: string, depth: number): string {
    const known = sentences[text]
    if (known !== undefined) return known
    if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return numbers.format(Number(text.replaceAll(',', '')))
    if (depth > mostNesting || text.length > longestSentence || !/\p{L}/u.test(text)) return text
    return afterName(text, depth) ?? byPattern(text, depth) ?? byParts(text, depth)
  }

  /** `“Prepare”: …` is a name and a sentence, not a sentence about something that is called `“Prepare”: …`. */
  function afterName(text: string, depth: number): string | null {
    const says = sentences['“{0}”: {1}']
    const [, name, sentence] = /^“([^”]*)”: (.+)$/s.exec(text) ?? []
    if (!says || name === undefined || sentence === undefined) return null
    const said = translate(sentence, depth + 1)
    return said === sentence ? null : says.replace(place, (whole, index: string) => ({ '0': name, '1': said })[index] ?? whole)
  }

  function byPattern(text: string, depth: number): string | null {
    for (const { head, tail, fixed, places, reads, says } of patterns) {
      if (text.length < fixed || !text.startsWith(head) || !text.endsWith(tail)) continue
      const found = reads.exec(text)
      if (!found) continue
      const values = new Map(places.map((index, group) => [index, found[group + 1] ?? '']))
      return says.replace(place, (whole, index: string) => {
        const value = values.get(Number(index))
        return value === undefined ? whole : translate(value, depth + 1)
      })
    }
    return null
  }

  /** Several sentences that were put one after the other, and spaces around one. */
  function byParts(text: string, depth: number): string {
    const parts = text.split(/(?<=[.!?…])(\s+)(?=[\p{Lu}“"`])|^(\s+)|(\s+)$/u).filter((part) => part !== undefined && part !== '')
    return parts.length < 2 ? text : parts.map((part) => (part.trim() === '' ? part : translate(part, depth + 1))).join('')
  }

  return (text) => {
    const before = remembered.get(text)
    if (before !== undefined) return before
    const said = translate(text, 0)
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(text, said)
    return said
  }
}

/** Whether enough of it is fixed to tell it from what people and other systems write; `{0} in {1}` is said only where it is put together. */
function isTelling(english: string): boolean {
  const fixed = english.replace(place, '')
  return /[.!?…]\s*$/.test(fixed) || (fixed.match(/\p{L}/gu)?.length ?? 0) >= 10 || /^(“\{0\}”: \{1\}| in line \{0\})$/.test(english)
}

function patternOf(english: string, says: string): Pattern {
  const parts = english.split(/\{\d+\}/)
  return {
    head: parts[0] ?? '',
    tail: parts.at(-1) ?? '',
    fixed: parts.join('').length,
    places: [...english.matchAll(place)].map((match) => Number(match[1])),
    reads: new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.*?)')}$`, 's'),
    says,
  }
}
