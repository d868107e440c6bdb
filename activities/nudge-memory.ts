const firstRestMs = 2_000
const longestRestMs = 30_000
/** For what Temporal has taken on and not come to yet: once after this, in case it has no workflow any more, then seldom. */
const firstQueuedMs = 60_000
const queuedMs = 300_000

/**
 * What this worker's sweep told Temporal already. Temporal keeps what it acknowledged, so telling it again every few seconds of runs that
 * only stand in its line would make the line longer: each is told of after longer and longer rests.
 */
export interface NudgeMemory {
  /** `queued`: its start was acknowledged, and it waits for a worker there. */
  isTime(runId: string, reason: string): boolean
  told(runId: string, reason: string): void
  /** Forgets runs that nobody asked about for long. */
  tidy(): void
}

interface Known {
  /** When it was told of last, or seen first in line. */
  at: number
  rest: number
  queued: boolean
  seenAt: number
}

export function createNudgeMemory(clock: () => number = () => performance.now()): NudgeMemory {
  const known = new Map<string, Known>()
  return {
    isTime(runId, reason) {
      const now = clock()
      const queued = reason === 'queued'
      const last = known.get(runId)
      if (last) last.seenAt = now
      if (last?.queued === queued) return now - last.at >= last.rest
      if (queued) known.set(runId, { at: now, rest: firstQueuedMs, queued, seenAt: now })
      return !queued
    },
    told(runId, reason) {
      const now = clock()
      const queued = reason === 'queued'
      const last = known.get(runId)
      const next = last?.queued === false ? Math.min(last.rest * 2, longestRestMs) : firstRestMs
      known.set(runId, { at: now, rest: queued ? queuedMs : next, queued, seenAt: now })
    },
    tidy() {
      const now = clock()
      for (const [runId, { seenAt }] of known) if (now - seenAt > queuedMs) known.delete(runId)
    },
  }
}
