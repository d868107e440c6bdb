import { describe, expect, it } from 'vitest'
import { runPure } from '../../../tests/support/run-node'
import { portsOf } from '../../graph/ports-of'
import type { GraphNode, Json } from '../../graph/schema'
import { portsIn } from '../../graph/taken-ports'
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
  it('takes capital and small letters for the same when asked to', () => {
    const values = [{ name: 'Benelux', value: 'NL' }]
    expect(runPure(flowSwitch, { mode: 'value', value: 'nl', values }).port).toBe('otherwise')
    expect(runPure(flowSwitch, { mode: 'value', value: 'nl', values, ignoreCase: true }).port).toBe('Benelux')
    expect(runPure(flowSwitch, { cases: cases('nl'), ignoreCase: true }).port).toBe('Benelux')
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
  it('goes out by each case that fits when asked to', () => {
    const out = (country: string) => runPure(flowSwitch, { cases: cases(country), matches: 'all' }).port
    expect(portsIn(out('NL'))).toEqual(['Benelux', 'Germany'])
    expect(out('DE')).toBe('Germany')
    expect(out('FR')).toBe('otherwise')
  })
  it('compares one value, of which several may have the same way out', () => {
    const values = [
      { name: 'Benelux', value: 'NL' },
      { name: 'Benelux', value: 'BE' },
      { name: 'Five', value: '5' },
      { name: 'Nothing', value: '' },
      { name: 'Small', value: 5 },
    ]
    const out = (value: Json, matches: 'first' | 'all' = 'first') => runPure(flowSwitch, { mode: 'value', value, values, matches }).port
    expect(out('BE')).toBe('Benelux')
    expect(out(5)).toBe('Five')
    expect(portsIn(out(5, 'all'))).toEqual(['Five', 'Small'])
    expect(out(null)).toBe('Nothing')
    expect(out({ a: 1 })).toBe('otherwise')
    expect(portsOf({ params: { mode: 'value', values }, settings }, flowSwitch).out).toEqual([
      'Benelux',
      'Five',
      'Nothing',
      'Small',
      'otherwise',
    ])
    expect(flowSwitch.check?.({ mode: 'value', values }, {} as GraphNode)).toEqual([])
    expect(flowSwitch.subtitle?.({ mode: 'value', values, value: '{{ input.country }}' }, flowSwitch.form)).toBe('{country}: 4 cases')
  })
  it('says when a name is taken twice or is one of its own', () => {
    const named = (...ports: string[]) =>
      flowSwitch.check?.({ cases: ports.map((port) => ({ port })) }, {} as GraphNode).map((one) => one.code)
    expect(named('a', 'b')).toEqual([])
    expect(named('a', 'a')).toEqual(['switch.duplicate'])
    expect(named('otherwise')).toEqual(['switch.reserved'])
    expect(named('a\nb')).toEqual(['switch.name'])
    expect(named()).toEqual(['param.required'])
  })
})
