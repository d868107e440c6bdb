import { describe, expect, it } from 'vitest'
import { flowWaitEvent } from './definition'
import { eventOf } from './event'

describe('a wait for an event', () => {
  it('is known by name and key, a number too', () => {
    const now = new Date('2026-03-01T12:00:00Z')
    const params = flowWaitEvent.params.parse({ name: 'paid', key: 20418, withinMs: 60_000 })
    expect(eventOf(params, { path: 'paid', now })).toMatchObject({
      detail: { name: 'paid', key: '20418' },
      dueAt: new Date('2026-03-01T12:01:00Z'),
    })
  })
  it('needs both', () => {
    expect(flowWaitEvent.params.safeParse({ name: 'paid', key: ' ' }).success).toBe(false)
    expect(flowWaitEvent.params.safeParse({ key: 'a' }).success).toBe(false)
  })
  it('shows both', () => {
    expect(flowWaitEvent.subtitle?.({ name: 'paid', key: '{{ input.orderId }}' }, flowWaitEvent.form)).toBe('paid {orderId}')
  })
})
