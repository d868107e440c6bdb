const firstRestMs = 2_000
const longestRestMs = 30_000
/** For what Temporal has taken on and not come to yet. */
const queuedMs = 300_000

/**
 * What this worker's sweep told Temporal already. Temporal keeps what it acknowledged, so telling it again every few seconds of runs that
 * only stand in its line would make the line longer: each is told of after longer and longer rests.
 */
export interface NudgeMemory {
  /** `queued`: its start was acknowledged, and it waits for a worker there. */
  isTime(runId: string, reason: string): boolean
  told(runId: string): void
  /** Forgets runs that nobody asked about for long. */
  tidy(): void
}

export function createNudgeMemory(clock: () => number = () => performance.now()): NudgeMemory {
  const known = new Map<string, { at: number; rest: number; seenAt: number }>()
  return {
    isTime(runId, reason) {
      const now = clock()
      const told = known.get(runId)
      if (told) told.seenAt = now
      else if (reason === 'queued') known.set(runId, { at: now, rest: queuedMs, seenAt: now })
      if (reason === 'queued') return told !== undefined && now - told.at >= queuedMs
      return told === undefined || told.rest === queuedMs || now - told.at >= told.rest
    },
    told(runId) {
      const now = clock()
      const last = known.get(runId)
      const rest = last && last.rest !== queuedMs ? Math.min(last.rest * 2, longestRestMs) : firstRestMs
      known.set(runId, { at: now, rest, seenAt: now })
    },
    tidy() {
      const now = clock()
      for (const [runId, { seenAt }] of known) if (now - seenAt > queuedMs) known.delete(runId)
    },
  }
}
