import { describe, expect, it } from 'vitest'
import { previewTemplate, type Scope } from '../../graph/expressions'
import { fromCsvFile, isCsvFile, isTable } from './from-csv-file'

const scope = { input: null, trigger: null, steps: {}, vars: {}, run: {} } as unknown as Scope

describe('a CSV node from a file', () => {
  it('holds the rows, reads numbers as numbers and is named after the file', () => {
    expect(fromCsvFile('orders 2026.csv', '\uFEFFsku,amount\nOAK-1,3')).toEqual({
      ok: true,
      title: 'orders 2026',
      params: { mode: 'read', types: 'guess', data: 'sku,amount\nOAK-1,3' },
    })
  })

  it('says how large a file with a million rows is, and what to do with it', () => {
    const made = fromCsvFile('all.csv', 'a,b\n', 38 * 1024 * 1024)
    expect(made).toMatchObject({ ok: false, message: expect.stringMatching(/“all.csv” has 38.0 MB.*at most 200 KB.*HTTP request/) })
  })

  it('refuses what is no text, has no rows, or leaves a quotation mark open', () => {
    expect(fromCsvFile('x.csv', 'a\u0000b\n1')).toMatchObject({ ok: false, message: expect.stringContaining('not a text') })
    expect(fromCsvFile('x.csv', 'a,b')).toMatchObject({ ok: false, message: expect.stringContaining('no rows') })
    expect(fromCsvFile('x.csv', 'a,b\n"1,2')).toMatchObject({ ok: false })
  })

  it('takes braces in a cell for what they are', () => {
    const made = fromCsvFile('x.csv', 'a,b\n{{ steps.x }},{{{')
    expect(made.ok && previewTemplate(String(made.params.data), scope)).toEqual({ ok: true, value: 'a,b\n{{ steps.x }},{{{' })
  })

  it('knows a table by its lines', () => {
    expect(isTable('sku\tamount\nOAK-1\t3')).toBe(true)
    expect(isTable('a;b\n"1;5";2\n')).toBe(true)
    expect(isTable('just some text, with a comma')).toBe(false)
    expect(isTable('one, two\nthree')).toBe(false)
    expect(isTable('[1,2]\n[3,4]')).toBe(false)
    expect(isCsvFile('A.CSV') && isCsvFile('b.tsv')).toBe(true)
    expect(isCsvFile('b.json')).toBe(false)
  })
})
