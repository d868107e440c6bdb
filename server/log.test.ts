import { Writable } from 'node:stream'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { createLog, type LogFields } from './log'

function lines(): { log: ReturnType<typeof createLog>; text: () => string } {
  let text = ''
  const sink = new Writable({
    write(chunk, _, done) {
      text += chunk
      done()
    },
  })
  return { log: createLog(pino({ level: 'debug' }, sink)), text: () => text }
}

describe('the log', () => {
  it('keeps the fields of its list and drops all others, objects too', () => {
    const { log, text } = lines()
    const fields = {
      runId: 'run_1',
      authorization: 'canary',
      headers: { cookie: 'canary' },
      path: { deep: 'canary' },
    } as unknown as LogFields
    log.child({ requestId: 'r1' }).info('done', fields)
    expect(JSON.parse(text())).toMatchObject({ msg: 'done', runId: 'run_1', requestId: 'r1' })
    expect(text()).not.toContain('canary')
  })

  it('tells an error by name, code and place, and never the values of a query', () => {
    const { log, text } = lines()
    const fromDatabase = Object.assign(new Error('duplicate key (canary)'), {
      code: '23505',
      routine: '_bt_check_unique',
      constraint_name: 'users_pkey',
      detail: 'canary',
    })
    const wrapped = Object.assign(new Error('Failed query: insert … canary', { cause: fromDatabase }), {
      name: 'DrizzleQueryError',
      params: ['canary'],
    })
    log.error('failed', { error: wrapped })
    expect(text()).not.toContain('canary')
    expect(JSON.parse(text()).error.cause).toMatchObject({ code: '23505', constraint: 'users_pkey' })
    log.error('failed', { error: 'canary' })
    expect(text()).not.toContain('canary')
  })
})
