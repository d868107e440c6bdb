import { describe, expect, it } from 'vitest'
import { freePlace, nextWayOut, wayIntoView } from './places'

describe('the way out that the next step begins at', () => {
  it('is the first that leads nowhere yet', () => {
    expect(nextWayOut(['true', 'false'], new Set())).toBe('true')
    expect(nextWayOut(['true', 'false'], new Set(['true']))).toBe('false')
  })

  it('is the first where all lead somewhere, and never the one of a failure', () => {
    expect(nextWayOut(['true', 'false'], new Set(['true', 'false']))).toBe('true')
    expect(nextWayOut(['main', 'error'], new Set(['main']))).toBe('main')
    expect(nextWayOut([], new Set())).toBeUndefined()
  })
})

it('puts no card on another', () => {
  const nodes = [{ position: { x: 500, y: 100 } }, { position: { x: 500, y: 200 } }]
  expect(freePlace(nodes, { x: 500, y: 100 })).toEqual({ x: 500, y: 300 })
  expect(freePlace(nodes, { x: 760, y: 100 })).toEqual({ x: 760, y: 100 })
})

describe('bringing a card into view', () => {
  const room = { left: 40, top: 40, right: 960, bottom: 660 }
  const card = { width: 208, height: 56 }

  it('leaves the view alone where the card is seen', () => {
    expect(wayIntoView({ x: 0, y: 0, zoom: 1 }, room, { ...card, x: 400, y: 300 })).toBeNull()
  })

  it('moves it as far as the card is outside', () => {
    expect(wayIntoView({ x: 0, y: 0, zoom: 1 }, room, { ...card, x: 900, y: 300 })).toEqual({ x: -148, y: 0 })
    expect(wayIntoView({ x: -500, y: 0, zoom: 0.5 }, room, { ...card, x: 100, y: -100 })).toEqual({ x: 490, y: 90 })
  })

  it('shows the beginning of what is larger', () => {
    expect(wayIntoView({ x: 0, y: 0, zoom: 1 }, room, { x: 500, y: 100, width: 2000, height: 300 })).toEqual({ x: -460, y: 0 })
  })
})
