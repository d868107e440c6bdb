import type { StopReason } from '@/workflows/runtime/types'

/** One run that this worker has in hand. */
export interface Hand {
  runId: string
  /** Why nothing more may start, if so. */
  reason: StopReason | null
  abort: AbortController
}

/** The runs that this worker has in hand, and the one that must execute by itself. */
export interface Hands {
  has(runId: string): boolean
  take(runId: string): Hand
  drop(hand: Hand): void
  get(runId: string): Hand | undefined
  all(): Iterable<Hand>
  readonly size: number
  /** Waits while a run executes by itself; false when the time is over. */
  untilOpen(ms: number): Promise<boolean>
  /** Waits until nobody else executes and keeps others out until `release`; null when the time is over. */
  alone(hand: Hand, ms: number): Promise<(() => void) | null>
}

export function createHands(): Hands {
  const hands = new Map<string, Hand>()
  let solo: Hand | null = null
  let changed: (() => void)[] = []
  const tell = () => {
    const waiting = changed
    changed = []
    for (const wake of waiting) wake()
  }
  const until = async (isTrue: () => boolean, ms: number): Promise<boolean> => {
    const end = performance.now() + ms
    while (!isTrue()) {
      const rest = end - performance.now()
      if (rest <= 0) return false
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, rest)
        changed.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
    return true
  }
  return {
    has: (runId) => hands.has(runId),
    get: (runId) => hands.get(runId),
    all: () => hands.values(),
    get size() {
      return hands.size
    },
    take(runId) {
      const hand: Hand = { runId, reason: null, abort: new AbortController() }
      hands.set(runId, hand)
      return hand
    },
    drop(hand) {
      if (hands.get(hand.runId) === hand) hands.delete(hand.runId)
      tell()
    },
    untilOpen: (ms) => until(() => solo === null, ms),
    async alone(hand, ms) {
      if (!(await until(() => solo === null, ms))) return null
      solo = hand
      if (await until(() => hands.size <= 1, ms)) {
        return () => {
          solo = null
          tell()
        }
      }
      solo = null
      tell()
      return null
    },
  }
}
