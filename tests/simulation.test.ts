import { describe, expect, it } from 'vitest'
import { randomGraph } from './simulation/random-graph'
import { shrink, simulate } from './simulation/simulate'

/** `SIMULATION_SEEDS=100000 SIMULATION_FROM=10000 vitest run --project unit tests/simulation` runs more of them, or one again. */
const from = Number(process.env.SIMULATION_FROM ?? 0)
const seeds = Number(process.env.SIMULATION_SEEDS ?? 10_000)

describe('random graphs in random worlds', () => {
  it('mean what the reference model says, whatever order steps end in, whatever crashes, fails, waits or is cancelled', async () => {
    const seen = { succeeded: 0, failed: 0, stopped: 0, crashes: 0, chunks: 0, steps: 0 }
    for (let seed = from; seed < from + seeds; seed++) {
      const graph = randomGraph(seed)
      try {
        const { outcome, crashes, chunks, steps } = await simulate(graph, seed)
        if (outcome.kind === 'succeeded' || outcome.kind === 'failed' || outcome.kind === 'stopped') seen[outcome.kind] += 1
        seen.crashes += crashes
        seen.chunks += chunks
        seen.steps += steps
      } catch (error) {
        const small = await shrink(graph, seed)
        throw new Error(`seed ${seed}: ${(error as Error).message}\n${JSON.stringify(small)}`)
      }
    }
    // A generator that makes only one kind of run proves nothing.
    if (seeds >= 1_000) for (const count of Object.values(seen)) expect(count).toBeGreaterThan(seeds / 100)
  }, 600_000)
})
