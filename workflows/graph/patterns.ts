/** Whether a text holds what a pattern describes; throws where the pattern cannot be read. */
export type FindPattern = (pattern: string, text: string) => boolean

let find: FindPattern | null = null

/** The engine is large and the canvas needs none: it comes with the language of expressions (expressions/regex.ts). */
export function providePatterns(given: FindPattern): void {
  find = given
}

export const findPattern: FindPattern = (pattern, text) => {
  if (!find) throw new Error('patterns are read before expressions/regex.ts was loaded')
  return find(pattern, text)
}
