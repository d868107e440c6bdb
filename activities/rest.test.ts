import { describe, expect, it } from 'vitest'
import { createRest } from './rest'

const mb = (count: number) => count * 1024 * 1024
const idle = (has: number) => ({ runs: 0, busy: 0.01, has: mb(has) })

describe('a worker at rest', () => {
  it('gives memory back at the second quiet look, once', () => {
    const rest = createRest()
    expect([300, 300, 180, 180, 180].map((has) => rest.look(idle(has)))).toEqual([false, true, false, false, false])
  })

  it('does so again only when it has come to hold more', () => {
    const rest = createRest()
    for (const has of [300, 300, 180]) rest.look(idle(has))
    expect([200, 200, 200].map((has) => rest.look(idle(has)))).toEqual([false, false, false])
    expect(rest.look(idle(260))).toBe(true)
  })

  it('does not while runs are in hand or its threads compute', () => {
    const rest = createRest()
    for (let look = 0; look < 5; look++) {
      expect(rest.look({ ...idle(300), runs: 1 })).toBe(false)
      expect(rest.look({ ...idle(300), busy: 0.5 })).toBe(false)
    }
    expect(rest.look(idle(300))).toBe(false)
    expect(rest.look(idle(300))).toBe(true)
  })
})
