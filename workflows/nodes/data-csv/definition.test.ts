import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataCsv } from './definition'
import { makeCsv } from './make-csv'
import { readCsv } from './read-csv'

const read = (data: string, more: object = {}) => runPure(dataCsv, { data, ...more }).output
const make = (data: Json, more: object = {}) => runPure(dataCsv, { mode: 'make', data, ...more }).output

describe('reading CSV', () => {
  it('finds out what stands between the values', () => {
    for (const between of [',', ';', '\t', '|']) expect(read(`a${between}b\n1${between}2`)).toEqual([{ a: '1', b: '2' }])
    expect(read('"a,b,c";d\n1;2')).toEqual([{ 'a,b,c': '1', d: '2' }])
    expect(read('"a\nx";b\n1;2')).toEqual([{ 'a\nx': '1', b: '2' }])
    expect(read('\n\na;b\n1;2')).toEqual([{ a: '1', b: '2' }])
    expect(read('\ta\n1\t2')).toEqual([{ column_1: '1', a: '2' }])
    expect(read('a;b\n1;2', { delimiter: ',' })).toEqual([{ 'a;b': '1;2' }])
  })
  it('reads quotation marks, line ends of all kinds and values with line ends in them', () => {
    expect(read('\uFEFFid,text\r\n1,"say ""hi"", ok"\r2,"two\nlines" \n\n3, spaced \n')).toEqual([
      { id: '1', text: 'say "hi", ok' },
      { id: '2', text: 'two\nlines' },
      { id: '3', text: ' spaced ' },
    ])
    expect(read('a, "b, c"\n1, "2, 3"')).toEqual([{ a: '1', 'b, c': '2, 3' }])
    expect(read('a,b\n"x"y,2')).toEqual([{ a: 'xy', b: '2' }])
    expect(read('a,b\n1,')).toEqual([{ a: '1', b: '' }])
    expect(read('a,b\n,')).toEqual([{ a: '', b: '' }])
  })
  it('gives each column a name of its own', () => {
    expect(read('a,,a,__proto__\n1,2,3,4,5\n6')).toEqual([
      { a: '1', column_2: '2', a_2: '3', column_4: '4', column_5: '5' },
      { a: '6', column_2: '', a_2: '', column_4: '' },
    ])
    expect(read('a,b\n1,2', { header: false })).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
    expect(read('')).toEqual([])
    expect(read('a,b')).toEqual([])
  })
  it('never lets a column without a name take the place of one that has it', () => {
    expect(read('column_3,b\n1,2,3')).toEqual([{ column_3: '1', b: '2', column_3_2: '3' }])
  })
  it('names 100,000 columns that are called the same in time', () => {
    const [item] = read(`${'a,'.repeat(99_999)}a\n1`) as Record<string, string>[]
    expect(Object.keys(item ?? {})).toHaveLength(100_000)
  }, 10_000)
  it('refuses a short text that would be a huge table, both ways', async () => {
    const wide = `${'a,'.repeat(999)}a${'\nx'.repeat(5_001)}`
    expect(await failureOf(() => read(wide))).toMatchObject({ code: 'table.too_many_cells', pointer: '/params/data' })
    const different = Array.from({ length: 2_500 }, (_, index) => ({ [`k${index}`]: 1 }))
    expect(await failureOf(() => make(different))).toMatchObject({ code: 'table.too_many_cells' })
  })
  it('takes for numbers only what would be written the same way again', () => {
    const text = 'v\n12.50\n007\n-3\ntrue\n""\n1e5\n9007199254740993\n1.10\nabc\n'
    expect((read(`${text},x`, { types: 'guess' }) as { v: Json }[]).map((item) => item.v)).toEqual([
      12.5,
      '007',
      -3,
      true,
      '1e5',
      '9007199254740993',
      1.1,
      'abc',
      null,
    ])
  })
  it('says what is wrong', async () => {
    expect(await failureOf(() => read('a\n1\n"open'))).toMatchObject({ code: 'csv.quote', message: expect.stringContaining('row 3') })
    expect(await failureOf(() => read('1\n'.repeat(100_002)))).toMatchObject({ code: 'list.too_many' })
    expect(read('1\n'.repeat(100_001))).toHaveLength(100_000)
    expect(await failureOf(() => runPure(dataCsv, {}, { a: 1 }))).toMatchObject({ code: 'document.not_a_text' })
  })
  it('is linear in the text, also where it is hostile', () => {
    read(`a,b\n${'"x""y",2\n'.repeat(90_000)}`)
    read(`a\n"${'""'.repeat(2_000_000)}"`)
  })
})

describe('making CSV', () => {
  it('writes all fields that items have, or those that were named', () => {
    const items: Json[] = [
      { id: 1, customer: { name: 'Ada, L.' }, ok: true },
      { id: 2, note: 'say "hi"', nothing: null },
    ]
    expect(make(items)).toBe('id,customer,ok,note,nothing\r\n1,"{""name"":""Ada, L.""}",true,,\r\n2,,,"say ""hi""",')
    expect(make(items, { columns: 'customer.name, id', delimiter: ';', header: false })).toBe('Ada, L.;1\r\n;2')
    expect(make({ a: 1 })).toBe('a\r\n1')
    expect(make([[1, 'x'], 'y'])).toBe('1,x\r\ny')
    expect(make([])).toBe('')
  })
  it('takes the names of columns as they are where nobody named them', () => {
    expect(make([{ 'a.b': 5, '': 6 }, { a: { b: 1 } }])).toBe('a.b,,a\r\n5,6,\r\n,,"{""b"":1}"')
  })
  it('does not let a text become a formula in a spreadsheet', () => {
    const values = ['=1+1', '@x', '-5', '+31 6 123', '-x', '\tx'].map((v) => ({ v }))
    expect(make(values, { header: false })).toBe(`'=1+1\r\n'@x\r\n-5\r\n+31 6 123\r\n'-x\r\n'\tx`)
    expect(make([{ v: '=1+1' }], { header: false, guard: false })).toBe('=1+1')
  })
  it('gives a text that reads as the same items', () => {
    const cell = fc.string().map((text) => `.${text.toWellFormed()}`)
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: cell, 'b c': cell }), { minLength: 1 }),
        fc.constantFrom(',' as const, ';' as const, 'tab' as const),
        (items, delimiter) => {
          const text = makeCsv(items, { delimiter, header: true, columns: [], guard: true })
          expect(readCsv(text, { delimiter, header: true, types: 'text' })).toEqual(items)
        },
      ),
    )
  })
})
