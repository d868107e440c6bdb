import type { Hands } from './hands'

const lookEveryMs = 2_000
/** Looks in a row at which nothing is done. */
const quietLooks = 2
const quietShare = 0.25
const worthIt = 32 * 1024 * 1024

interface Looked {
  /** Runs in hand. */
  runs: number
  /** Share of one processor that all threads used since the last look. */
  busy: number
  /** Bytes that the process has. */
  has: number
}

/**
 * Says when a worker that has come to rest should give back what its last work left behind: V8 keeps a young generation as large as it once
 * was, and looks for garbage by what is allocated, of which there is none any more.
 */
export function createRest(): { look(now: Looked): boolean } {
  let quiet = 0
  let least = 0
  let gaveBack = false
  return {
    look({ runs, busy, has }) {
      if (gaveBack) least = has
      gaveBack = false
      quiet = runs === 0 && busy < quietShare ? quiet + 1 : 0
      if (quiet < quietLooks || has - least < worthIt) return false
      quiet = 0
      gaveBack = true
      return true
    },
  }
}

/** Looks every two seconds. Giving back takes some tenths of a second, in which nothing else is done. */
export function keepLean(hands: Pick<Hands, 'size'>, giveBack: () => void): void {
  const rest = createRest()
  let before = { cpu: process.cpuUsage(), at: performance.now() }
  setInterval(() => {
    const now = { cpu: process.cpuUsage(), at: performance.now() }
    const usedMs = (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / 1_000
    const busy = usedMs / (now.at - before.at)
    before = now
    if (rest.look({ runs: hands.size, busy, has: process.memoryUsage.rss() })) giveBack()
  }, lookEveryMs).unref()
}
