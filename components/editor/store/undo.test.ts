import { expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import { chosenAfter } from './undo'

const set = { type: 'data.set' }
const whole = graphOf('start -> a -> b', { start: { type: 'trigger.manual' }, a: set, b: set })
const shorter = graphOf('start -> a', { start: { type: 'trigger.manual' }, a: set })

it('chooses the step before one whose adding was undone, so that the next one hangs there', () => {
  expect(chosenAfter(whole, shorter, new Set([idOf('b')]))).toEqual([idOf('a')])
})

it('chooses what came back', () => {
  expect(chosenAfter(shorter, whole, new Set([idOf('start')]))).toEqual([idOf('b')])
})

it('leaves chosen what is still there', () => {
  expect(chosenAfter(whole, shorter, new Set([idOf('a')]))).toBeNull()
  expect(chosenAfter(whole, shorter, new Set())).toBeNull()
})
