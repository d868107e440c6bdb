import { describe, expect, it } from 'vitest'
import type { RunDetail, StepRow } from './run-model'
import { takesResult } from './set-output-dialog'

const run = (status: string) => ({ status }) as RunDetail
const row = (look: StepRow['look'], inner = 0) => ({ look, inner: Array.from({ length: inner }) }) as StepRow

describe('a result from a person', () => {
  it('is taken by a step that waits, or that waits to be tried again, while its run lives', () => {
    expect(takesResult(run('waiting'), row('waiting'))).toBe(true)
    expect(takesResult(run('running'), row('retrying'))).toBe(true)
    expect(takesResult(run('running'), row('running'))).toBe(false)
    expect(takesResult(run('running'), row('failed'))).toBe(false)
  })

  it('is taken by the step that a run failed or was cancelled at, not by one of a run that succeeded', () => {
    expect(takesResult(run('failed'), row('failed'))).toBe(true)
    expect(takesResult(run('cancelled'), row('unknown'))).toBe(true)
    expect(takesResult(run('failed'), row('succeeded'))).toBe(false)
    expect(takesResult(run('succeeded'), row('failed'))).toBe(false)
  })

  it('is not taken by an agent, whose turns are its own', () => {
    expect(takesResult(run('failed'), row('failed', 2))).toBe(false)
  })
})
