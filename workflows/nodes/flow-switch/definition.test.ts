import { describe, expect, it } from 'vitest'
import { runPure } from '../../../tests/support/run-node'
import { portsOf } from '../../graph/ports-of'
import type { GraphNode } from '../../graph/schema'
import { flowSwitch } from './definition'

const is = (left: string, right: string) => [{ left, operator: 'one_of' as const, right }]
const cases = (country: string) => [
  { port: 'Benelux', conditions: is(country, 'NL, BE, LU') },
  { port: 'Germany', conditions: is(country, 'DE, NL') },
  { port: 'Nothing yet', conditions: [] },
]
const settings = { onError: 'fail', atMostOnce: false, disabled: false, note: '' } as const

describe('a switch', () => {
  it.each([
    ['NL', 'Benelux'],
    ['DE', 'Germany'],
    ['FR', 'otherwise'],
  ])('sends %s out by the first case that fits: %s', (country, port) => {
    expect(runPure(flowSwitch, { cases: cases(country) }, { country })).toEqual({ port, output: { country } })
  })
  it('has a way out for each case and one for the rest', () => {
    expect(portsOf({ params: { cases: cases('NL') }, settings }, flowSwitch).out).toEqual([
      'Benelux',
      'Germany',
      'Nothing yet',
      'otherwise',
    ])
    expect(portsOf({ params: { cases: '{{ x }}' }, settings }, flowSwitch).out).toEqual(['otherwise'])
  })
  it('says when a name is taken twice or is one of its own', () => {
    const named = (...ports: string[]) =>
      flowSwitch.check?.({ cases: ports.map((port) => ({ port })) }, {} as GraphNode).map((one) => one.code)
    expect(named('a', 'b')).toEqual([])
    expect(named('a', 'a')).toEqual(['switch.duplicate'])
    expect(named('otherwise')).toEqual(['switch.reserved'])
    expect(named()).toEqual(['param.required'])
  })
})
