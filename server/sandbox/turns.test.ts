import { describe, expect, it } from 'vitest'
import { createTurns } from './turns'

const patient = new AbortController().signal

/** Takes places and says who has one, in order. */
function watched(most: number) {
  const turns = createTurns(most)
  const order: string[] = []
  const leave = new Map<string, () => void>()
  const take = (name: string, signal = patient) =>
    turns.take(name[0] ?? '', signal).then((over) => {
      order.push(name)
      leave.set(name, over)
    })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  const leaves = async (name: string) => {
    leave.get(name)?.()
    await settled()
  }
  return { order, take, settled, leaves }
}

describe('turns', () => {
  it('are given to so many of one owner at once, in order', async () => {
    const { order, take, settled, leaves } = watched(2)
    for (const name of ['a1', 'a2', 'a3', 'a4']) void take(name)
    await settled()
    expect(order).toEqual(['a1', 'a2'])
    await leaves('a1')
    await leaves('a1')
    expect(order).toEqual(['a1', 'a2', 'a3'])
  })
  it('come at once to an owner who has none, whatever others hold', async () => {
    const { order, take, settled, leaves } = watched(2)
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) void take(name)
    await settled()
    expect(order).toEqual(['a1', 'a2', 'b1'])
    await leaves('b1')
    expect(order.at(-1)).toBe('b2')
  })
  it('go round among owners, also where there is but one place', async () => {
    const { order, take, settled, leaves } = watched(1)
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1', 'c2']) void take(name)
    await settled()
    for (let at = 0; at < 7; at++) await leaves(order[at] ?? '')
    expect(
      order
        .map((name) => name[0])
        .slice(0, 6)
        .sort(),
    ).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
    expect(order).toHaveLength(7)
  })
  it('are not kept for calls that were stopped while they waited', async () => {
    const { order, take, settled, leaves } = watched(1)
    const stop = new AbortController()
    void take('a1')
    const stopped = take('a2', stop.signal)
    void take('a3')
    await settled()
    stop.abort()
    await expect(stopped).rejects.toMatchObject({ step: { class: 'cancelled' } })
    await leaves('a1')
    expect(order).toEqual(['a1', 'a3'])
  })
})
