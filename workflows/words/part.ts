/**
 * Marks a piece of a sentence that is put together elsewhere, such as “a text” or “in line 3”. It stays English here: a page in another
 * language says it when it says the sentence.
 */
export function part(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((text, one, index) => `${text}${values[index - 1]}${one}`)
}
