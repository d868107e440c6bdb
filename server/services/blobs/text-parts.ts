/** Characters of a value that travel together: what carries them stands several times in memory. */
export const partLength = 512 * 1024

/** A text in parts, one after the other; no pair of surrogates is torn. */
export function* textParts(text: string, length: number = partLength): Generator<string> {
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + length, text.length)
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1
    yield text.slice(from, to)
    from = to
  }
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
