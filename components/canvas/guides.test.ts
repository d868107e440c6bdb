import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { snapTo } from './guides'

const box = (x: number, y: number, width = 208, height = 56) => ({ x, y, width, height })

describe('guides', () => {
  it('pull a box into one line with the edge of another and show the line through both', () => {
    const { x, y, guides } = snapTo(box(103, 200), [box(100, 0)], 6)
    expect([x, y]).toEqual([100, 200])
    expect(guides).toEqual([{ axis: 'x', at: 100, from: 0, to: 256 }])
  })

  it('align middles with middles where sizes differ', () => {
    expect(snapTo(box(300, 85, 160, 44), [box(0, 80)], 6)).toMatchObject({ x: 300, y: 86 })
  })

  it('pull towards the nearest', () => {
    expect(snapTo(box(103, 500), [box(98, 0), box(104, 200)], 6).x).toBe(104)
  })

  it('leave a box alone that is near to nothing', () => {
    expect(snapTo(box(500, 500), [box(0, 0)], 6)).toEqual({ x: 500, y: 500, guides: [] })
  })

  it('never pull further than they may, and rest where they pulled to', () => {
    const place = fc.record({ x: fc.integer({ min: -600, max: 600 }), y: fc.integer({ min: -600, max: 600 }) })
    fc.assert(
      fc.property(place, fc.array(place, { maxLength: 12 }), (one, others) => {
        const boxes = others.map(({ x, y }) => box(x, y))
        const first = snapTo(box(one.x, one.y), boxes, 6)
        expect(Math.abs(first.x - one.x)).toBeLessThanOrEqual(6)
        expect(Math.abs(first.y - one.y)).toBeLessThanOrEqual(6)
        expect(snapTo(box(first.x, first.y), boxes, 6)).toMatchObject({ x: first.x, y: first.y })
      }),
    )
  })
})
