/** An answer that was asked for longer ago than this is not taken for one of the page that is opened now. */
const keptMs = 10_000

const asked = new Map<string, number>()

/** Notes that a page's first question was asked before the page stood. */
export function markAsked(question: string, now = Date.now()): void {
  asked.set(question, now)
}

/** Whether it was, for this opening of the page; once, so that a later visit asks anew. */
export function takeAsked(question: string, now = Date.now()): boolean {
  const at = asked.get(question)
  asked.delete(question)
  return at !== undefined && now - at < keptMs
}
