/**
 * A problem's sentence where the step's name stands beside it: `“Prepare”: …` without its beginning, `“URL” of “Prepare” is missing` without
 * its middle, in whatever quotes the language has.
 */
export function withoutTitle(message: string, title: string): string {
  if (!/^["“„«‹»]/.test(message)) return message
  const before = message.startsWith(title, 1)
  const rest = message.slice(title.length + 1)
  if (before) return /^["”“»›«]: /.test(rest) ? rest.slice(3) : message
  const [ofStep] = [...message.matchAll(/ (?:of|bei) ["“„«‹»]/g)].filter(
    ({ 0: words, index }) =>
      message.startsWith(title, index + words.length) && /^["”“»›«]/.test(message.slice(index + words.length + title.length)),
  )
  return ofStep ? message.slice(0, ofStep.index) + message.slice(ofStep.index + ofStep[0].length + title.length + 1) : message
}

/** The rest of a sentence that begins with the step's name, to stand behind it: `“Prepare” has no steps` → `has no steps`. */
export function afterTitle(message: string, title: string): string {
  const rest = message.slice(title.length + 1)
  return /^["“„«‹»]/.test(message) && message.startsWith(title, 1) && /^["”“»›«] /.test(rest) ? rest.slice(2) : withoutTitle(message, title)
}
