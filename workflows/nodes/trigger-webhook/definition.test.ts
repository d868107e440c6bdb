import { describe, expect, it } from 'vitest'
import type { GraphNode } from '../../graph/schema'
import { triggerWebhook } from './definition'

const check = (params: Record<string, string>) => triggerWebhook.check?.(params, {} as GraphNode)

describe('a webhook', () => {
  it('takes POST from anyone who has the address and answers at once, unless told otherwise', () => {
    expect(triggerWebhook.params.parse({})).toEqual({
      method: 'POST',
      respond: 'at-once',
      auth: 'none',
      signatureHeader: '',
      addresses: '',
      origins: '',
      deliveryIdHeader: '',
    })
  })
  it('that checks its callers needs something to check them with', () => {
    expect(check({ auth: 'github' })).toMatchObject([{ pointer: '/params/credential' }])
    expect(check({ auth: 'github', credential: 'cred_1' })).toEqual([])
    expect(check({ auth: 'none' })).toEqual([])
    expect(check({ addresses: '203.0.113.7, 198.51.100.0/24, 2001:db8::/32', origins: '*, https://a.example' })).toEqual([])
    expect(check({ addresses: 'office', origins: 'a.example' })).toMatchObject([
      { pointer: '/params/addresses' },
      { pointer: '/params/origins' },
    ])
    expect(check({ auth: 'hmac', credential: 'cred_1' })).toMatchObject([{ pointer: '/params/signatureHeader' }])
  })
  it('shows its method', () => {
    expect(triggerWebhook.subtitle?.({ method: 'ANY' }, triggerWebhook.form)).toBe('Any method to its address')
    expect(triggerWebhook.subtitle?.({}, triggerWebhook.form)).toBe('POST to its address')
  })
})
