import { TRPCError } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { problemOf } from './problem'

const wrapped = (code: string) =>
  new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Error('Failed query', { cause: Object.assign(new Error('x'), { code }) }) })

describe('what is said when the database fails', () => {
  it('names a full disk and what to do', () => {
    expect(problemOf(wrapped('53100'), null)).toMatchObject({
      status: 503,
      detail: expect.stringContaining('disk'),
      hint: expect.stringContaining('Free space'),
    })
  })
  it('says that it does not answer when it is away, full of connections or shutting down', () => {
    for (const code of ['ECONNREFUSED', 'CONNECTION_CLOSED', '08006', '53300', '57P01'])
      expect(problemOf(wrapped(code), null)).toMatchObject({ status: 503, detail: 'The database does not answer.' })
  })
  it('blames itself for everything else', () => {
    expect(problemOf(wrapped('42601'), 'r-1')).toMatchObject({ status: 500, code: 'INTERNAL', requestId: 'r-1' })
  })
})
