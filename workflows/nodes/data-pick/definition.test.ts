import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import { dataPick } from './definition'

const order = { id: 7, total: 5, customer: { name: 'Ada', vat: 'x' } }

describe('pick fields', () => {
  it('keeps only some', () => {
    expect(runPure(dataPick, { fields: 'id, customer.name, nothing' }, order).output).toEqual({ id: 7, customer: { name: 'Ada' } })
    expect(runPure(dataPick, { fields: ['id'] }, [order, { x: 1 }, 3]).output).toEqual([{ id: 7 }, {}, 3])
  })
  it('leaves some out', () => {
    expect(runPure(dataPick, { mode: 'omit', fields: 'id\ncustomer.vat' }, order).output).toEqual({ total: 5, customer: { name: 'Ada' } })
    expect(order.customer.vat).toBe('x')
  })
  it('says what it needs', async () => {
    expect(await failureOf(() => runPure(dataPick, { fields: 'a' }, null))).toMatchObject({ code: 'data.not_an_object' })
    expect(dataPick.params.safeParse({ fields: 'a, __proto__.b' }).success).toBe(false)
    expect(dataPick.subtitle?.({ mode: 'omit', fields: 'a,b' }, dataPick.form)).toBe('Without a, b')
  })
})
