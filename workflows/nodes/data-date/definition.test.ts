import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataDate } from './definition'

const at = (params: Parameters<typeof dataDate.params.parse>[0] & object) => runPure(dataDate, params as never).output

describe('date and time', () => {
  it.each<[object, Json]>([
    [{}, '1970-01-01T00:00:00.000Z'],
    [{ date: '2026-03-09T14:05:00Z', zone: 'Europe/Amsterdam', form: 'dd.MM.yyyy HH:mm' }, '09.03.2026 15:05'],
    [{ date: 86_400_000, form: 'cccc d LLLL yyyy' }, 'Friday 2 January 1970'],
    [{ date: '09.03.2026', inputForm: 'dd.MM.yyyy', zone: 'Europe/Berlin' }, '2026-03-09T00:00:00.000+01:00'],
    [{ date: 'Mon, 09 Mar 2026 14:05:00 GMT' }, '2026-03-09T14:05:00.000Z'],
    [{ operation: 'add', date: '2026-01-31', amount: 1, unit: 'months', form: 'yyyy-MM-dd' }, '2026-02-28'],
    [{ operation: 'add', date: '2026-03-28T12:00', amount: '1', unit: 'days', zone: 'Europe/Berlin' }, '2026-03-29T12:00:00.000+02:00'],
    [{ operation: 'add', date: '2026-03-28T12:00', amount: 24, unit: 'hours', zone: 'Europe/Berlin' }, '2026-03-29T13:00:00.000+02:00'],
    [{ operation: 'add', date: '2026-03-01', amount: -1, unit: 'days', form: 'yyyy-MM-dd' }, '2026-02-28'],
    [{ operation: 'difference', date: '2026-03-09', other: '2026-03-01' }, 8],
    [{ operation: 'difference', date: '2026-03-01T12:00', other: '2026-03-02' }, -0.5],
    [{ operation: 'difference', date: '2026-03-09', other: '2025-03-09', unit: 'years' }, 1],
    [{ operation: 'difference', date: 999_999_999_999, other: 0, unit: 'milliseconds' }, 999_999_999_999],
    [{ date: 20260309, inputForm: 'yyyyMMdd' }, '2026-03-09T00:00:00.000Z'],
    [{ date: 1_773_065_100, inputForm: 'X' }, '2026-03-09T14:05:00.000Z'],
    [{ date: '1773065100000', inputForm: 'x' }, '2026-03-09T14:05:00.000Z'],
    [{ operation: 'start', date: '2026-03-11T14:05:00Z', unit: 'weeks' }, '2026-03-09T00:00:00.000Z'],
    [{ operation: 'end', date: '2026-02-09', unit: 'months' }, '2026-02-28T23:59:59.999Z'],
    [{ operation: 'start', date: '2026-03-09T23:30:00Z', unit: 'days', zone: 'Asia/Tokyo', form: 'dd' }, '10'],
  ])('%j gives %j', (params, expected) => {
    expect(at(params)).toBe(expected)
  })
  it('takes a date apart', () => {
    expect(at({ operation: 'parts', date: '2026-03-09T14:05:07Z', zone: 'Europe/Amsterdam' })).toMatchObject({
      iso: '2026-03-09T15:05:07.000+01:00',
      date: '2026-03-09',
      weekday: 1,
      week: 11,
      hour: 15,
      zone: 'Europe/Amsterdam',
    })
  })
  it('says which year the week is of', () => {
    expect(at({ operation: 'parts', date: '2027-01-01' })).toMatchObject({ year: 2027, week: 53, weekYear: 2026 })
  })
  it('warns of letters that mean something else here', () => {
    const pointers = (params: Record<string, string>) => dataDate.check?.(params, {} as never).map(({ pointer }) => pointer)
    expect(pointers({ form: 'YYYY-MM-DD', inputForm: 'DD.MM.yyyy' })).toEqual(['/params/form', '/params/inputForm'])
    expect(pointers({ form: "yyyy-MM-dd 'YD'", inputForm: 'DD' })).toEqual([])
  })
  it('puts the result into a field of the input', () => {
    expect(runPure(dataDate, { date: '2026-03-09', form: 'dd', into: 'order.day' }, { id: 1 }).output).toEqual({
      id: 1,
      order: { day: '09' },
    })
  })
  it.each<[object, string, string]>([
    [{ date: 'soon' }, 'date.not_a_date', '/params/date'],
    [{ date: null }, 'date.not_a_date', '/params/date'],
    [{ date: { a: 1 } }, 'date.not_a_date', '/params/date'],
    [{ date: 1e300 }, 'date.not_a_date', '/params/date'],
    [{ date: '2026-02-30' }, 'date.not_a_date', '/params/date'],
    [{ date: '12' }, 'date.not_a_date', '/params/date'],
    [{ date: '10:30' }, 'date.not_a_date', '/params/date'],
    [{ date: 'T10:30:00Z' }, 'date.not_a_date', '/params/date'],
    [{ date: 'soon', inputForm: 'X' }, 'date.form', '/params/date'],
    [{ date: '2026-03-09', inputForm: 'dd.MM.yyyy' }, 'date.form', '/params/date'],
    [{ operation: 'difference', date: '2026-03-09', other: '' }, 'date.not_a_date', '/params/other'],
    [{ zone: 'Mars/Olympus' }, 'date.zone', '/params/zone'],
    [{ zone: '../etc' }, 'date.zone', '/params/zone'],
    [{ operation: 'add', amount: 1_000_000_000, unit: 'years' }, 'date.range', '/params/amount'],
  ])('%j fails with %s', async (params, code, pointer) => {
    expect(await failureOf(() => at(params))).toMatchObject({ class: 'bad_data', code, pointer })
  })
})
