import { describe, expect, it } from 'vitest'
import { createRedactor } from '@/server/net/redactor'
import { createStepLog } from './step-log'

const secret = 'copper-lantern-4711'
const { text: redact } = createRedactor([secret])

describe('the log of a step', () => {
  it('says of each line when it was written and how much it matters', () => {
    const from = Date.now()
    const log = createStepLog(redact)
    log.write('asked')
    log.write('answered late', 'warn')
    const { logs = [] } = log.with([{ at: new Date(from + 5).toISOString(), level: 'debug', text: 'from code' }])
    expect(logs.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'asked'],
      ['warn', 'answered late'],
      ['debug', 'from code'],
    ])
    for (const { at } of logs.slice(0, 2)) {
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(Date.parse(at) >= from && Date.parse(at) <= Date.now()).toBe(true)
    }
    expect(createStepLog(redact).with()).toEqual({})
  })

  it('hides secrets in every line, whoever wrote it, also where the line is cut through one', () => {
    const log = createStepLog(redact)
    log.write(`token=${secret}`, 'error')
    log.write(`${'x'.repeat(1_990)}${secret}`)
    const { logs = [] } = log.with([{ at: new Date().toISOString(), level: 'info', text: `again ${secret}` }])
    expect(logs.map(({ text }) => text)).toEqual(['token=•••', `${'x'.repeat(1_990)}•••`, 'again •••'])
  })

  it('keeps 200 lines of 2,000 characters and says that there were more', () => {
    const log = createStepLog(redact)
    for (let n = 0; n < 500; n++) log.write('y'.repeat(5_000))
    const { logs = [] } = log.with([{ at: new Date().toISOString(), level: 'error', text: 'of code' }])
    expect(logs).toHaveLength(201)
    expect(new Set(logs.slice(0, 200).map(({ text }) => text))).toEqual(new Set(['y'.repeat(2_000)]))
    expect(logs[200]).toMatchObject({ level: 'warn', text: 'Further lines were left out.' })
    // What Postgres is given for it: the texts, and little beside them.
    expect(JSON.stringify(logs).length).toBeLessThan(200 * 2_000 + 201 * 80)
  })
})
