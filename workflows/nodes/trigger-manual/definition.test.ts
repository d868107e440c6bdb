import { describe, expect, it } from 'vitest'
import { triggerManual } from './definition'

describe('a start by hand', () => {
  it('needs nothing, and keeps its sample as it is', () => {
    expect(triggerManual.params.parse({})).toEqual({})
    expect(triggerManual.form.sample.literal).toBe(true)
  })
})
