import { describe, expect, it } from 'vitest'
import { createNudgeMemory } from './nudge-memory'

function at() {
  let now = 1_000_000
  const memory = createNudgeMemory(() => now)
  /** Asked every second for so long, it is told when it is time; answers after how many seconds. */
  const during = (seconds: number, reason: string) => {
    const told: number[] = []
    for (let second = 0; second < seconds; second++) {
      if (memory.isTime('run_1', reason)) {
        memory.told('run_1', reason)
        told.push(second)
      }
      now += 1_000
    }
    return told
  }
  return { memory, during, pass: (seconds: number) => (now += seconds * 1_000) }
}

describe('what the sweep tells Temporal of a run', () => {
  it('is told at once, then after longer and longer rests', () => {
    expect(at().during(130, 'due')).toEqual([0, 2, 6, 14, 30, 60, 90, 120])
  })

  it('is told seldom of a run that Temporal took on and has not come to', () => {
    expect(at().during(900, 'queued')).toEqual([60, 360, 660])
  })

  it('is told at once of a queued run that is woken or lost its worker', () => {
    const { memory, during } = at()
    expect(during(10, 'queued')).toEqual([])
    expect(memory.isTime('run_1', 'woken')).toBe(true)
    memory.told('run_1', 'woken')
    expect(memory.isTime('run_1', 'woken')).toBe(false)
  })

  it('is told at once of one that nobody asked about for long', () => {
    const { memory, during, pass } = at()
    during(100, 'due')
    pass(301)
    memory.tidy()
    expect(memory.isTime('run_1', 'due')).toBe(true)
  })
})
