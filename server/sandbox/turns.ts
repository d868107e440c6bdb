import { stoppedCode } from './code-error'

export interface Turns {
  /** Waits for a place and gives what leaves it; rejects when the call is stopped while it waits. */
  take(owner: string, signal: AbortSignal): Promise<() => void>
}

interface Waiting {
  owner: string
  enter(): void
}

/**
 * So many calls at once, and a few more for owners of whom none is under way: code that runs until its time is over takes its own
 * organization's places, and another's call, whose time runs while it waits, finds one. Of those who wait, whoever has least under way
 * is next, then whose last turn is longest ago.
 */
export function createTurns(most: number): Turns {
  const waiting: Waiting[] = []
  const underWay = new Map<string, number>()
  const lastTurn = new Map<string, number>()
  let taken = 0
  let turns = 0

  const countOf = (owner: string): number => underWay.get(owner) ?? 0
  const goesBefore = (one: Waiting, other: Waiting): boolean => {
    const difference = countOf(one.owner) - countOf(other.owner)
    return difference !== 0 ? difference < 0 : (lastTurn.get(one.owner) ?? 0) < (lastTurn.get(other.owner) ?? 0)
  }

  function next(): void {
    for (;;) {
      const [first, ...others] = waiting
      if (!first) return
      const chosen = others.reduce((best, one) => (goesBefore(one, best) ? one : best), first)
      if (taken >= (countOf(chosen.owner) === 0 ? 2 * most : most)) return
      waiting.splice(waiting.indexOf(chosen), 1)
      chosen.enter()
    }
  }

  function begin(owner: string): () => void {
    taken += 1
    turns += 1
    underWay.set(owner, countOf(owner) + 1)
    lastTurn.set(owner, turns)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      taken -= 1
      const left = countOf(owner) - 1
      if (left > 0) underWay.set(owner, left)
      else underWay.delete(owner)
      if (left === 0 && !waiting.some((one) => one.owner === owner)) lastTurn.delete(owner)
      next()
    }
  }

  return {
    take: (owner, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(stoppedCode(signal))
          return
        }
        const leave = (): void => {
          const at = waiting.indexOf(one)
          if (at < 0) return
          waiting.splice(at, 1)
          reject(stoppedCode(signal))
        }
        const one: Waiting = {
          owner,
          enter: () => {
            signal.removeEventListener('abort', leave)
            resolve(begin(owner))
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(one)
        next()
      }),
  }
}
