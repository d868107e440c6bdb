import { expect, test } from 'vitest'
import { labelPlace } from './label-place'

const middle = { x: 0, y: 0 }
const label = '12 items · 340 ms'

test('a label stands in the middle of the straight run that is long enough for it', () => {
  expect(labelPlace({ sourceX: 220, sourceY: 71, targetX: 520, targetY: 28 }, middle, label)).toEqual({ x: 377, y: 28 })
})

test('between two near cards a label begins behind the first and stands above the second, from whichever way out the edge comes', () => {
  for (const sourceY of [28, 71, 95, 240]) {
    const place = labelPlace({ sourceX: 220, sourceY, targetX: 248, targetY: 28 }, middle, label)
    expect(place.fromLeft).toBe(true)
    // The card that the edge leaves ends 12 px before the middle of the port's reach.
    expect(place.x).toBeGreaterThan(220 - 12)
    expect(place.y + 10).toBeLessThanOrEqual(28 - 28)
  }
})

test('an edge that leads back keeps its label in its middle, and one without a label has nothing to place', () => {
  expect(labelPlace({ sourceX: 220, sourceY: 28, targetX: 100, targetY: 128 }, { x: 160, y: 78 }, label)).toEqual({ x: 160, y: 78 })
  expect(labelPlace({ sourceX: 220, sourceY: 28, targetX: 248, targetY: 28 }, { x: 234, y: 28 }, undefined)).toEqual({ x: 234, y: 28 })
})
