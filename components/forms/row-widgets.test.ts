import { describe, expect, it } from 'vitest'
import { rowsIn } from './row-widgets'

describe('lines that are pasted into a table of names and values', () => {
  it('become rows', () => {
    expect(rowsIn('Accept: application/json\nX-Trace = a=b\n\nIf-Match:"1"')).toEqual([
      { name: 'Accept', value: 'application/json' },
      { name: 'X-Trace', value: 'a=b' },
      { name: 'If-Match', value: '"1"' },
    ])
    expect(rowsIn('status=open')).toEqual([{ name: 'status', value: 'open' }])
  })
  it('stay a text where they are no rows', () => {
    for (const text of ['', 'Accept', 'two words\nAccept: x', 'https://example.com/a b']) expect(rowsIn(text)).toBeNull()
  })
})
