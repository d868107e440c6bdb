import { part } from '@/workflows/words/part'

/** States of runs and dead letters, as they stand inside a sentence. */
const words: Readonly<Record<string, string>> = {
  succeeded: part`succeeded`,
  failed: part`failed`,
  cancelled: part`cancelled`,
  open: part`open`,
  retried: part`retried`,
  resolved: part`resolved`,
  discarded: part`discarded`,
}

export function stateInWords(state: string): string {
  return words[state] ?? state
}
