import { describe, expect, it } from 'vitest'
import { flowStop } from './definition'
import { stopErrorOf } from './stop-error'

describe('stop with error', () => {
  it('says its message and kind, and leads nowhere', () => {
    expect(stopErrorOf(flowStop.params.parse({ message: 'No customer', class: 'bad_data' }))).toEqual({
      class: 'bad_data',
      code: 'stop',
      message: 'No customer',
    })
    expect(flowStop.ports.out).toEqual([])
  })
  it('needs a message', () => {
    expect(flowStop.params.safeParse({ message: ' ' }).success).toBe(false)
  })
})
