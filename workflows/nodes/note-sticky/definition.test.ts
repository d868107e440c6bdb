import { describe, expect, it } from 'vitest'
import { portsOf } from '../../graph/ports-of'
import { noteSticky } from './definition'

describe('a sticky note', () => {
  it('connects to nothing', () => {
    const settings = { onError: 'port', atMostOnce: false, disabled: false, note: '' } as const
    expect(portsOf({ params: {}, settings }, noteSticky)).toEqual({ in: [], out: [] })
    expect(noteSticky.params.parse({})).toEqual({ text: '', colour: 'sand' })
  })
})
