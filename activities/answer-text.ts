import { storableText } from '@/db/storable-text'
import type { WebhookResponse } from '@/workflows/runtime/types'

/** A notification holds 8,000 bytes. */
const mostBytes = 7_500

/** What a waiting web process hears of a run: its answer where that is small, else that it can be read now. */
export function answerText(runId: string, response: WebhookResponse | undefined): string {
  if (response) {
    const text = storableText({ r: runId, a: response })
    if (text.length <= mostBytes && Buffer.byteLength(text) <= mostBytes) return text
  }
  return JSON.stringify({ r: runId })
}
