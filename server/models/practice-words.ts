export type Sentiment = 'positive' | 'negative' | 'neutral'

const positive = wordSet(
  'amazing awesome best better brilliant delighted easy enjoy excellent fantastic fast friendly glad good great happy helpful like liked love loved nice perfect pleased recommend smooth super thank thanks useful well wonderful works',
)
const negative = wordSet(
  'angry annoyed annoying awful bad broke broken bug bugs cancel complain complaint crash crashed crashes damaged disappointed error errors fail failed fails fault faulty frustrated hate horrible late lost missing never poor problem problems refund rude slow terrible unacceptable unhappy unusable useless worst wrong',
)
const urgent = wordSet('asap critical down emergency immediately now outage urgent urgently today')

/** Words that speak for a category although its name is not in the text. */
const kin: Record<string, ReadonlySet<string>> = {
  billing: wordSet('bill billed billing charge charged credit invoice invoices money pay paid payment price refund subscription'),
  bug: wordSet('bug broke broken crash crashed crashes error errors fail failed fails freeze wrong'),
  complaint: wordSet('angry complain complaint disappointed rude terrible unacceptable'),
  delivery: wordSet('arrive arrived courier deliver delivered delivery late package parcel shipped shipping'),
  feature: wordSet('add could feature missing need option request suggest support wish would'),
  praise: wordSet('amazing awesome excellent great happy love loved perfect thank thanks wonderful'),
  product: wordSet('broken damaged faulty item product quality'),
  question: wordSet('can do does how question what when where which who why'),
  sales: wordSet('buy demo enterprise licence license plan pricing purchase quote seats team trial'),
  service: wordSet('agent answer helpful reply rude service staff support'),
  spam: wordSet('bitcoin casino click crypto lottery prize seo viagra winner'),
  support: wordSet('broken cannot error help issue login password problem support'),
}

export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2 && !stop.has(word))
}

/** More good words than bad ones is positive, more bad ones negative. */
export function sentimentOf(text: string): Sentiment {
  const score = count(text, positive) - count(text, negative)
  return score > 0 ? 'positive' : score < 0 ? 'negative' : 'neutral'
}

export function isUrgent(text: string): boolean {
  return count(text, urgent) > 0
}

/** How strongly a text speaks for a category: its name counts three, a word of its kin one. */
export function strengthOf(category: string, text: string): number {
  const words = wordsOf(text)
  const names = wordsOf(category)
  const related = names.flatMap((name) => [...(kin[name] ?? kin[name.replace(/s$/, '')] ?? [])])
  return words.reduce((sum, word) => sum + (names.includes(word) ? 3 : 0) + (related.includes(word) ? 1 : 0), 0)
}

export function firstSentence(text: string, most: number): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  const sentence = /^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain
  return sentence.length > most ? `${sentence.slice(0, most - 1).trimEnd()}…` : sentence
}

const stop = wordSet('and are but for from has have into its not our that the their then there this was were will with you your')

function count(text: string, words: ReadonlySet<string>): number {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => words.has(word)).length
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}
