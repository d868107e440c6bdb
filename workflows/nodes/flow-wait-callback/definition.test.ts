import { describe, expect, it } from 'vitest'
import { portsOf } from '../../graph/ports-of'
import { callbackOf } from './callback'
import { flowWaitCallback } from './definition'

const settings = { onError: 'fail', atMostOnce: false, disabled: false, note: '' } as const

describe('a wait for a callback', () => {
  it('is over after a day unless it says otherwise', () => {
    const now = new Date('2026-03-01T12:00:00Z')
    expect(callbackOf(flowWaitCallback.params.parse({}), { path: 'hear', now })).toEqual({
      kind: 'callback',
      path: 'hear',
      attempt: 1,
      dueAt: new Date('2026-03-02T12:00:00Z'),
    })
  })
  it('has a way out for the time-out only when asked to', () => {
    expect(portsOf({ params: {}, settings }, flowWaitCallback).out).toEqual(['main'])
    expect(portsOf({ params: { onTimeout: 'timeout' }, settings }, flowWaitCallback).out).toEqual(['main', 'timeout'])
  })
})
