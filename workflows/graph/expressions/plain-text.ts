/** A text from outside as it is: what would open an expression is written as an expression that gives it. */
export function asPlainText(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}')
}
