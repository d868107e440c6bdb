/** What happened to a node, or what is to be said about it, over what it is. */
export interface NodePaint {
  status?: 'running' | 'succeeded' | 'failed' | 'retrying' | 'waiting' | 'paused' | 'cancelled' | 'idle'
  /** Takes the place of the second line. */
  line?: string
  /** The second line counts up from here. */
  since?: Date
  /** When what it waits for ends at the latest. */
  until?: Date
  /** The second line counts down to here: "try 4 of 5 in 24 s". */
  retry?: { at: Date; attempt: number; of: number }
  meta?: string
  /** The way it went out. */
  port?: string
  problems?: number
  /** The first of them, in a sentence. */
  problem?: string
  pinned?: boolean
  stale?: boolean
  reused?: boolean
  /** Tests stop before it; `here` while one does. */
  breakpoint?: 'set' | 'here'
  change?: 'added' | 'removed' | 'changed'
}

export type EdgePaint = 'taken' | 'dim' | 'running' | 'failed' | 'added' | 'removed'

export const noPaint: NodePaint = {}

export function samePaint(a: NodePaint, b: NodePaint) {
  if (a === b) return true
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof NodePaint>
  for (const key of keys) {
    if (key === 'since' || key === 'until') {
      if (a[key]?.getTime() !== b[key]?.getTime()) return false
    } else if (key === 'retry') {
      if (a.retry?.at.getTime() !== b.retry?.at.getTime() || a.retry?.attempt !== b.retry?.attempt || a.retry?.of !== b.retry?.of)
        return false
    } else if (a[key] !== b[key]) return false
  }
  return true
}
