import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../tests/support/run-node'
import { flowWait } from './definition'
import { durationInWords } from './duration-in-words'
import { waitUntil } from './wait-until'

const now = new Date('2026-03-01T12:00:00Z')
const until = (text: string) => waitUntil(flowWait.params.parse({ mode: 'until', until: text }), now).toISOString()

describe('a wait', () => {
  it('is over after its time', () => {
    expect(waitUntil(flowWait.params.parse({ durationMs: '90000' }), now).toISOString()).toBe('2026-03-01T12:01:30.000Z')
  })
  it('is over at its date, in UTC unless it has a zone, and at once when that has passed', () => {
    expect(until('2026-03-02T08:00')).toBe('2026-03-02T08:00:00.000Z')
    expect(until('2026-03-02T08:00:00+02:00')).toBe('2026-03-02T06:00:00.000Z')
    expect(until('2026-03-02T08:00:00+02:00[Europe/Helsinki]')).toBe('2026-03-02T06:00:00.000Z')
    expect(until('2026-03-02T08:00[Europe/Helsinki]')).toBe('2026-03-02T06:00:00.000Z')
    expect(until('2026-03-02')).toBe('2026-03-02T00:00:00.000Z')
    expect(until('2020-01-01')).toBe(now.toISOString())
  })
  it.each([
    ['soon', 'wait.date'],
    ['', 'wait.date'],
    ['2027-01-01', 'wait.too_long'],
    ['2026-03-02T08:00[Nowhere/Here]', 'wait.date'],
  ])('until %j says what is wrong', async (text, code) => {
    expect(await failureOf(() => until(text))).toMatchObject({ class: 'bad_data', code, pointer: '/params/until' })
  })
  it.each([
    ['time', { time: '14:30' }, 'UTC', '2026-03-01T14:30:00.000Z'],
    ['time', { time: '8:00' }, 'UTC', '2026-03-02T08:00:00.000Z'],
    ['time', { time: '12:00' }, 'UTC', '2026-03-02T12:00:00.000Z'],
    ['time', { time: '08:00', timeZone: 'Asia/Tokyo' }, 'UTC', '2026-03-01T23:00:00.000Z'],
    ['time', { time: '08:00' }, 'Europe/Berlin', '2026-03-02T07:00:00.000Z'],
    ['weekday', {}, 'UTC', '2026-03-02T08:00:00.000Z'],
    ['weekday', { weekday: 'sunday', time: '13:00' }, 'UTC', '2026-03-01T13:00:00.000Z'],
    ['weekday', { weekday: 'sunday' }, 'UTC', '2026-03-08T08:00:00.000Z'],
    ['weekday', { weekday: 'friday' }, 'America/New_York', '2026-03-06T13:00:00.000Z'],
  ] as const)('until a %s %j in %s is over at the next one', (mode, params, zone, at) => {
    expect(waitUntil(flowWait.params.parse({ mode, ...params }), now, zone).toISOString()).toBe(at)
  })
  it('goes on after the gap when clocks leave its time out', () => {
    const params = flowWait.params.parse({ mode: 'time', time: '02:30', timeZone: 'Europe/Berlin' })
    expect(waitUntil(params, new Date('2026-03-28T20:00:00Z')).toISOString()).toBe('2026-03-29T01:30:00.000Z')
  })
  it('needs a time and a zone that there are', async () => {
    expect(flowWait.params.safeParse({ mode: 'time', time: '25:00' }).success).toBe(false)
    const params = flowWait.params.parse({ mode: 'time', timeZone: 'Mars/Olympus' })
    expect(await failureOf(() => waitUntil(params, now))).toMatchObject({ code: 'wait.time_zone', pointer: '/params/timeZone' })
  })
  it('is told in words', () => {
    expect([250, 1_000, 90_000, 3_600_000, 90_061_000].map(durationInWords)).toEqual([
      '250 ms',
      '1 s',
      '1 min 30 s',
      '1 hour',
      '1 day 1 hour',
    ])
    expect(flowWait.subtitle?.({ mode: 'until', until: '{{ input.due }}' }, flowWait.form)).toBe('Until {due}')
    const until = '2026-03-02T08:00:00+02:00[Europe/Helsinki]'
    expect(flowWait.subtitle?.({ mode: 'until', until }, flowWait.form)).toBe('Until 2026-03-02 08:00')
  })
})
