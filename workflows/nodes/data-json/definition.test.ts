import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataJson } from './definition'

const read = (data: Json, form: 'one' | 'lines' = 'one') => runPure(dataJson, { data, form }).output

describe('JSON', () => {
  it('reads a text, and leaves alone what is data already', () => {
    expect(read('\uFEFF {"a": [1, null]} ')).toEqual({ a: [1, null] })
    expect(read('5')).toBe(5)
    expect(read({ a: 1 })).toEqual({ a: 1 })
    expect(runPure(dataJson, { into: 'body' }, '{"a":1}').output).toEqual({ body: { a: 1 } })
    expect(runPure(dataJson, { data: '{"a":1}', into: 'body' }, { id: 7, body: 'old' }).output).toEqual({ id: 7, body: { a: 1 } })
  })
  it('reads a value from each line', () => {
    expect(read('{"a":1}\r\n\n[2]\n', 'lines')).toEqual([{ a: 1 }, [2]])
    expect(read('', 'lines')).toEqual([])
  })
  it('keeps large whole numbers, and leaves out what could do harm', () => {
    expect(read('{"id": 12345678901234567890, "__proto__": {"polluted": true}, "a": "\\u0000\\ud800"}')).toEqual({
      id: '12345678901234567890',
      a: '\uFFFD\uFFFD',
    })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
  it.each<[string, Json, 'one' | 'lines', string, string]>([
    ['a page', '<html>', 'one', 'json.syntax', 'not JSON'],
    ['nothing', '', 'one', 'json.syntax', 'not JSON'],
    ['a broken line', '1\n{', 'lines', 'json.syntax', 'in line 2'],
    ['a number that overflows', '{"a": 1e400}', 'one', 'json.syntax', 'too large'],
    ['deep nesting', '['.repeat(100_000), 'one', 'json.syntax', 'levels deep'],
    ['no text', null, 'one', 'document.not_a_text', 'nothing'],
    ['a huge text', 'x'.repeat(11 * 1024 * 1024), 'one', 'document.too_large', '10 MB'],
    ['a million lines', '1\n'.repeat(1_000_000), 'lines', 'list.too_many', '1,000,000'],
  ])('says what is wrong with %s', async (_, data, form, code, words) => {
    const failure = await failureOf(() => read(data, form))
    expect(failure).toMatchObject({ class: 'bad_data', code })
    expect(failure.message).toContain(words)
  })
  it('makes a text', async () => {
    const make = (data: Json, more: object = {}) => runPure(dataJson, { mode: 'make', data, ...more }).output
    expect(make({ a: [1] })).toBe('{"a":[1]}')
    expect(make({ a: 1 }, { indent: true })).toBe('{\n  "a": 1\n}')
    expect(make([{ a: 1 }, 2], { form: 'lines' })).toBe('{"a":1}\n2')
    expect(make('text')).toBe('"text"')
    expect(await failureOf(() => make({ a: 1 }, { form: 'lines' }))).toMatchObject({ code: 'list.not_a_list' })
    expect(await failureOf(() => make('x'.repeat(11 * 1024 * 1024)))).toMatchObject({ code: 'document.too_large' })
  })
})
