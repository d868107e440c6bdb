import type { StopReason } from '@/workflows/runtime/types'

/** One run that this worker has in hand. */
export interface Hand {
  runId: string
  /** Why nothing more may start, if so. */
  reason: StopReason | null
  abort: AbortController
  /** Effects under way: while there are some, the run only waits for them. */
  effects: number
  /** Their paths, in the order in which they began. */
  under: Set<string>
}

/** The runs that this worker has in hand, and the one that must execute by itself. */
export interface Hands {
  has(runId: string): boolean
  take(runId: string): Hand
  drop(hand: Hand): void
  get(runId: string): Hand | undefined
  all(): Iterable<Hand>
  readonly size: number
  /** Runs that compute at this moment. */
  readonly busy: number
  /** False while a run executes by itself or waits to. */
  readonly isOpen: boolean
  /** Counts an effect of the run while it is under way. */
  during<T>(hand: Hand, path: string, effect: () => Promise<T>): Promise<T>
  /** Called when there may be room for another run. */
  onRoom(listener: () => void): void
  /** Waits while a run executes by itself; false when the time is over. */
  untilOpen(ms: number): Promise<boolean>
  /** Waits until nobody else executes and keeps others out until `release`; null when the time is over. */
  alone(hand: Hand, ms: number): Promise<(() => void) | null>
}

export function createHands(): Hands {
  const hands = new Map<string, Hand>()
  let solo: Hand | null = null
  /** Those that would execute by themselves: until it is their turn, they do nothing. */
  const inLine = new Set<Hand>()
  let changed: (() => void)[] = []
  let busy = 0
  let listener = () => {}
  const tell = () => {
    const waiting = changed
    changed = []
    for (const wake of waiting) wake()
    listener()
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
    get busy() {
      return busy
    },
    get isOpen() {
      return solo === null
    },
    onRoom(added) {
      listener = added
    },
    take(runId) {
      const hand: Hand = { runId, reason: null, abort: new AbortController(), effects: 0, under: new Set() }
      hands.set(runId, hand)
      busy += 1
      return hand
    },
    drop(hand) {
      if (hands.get(hand.runId) === hand) hands.delete(hand.runId)
      busy -= 1
      tell()
    },
    async during(hand, path, effect) {
      hand.effects += 1
      hand.under.add(path)
      if (hand.effects === 1) {
        busy -= 1
        listener()
      }
      try {
        return await effect()
      } finally {
        hand.effects -= 1
        hand.under.delete(path)
        if (hand.effects === 0) busy += 1
      }
    },
    untilOpen: (ms) => until(() => solo === null, ms),
    async alone(hand, ms) {
      inLine.add(hand)
      tell()
      try {
        const isNext = () => solo === null && inLine.values().next().value === hand
        if (!(await until(isNext, ms))) return null
        solo = hand
        if (await until(() => [...hands.values()].every((other) => inLine.has(other)), ms)) {
          return () => {
            solo = null
            tell()
          }
        }
        solo = null
        tell()
        return null
      } finally {
        inLine.delete(hand)
        if (solo !== hand) tell()
      }
    },
  }
}
