import type { Sentences } from './translator'

interface Language {
  locale: string
  sentences: Sentences
  /** Says an English sentence, also one with values in it. */
  translate: (text: string) => string
}

let language: Language | null = null

/** For a page, once, before it draws: from then on `spoken` and `phrase` say things in this language. English needs none. */
export function speak(chosen: Language | null): void {
  language = chosen
}

/** What server, worker or database said in English, in the page's language. */
export function spoken(text: string): string {
  return language ? language.translate(text) : text
}

/** Text that is put together where it is shown, in the page's language; its English is what stands in the code. */
export function phrase(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const locale = language?.locale ?? 'en'
  const shown = values.map((value) => (typeof value === 'number' ? value.toLocaleString(locale, { maximumFractionDigits: 20 }) : value))
  const english = parts.reduce((text, part, index) => `${text}{${index - 1}}${part}`)
  return (language?.sentences[english] ?? english).replace(/\{(\d+)\}/g, (whole, index: string) => shown[Number(index)] ?? whole)
}

/** The language that numbers and lists are written in. */
export function spokenLocale(): string {
  return language?.locale ?? 'en'
}
