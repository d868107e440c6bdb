/** Whether a text begins as a cURL command does. */
export function mayBeCurl(text: string): boolean {
  return /^\s*(?:\$\s*)?curl(?:\.exe)?\s/.test(text)
}

/** Whether a text may hold nodes; what it really holds is found out by addFromText. */
export function mayHoldNodes(text: string): boolean {
  return mayBeCurl(text) || /^\s*(?:[[{]|(?:openapi|swagger)["']?\s*:)/.test(text) || /[^\n\r][\t;,].*[\n\r]/.test(text.slice(0, 10_000))
}
