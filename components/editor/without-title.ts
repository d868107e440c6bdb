/** A problem's sentence where the step's name stands beside it: `“Prepare”: …` without its beginning, in whatever quotes the language has. */
export function withoutTitle(message: string, title: string): string {
  const before = message.slice(1, title.length + 1) === title && /^["“„«‹»]/.test(message)
  const rest = message.slice(title.length + 1)
  return before && /^["”“»›«]: /.test(rest) ? rest.slice(3) : message
}
