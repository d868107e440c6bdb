/** Long enough for a page in the background to answer. */
const answerMs = 400

/**
 * Pages of this browser that have the same workflow open name themselves when asked, so that a new page takes up the edits of closed
 * pages only. A BroadcastChannel, as locks are not there without https.
 */
export function joinPages(workflowId: string, clientId: string) {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`millrace.pages.${workflowId}`)
  const living = new Set<string>()
  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<{ here?: string; who?: true }>) => {
      if (data.who) channel.postMessage({ here: clientId })
      else if (typeof data.here === 'string') living.add(data.here)
    }
  }
  return {
    async others(): Promise<ReadonlySet<string>> {
      if (!channel) return living
      channel.postMessage({ who: true })
      await new Promise((resolve) => setTimeout(resolve, answerMs))
      return living
    },
    leave: () => channel?.close(),
  }
}
