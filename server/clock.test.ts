import { afterEach, describe, expect, it } from 'vitest'
import { nowMs, setByDatabase } from './clock'

afterEach(() => {
  setByDatabase(1_000, 1_000, 1_000)
})

describe('the clock of runs', () => {
  it('goes by the database where the two differ', () => {
    expect(setByDatabase(Date.now() - 90_000, Date.now(), Date.now())).toBeCloseTo(90_000, -2)
    expect(Math.abs(nowMs() - (Date.now() - 90_000))).toBeLessThan(50)
  })

  it("is this machine's own where the difference may be the time that the answer took", () => {
    expect(setByDatabase(50_400, 50_000, 50_300)).toBeCloseTo(0)
    expect(Math.abs(nowMs() - Date.now())).toBeLessThan(50)
  })
})
