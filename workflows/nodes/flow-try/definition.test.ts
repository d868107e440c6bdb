import { describe, expect, it } from 'vitest'
import { portsOf } from '../../graph/ports-of'
import { flowTry } from './definition'

const settings = { onError: 'fail', atMostOnce: false, disabled: false, note: '' } as const

describe('try', () => {
  it('has ports of its frame inside, which are no ways out', () => {
    expect(flowTry.body?.ports).toEqual(['catch', 'finally'])
    expect(portsOf({ params: {}, settings }, flowTry)).toEqual({ in: ['main'], out: ['main'] })
    expect(portsOf({ params: {}, settings: { ...settings, onError: 'port' } }, flowTry).out).toEqual(['main', 'error'])
  })
})
