import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import { aheadOf } from './not-reached'
import type { Held, StoppedTest } from './stopped-test'

const set = { type: 'data.set' }
const graph = graphOf('start -> one -> loop -> after -> last; one -> beside; weigh -> label -> keep', {
  start: { type: 'trigger.manual' },
  one: set,
  loop: { type: 'flow.for_each' },
  weigh: { ...set, parent: 'loop' },
  label: { ...set, parent: 'loop' },
  keep: { ...set, parent: 'loop' },
  after: set,
  last: set,
  beside: set,
})
const ids = (...keys: string[]) => new Set(keys.map(idOf))
const taken = new Map(['one', 'beside'].map((key) => [idOf(key), 'main'] as const))
const stopped = (more: Partial<StoppedTest>): StoppedTest => ({
  nodeId: idOf('start'),
  mode: 'all',
  at: [],
  taken,
  changed: new Map(),
  startedAt: 0,
  ...more,
})
const held = { nodeId: idOf('label'), values: [{ nodeId: idOf('weigh') }] } as unknown as Held

describe('a test that stands still', () => {
  it('inside a loop has not reached what follows in the item, nor what comes after the loop', () => {
    const { notReached, around } = aheadOf(graph, stopped({ at: [idOf('label')], held }))
    expect(notReached).toEqual(ids('label', 'keep', 'after', 'last'))
    expect(around).toEqual(ids('loop'))
  })

  it('before a loop has reached nothing in it', () => {
    expect(aheadOf(graph, stopped({ at: [idOf('loop')] })).notReached).toEqual(ids('loop', 'weigh', 'label', 'keep', 'after', 'last'))
  })

  it('says nothing of what it was never to run', () => {
    const upTo = stopped({ mode: 'upTo', nodeId: idOf('after'), at: [idOf('label')], held })
    expect(aheadOf(graph, upTo).notReached).toEqual(ids('label', 'keep', 'after'))
  })
})
