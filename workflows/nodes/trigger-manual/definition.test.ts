import { describe, expect, it } from 'vitest'
import { triggerManual } from './definition'

describe('a start by hand', () => {
  it('needs nothing, and keeps sample and shape as they are', () => {
    expect(triggerManual.params.parse({})).toEqual({})
    expect(triggerManual.form.sample.literal && triggerManual.form.inputSchema.literal).toBe(true)
  })
})
