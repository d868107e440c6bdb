import { describe, expect, it } from 'vitest'
import { failure, plainHost, runFacts } from '../../tests/support/plain-host'
import { idOf, planOf } from '../../tests/support/plan-of'
import type { StepError } from '../nodes/errors'
import { executePlan } from './execute-plan'
import type { StepResult } from './types'

const until = new Date(Date.UTC(2026, 0, 1, 1))
const why = { class: 'transient' as const, code: 'circuit.open', message: 'api.example.com failed 10 times in a row.' }
const held = (sent: boolean, more: Partial<StepError> = {}, when: Date | null = until): StepResult => ({
  ok: false,
  error: { class: 'transient', code: 'test', message: 'It did not work.', ...more },
  held: { until: when, sent, why },
})

/** A run of one call; each slice gives the next of these results. */
async function slices(settings: Record<string, unknown>, results: StepResult[], options: { cancelling?: boolean } = {}) {
  const plan = planOf('start -> call', {
    start: { type: 'trigger.manual' },
    call: { type: 'http.request', params: { url: 'https://a.example' }, settings },
  })
  const host = plainHost(() => results.shift() as StepResult)
  const outcomes = []
  while (results.length > 0) outcomes.push(await executePlan(plan, host.log(), runFacts(), host, options))
  return { host, outcomes, last: () => host.records.filter(({ path }) => path === idOf('call')) }
}
const done: StepResult = { ok: true, port: 'main', output: { fine: true } }

describe('a step whose call is held back', () => {
  it('waits without a time of its own, and its attempt is not used up', async () => {
    const { outcomes, last, host } = await slices({ retry: { attempts: 1 } }, [held(false), held(false), done])
    expect(outcomes[0]).toEqual({
      kind: 'waiting',
      until: null,
      waits: [{ kind: 'circuit', path: idOf('call'), attempt: 1, dueAt: until, error: why }],
    })
    expect(outcomes[1]?.kind).toBe('waiting')
    expect(outcomes[2]).toMatchObject({ kind: 'succeeded', output: { fine: true } })
    expect(last()).toMatchObject([{ attempt: 1, status: 'succeeded' }])
    expect(host.executed.map(({ attempt }) => attempt)).toEqual([1, 1, 1])
    expect(new Set(host.executed.map(({ stepKey }) => stepKey)).size).toBe(1)
  })

  it('goes on counting where it was', async () => {
    const { last } = await slices({ retry: { attempts: 3, delayMs: 0, jitter: 0 } }, [failure(), held(false), failure(), done])
    expect(last().map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'succeeded'],
    ])
  })

  it('that tried for all and failed waits again, where another try is wanted', async () => {
    const { outcomes, last } = await slices({ retry: { attempts: 2 } }, [held(true), held(true), done])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['waiting', 'waiting', 'succeeded'])
    expect(last()).toMatchObject([{ attempt: 1, status: 'succeeded' }])
  })

  it.each([
    ['one that is tried once', { retry: { attempts: 1 } }, {}],
    ['one that may be sent once only', { retry: { attempts: 3 }, atMostOnce: true }, {}],
    ['one whose retry leaves such errors out', { retry: { attempts: 3, on: ['timeout'] } }, {}],
  ])('that tried for all fails as it would have: %s', async (_, settings, error) => {
    const { outcomes, last } = await slices(settings, [held(true, error)])
    expect(outcomes[0]).toMatchObject({ kind: 'failed', error: { code: 'test' } })
    expect(last()).toMatchObject([{ attempt: 1, status: 'failed', error: { code: 'test' } }])
  })

  it('that was refused was not even let in, so it waits again', async () => {
    const { outcomes } = await slices({ retry: { attempts: 1 } }, [held(true, { class: 'unauthorized' }, null), done])
    expect(outcomes[0]).toMatchObject({ kind: 'waiting', waits: [{ kind: 'circuit', dueAt: null }] })
    expect(outcomes[1]?.kind).toBe('succeeded')
  })

  it('may be sent once only and still waits before it was sent', async () => {
    const { outcomes, host } = await slices({ atMostOnce: true }, [held(false), done])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['waiting', 'succeeded'])
    expect(host.records.filter(({ status }) => status === 'unknown')).toEqual([])
  })
})
