import { describe, expect, it } from 'vitest'
import { createHands } from './hands'

const patience = 2_000

describe('runs that execute by themselves', () => {
  it('go one after another and do not wait for those behind them', async () => {
    const hands = createHands()
    const [first, second, third] = ['run_1', 'run_2', 'run_3'].map((runId) => hands.take(runId)) as [never, never, never]
    const turns: string[] = []
    const turn = async (hand: ReturnType<typeof hands.take>) => {
      const release = await hands.alone(hand, patience)
      turns.push(`${hand.runId} ${release ? 'alone' : 'not alone'}`)
      await Promise.resolve()
      expect(hands.isOpen).toBe(false)
      release?.()
      hands.drop(hand)
    }
    await Promise.all([turn(first), turn(second), turn(third)])
    expect(turns).toEqual(['run_1 alone', 'run_2 alone', 'run_3 alone'])
    expect(hands.isOpen).toBe(true)
  })

  it('wait for what is under way, and give up when that takes too long', async () => {
    const hands = createHands()
    const other = hands.take('run_other')
    const hand = hands.take('run_1')
    expect(await hands.alone(hand, 20)).toBeNull()
    expect(hands.isOpen).toBe(true)
    const waiting = hands.alone(hand, patience)
    hands.drop(other)
    expect(await waiting).not.toBeNull()
    expect(hands.isOpen).toBe(false)
  })
})
