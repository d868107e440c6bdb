import { describe, expect, it } from 'vitest'
import { createHands } from './hands'
import { createRoom } from './room'

const megabyte = 1024 * 1024

function worker() {
  const hands = createHands()
  const is = { bytes: 200 * megabyte, now: 0 }
  const room = createRoom(
    hands,
    () => is.bytes,
    () => is.now,
  )
  const large = (runId: string) => {
    const hand = hands.take(runId)
    room.holdsMuch(hand)
    return hand
  }
  const becomes = (mb: number) => {
    is.bytes = mb * megabyte
    is.now += 10_000
  }
  return { hands, room, large, becomes }
}

describe('room for large runs', () => {
  it('is there for any number while little memory is in use', () => {
    const { room, large } = worker()
    for (const hand of [large('run_1'), large('run_2'), large('run_3')]) expect(room.mustLeave(hand)).toBe(false)
  })

  it('is kept for the first of them when too much is in use, so that one always goes on', () => {
    const { room, large, becomes } = worker()
    const [first, second, third] = [large('run_1'), large('run_2'), large('run_3')]
    becomes(450)
    expect([first, second, third].map((hand) => room.mustLeave(hand))).toEqual([false, true, true])
    expect(room.outside).toBe(2)
  })

  it('is never asked for by runs that hold nothing large, or by one alone', () => {
    const { hands, room, large, becomes } = worker()
    const only = large('run_1')
    becomes(900)
    expect(room.mustLeave(only)).toBe(false)
    expect(room.mustLeave(hands.take('run_small'))).toBe(false)
    expect(room.mayEnter('run_small_too')).toBe(true)
  })

  it('is not given again to a run that makes room, even when some is free meanwhile', () => {
    const { room, large, becomes } = worker()
    large('run_1')
    const second = large('run_2')
    becomes(450)
    expect(room.mustLeave(second)).toBe(true)
    becomes(100)
    expect(room.mustLeave(second)).toBe(true)
  })

  it('lets those that made room in again one at a time, when there is some', () => {
    const { hands, room, large, becomes } = worker()
    const all = [large('run_1'), large('run_2'), large('run_3')]
    becomes(450)
    for (const hand of all.slice(1)) {
      expect(room.mustLeave(hand)).toBe(true)
      hands.drop(hand)
    }
    becomes(390)
    expect(room.mayEnter('run_2')).toBe(false)
    becomes(300)
    expect(room.mayEnter('run_2')).toBe(true)
    expect(room.mayEnter('run_3')).toBe(false)
    expect(room.outside).toBe(1)
  })

  it('is there for the next when the last large run has ended, however much is still in use', () => {
    const { hands, room, large, becomes } = worker()
    const first = large('run_1')
    const second = large('run_2')
    becomes(450)
    expect(room.mustLeave(second)).toBe(true)
    hands.drop(second)
    expect(room.mayEnter('run_2')).toBe(false)
    hands.drop(first)
    expect(room.mayEnter('run_2')).toBe(true)
  })
})
