import { describe, expect, it } from 'vitest'
import { portsOf } from '../../graph/ports-of'
import { flowThrottle } from './definition'

const settings = { onError: 'fail', atMostOnce: false, disabled: false, note: '' } as const

describe('a throttle', () => {
  it('lets one a minute pass and keeps the others waiting unless it says otherwise', () => {
    expect(flowThrottle.params.parse({})).toEqual({ limit: 1, withinMs: 60_000, key: '', otherwise: 'wait' })
    expect(portsOf({ params: {}, settings }, flowThrottle).out).toEqual(['main'])
    expect(portsOf({ params: { otherwise: 'leave' }, settings }, flowThrottle).out).toEqual(['main', 'limited'])
  })
  it('shows how many in which time', () => {
    expect(flowThrottle.subtitle?.({ limit: 10, withinMs: 3_600_000 }, flowThrottle.form)).toBe('10 in 1 hour')
  })
})
