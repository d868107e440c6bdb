import os from 'node:os'
import { warmWorker } from '@/db/client'
import { type Claimed, laneTurn, type SucceededRun } from '@/db/lane'
import { wakeLinked } from './wake-linked'
import { whileAway } from './while-away'

/** What a lane asks of the database, one statement at a time: runs that ended meanwhile and the claim of others go together. */
export interface Turns {
  /** False when another holder has the run; throws when the database refused it. */
  succeed(run: SucceededRun): Promise<boolean>
  /** `limit` is asked when the statement is made, with the number of runs that end in it. */
  claim(wish: Wish): Promise<Claimed>
}

interface Wish {
  limit(ending: number): number
  after: string | null
  lost: boolean
}
interface Ending {
  run: SucceededRun
  resolve(done: boolean): void
  reject(error: unknown): void
}
interface Wanted {
  wish: Wish
  resolve(claimed: Claimed): void
  reject(error: unknown): void
}

const mostTogether = 64
const patienceMs = 10_000

export function createTurns(holderId: string): Turns {
  const host = os.hostname()
  let endings: Ending[] = []
  let wanted: Wanted | null = null
  let turning = false

  async function turn(): Promise<void> {
    if (turning) return
    turning = true
    // Runs that were claimed together mostly end in the same turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    while (endings.length > 0 || wanted) await ask()
    turning = false
  }

  async function ask(): Promise<void> {
    const ending = endings.slice(0, mostTogether)
    endings = endings.slice(mostTogether)
    const claiming = wanted
    wanted = null
    const limit = Math.max(0, claiming?.wish.limit(ending.length) ?? 0)
    if (ending.length === 0 && limit === 0) {
      claiming?.resolve({ runs: [], more: true })
      return
    }
    const asked = {
      host,
      holderId,
      ended: ending.map(({ run }) => run),
      limit,
      after: claiming?.wish.after ?? null,
      lost: claiming?.wish.lost ?? false,
    }
    const turned = () => warmWorker((db) => laneTurn(asked, db))
    try {
      const { done, wake, ...claimed } = await (ending.length > 0 ? whileAway(turned, patienceMs) : turned())
      if (wake.length > 0) void wakeLinked(wake)
      for (const { run, resolve } of ending) resolve(done.has(run.runId))
      claiming?.resolve(limit > 0 ? claimed : { runs: [], more: true })
    } catch (error) {
      for (const { reject } of ending) reject(error)
      claiming?.reject(error)
    }
  }

  return {
    succeed: (run) =>
      new Promise((resolve, reject) => {
        endings.push({ run, resolve, reject })
        void turn()
      }),
    claim: (wish) =>
      new Promise((resolve, reject) => {
        wanted = { wish, resolve, reject }
        void turn()
      }),
  }
}
