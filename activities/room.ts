import type { Hand, Hands } from './hands'

/** What a worker may use before runs that hold large values make room for one another; 512 MB is what it shall never need. */
const mostBytes = 400 * 1024 * 1024
/** Below this there is room again. */
const enough = 0.92
const lookEveryMs = 100
const enterEveryMs = 2_000
/** Runs that made room and were taken up elsewhere are forgotten some time. */
const mostOutside = 1_000

/**
 * Keeps several large runs from bringing their worker down together: while too much memory is in use, all that hold large values but the
 * one that held some first are given back behind their last finished step, and wait until there is room or a worker elsewhere takes them.
 * Runs without large values never wait for it, and one always goes on.
 */
export interface Room {
  /** Told of a run in hand that holds large values. */
  holdsMuch(hand: Hand): void
  /** Whether a run in hand has to be given back; once true for a hand it stays so. */
  mustLeave(hand: Hand): boolean
  /** False for a run that was given back and for which there is no room yet. */
  mayEnter(runId: string): boolean
  /** Runs that were given back and did not come again. */
  readonly outside: number
}

export function createRoom(
  hands: Pick<Hands, 'get'>,
  inUse: () => number = () => process.memoryUsage.rss(),
  clock: () => number = () => performance.now(),
): Room {
  /** In the order in which they came to hold some. */
  const much = new Set<Hand>()
  const leaving = new WeakSet<Hand>()
  const outside = new Set<string>()
  let lookedAt = Number.NEGATIVE_INFINITY
  let enteredAt = Number.NEGATIVE_INFINITY
  let tight = false

  const isTight = (): boolean => {
    const now = clock()
    if (now - lookedAt < lookEveryMs) return tight
    lookedAt = now
    tight = inUse() > (tight ? mostBytes * enough : mostBytes)
    return tight
  }
  const tidy = (): void => {
    for (const hand of much) if (hands.get(hand.runId) !== hand) much.delete(hand)
  }

  return {
    holdsMuch(hand) {
      much.add(hand)
    },
    mustLeave(hand) {
      if (leaving.has(hand)) return true
      if (much.size < 2 || !much.has(hand)) return false
      tidy()
      const [first] = much
      if (hand === first || !isTight()) return false
      leaving.add(hand)
      outside.add(hand.runId)
      const [oldest] = outside
      if (outside.size > mostOutside && oldest !== undefined) outside.delete(oldest)
      return true
    },
    mayEnter(runId) {
      if (!outside.has(runId)) return true
      tidy()
      const now = clock()
      // One at a time: what the last one needs shows only when it has begun.
      if (much.size > 0 && (now - enteredAt < enterEveryMs || isTight())) return false
      enteredAt = now
      outside.delete(runId)
      return true
    },
    get outside() {
      return outside.size
    },
  }
}
