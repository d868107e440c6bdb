import { describe, expect, it } from 'vitest'
import { triggerError } from './definition'

describe('a start by a failure', () => {
  it('needs nothing and shows what it will get', () => {
    expect(triggerError.params.parse({})).toEqual({})
    expect(triggerError.sample).toMatchObject({ run: { id: expect.any(String) }, error: { message: expect.any(String) } })
  })
})
