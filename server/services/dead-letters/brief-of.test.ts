import { expect, it } from 'vitest'
import { briefOf } from './brief-of'

it('names the first short values of an input', () => {
  expect(briefOf({ sku: 'OAK-1', orderId: 20418, customer: { name: 'Brightwater' }, lines: [{ sku: 'A' }] })).toBe(
    'sku OAK-1, orderId 20418, name Brightwater, sku A',
  )
})

it('says of a request what its body says', () => {
  expect(briefOf({ method: 'POST', headers: { host: 'x' }, body: { lead: 8812 } })).toBe('lead 8812')
})

it('leaves out what is long, empty or says little, and ends where the line does', () => {
  expect(briefOf({ text: 'x'.repeat(60), empty: '', none: null, yes: true, n: 1 })).toBe('n 1')
  expect(briefOf(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`field${n}`, n])))?.length).toBeLessThan(101)
  expect(briefOf({})).toBeNull()
  expect(briefOf('A 7')).toBe('A 7')
})
