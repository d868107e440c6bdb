import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGuardedFetch } from '@/server/net/guarded-fetch'
import { codeError } from '@/server/sandbox/code-error'
import { type HttpSink, startHttpSink } from '@/tests/support/http-sink'
import { idOf, planOf } from '@/tests/support/plan-of'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { CodeRunner } from '@/workflows/nodes/define'
import type { LogLine } from '@/workflows/nodes/log-line'
import type { PlanNode, StepCall } from '@/workflows/runtime/types'
import type { Powers } from './create-powers'
import { executeStep } from './execute-step'

const token = 's3cret-token-value'
let sink: HttpSink
beforeAll(async () => {
  sink = await startHttpSink()
})
afterAll(() => sink.close())

/** A step of code in a project whose door has sent a secret. */
async function stepOf(code: CodeRunner['run']) {
  const credential = { type: 'http.bearer', settings: {}, secret: { token }, allowedHosts: [sink.host] }
  const door = createGuardedFetch({ allowedHosts: [sink.host], resolveCredential: async () => credential })
  await (await door(`${sink.url}/echo`, { credential: 'cred_1' })).bytes()
  const plan = planOf('start -> code', { start: { type: 'trigger.manual' }, code: { type: 'code.javascript' } })
  const call: StepCall = {
    path: idOf('code'),
    node: plan.nodes.get(idOf('code')) as PlanNode,
    attempt: 1,
    params: { source: '', values: {} },
    input: null,
    stepKey: 'run/code',
    timeoutMs: 1_000,
    signal: new AbortController().signal,
    scope: { trigger: null, vars: {} },
  }
  const result = await executeStep({ door, code: { run: code } } as unknown as Powers, call)
  await door.close()
  return result
}

const line = (level: LogLine['level'], text: string): LogLine => ({ at: '2026-03-01T10:00:00.123Z', level, text })

describe('what a step of code wrote', () => {
  it('is recorded with times and levels, and without secrets', async () => {
    const logs = [line('debug', 'begin'), line('error', `sent ${token}`)]
    expect(await stepOf(async () => ({ value: 1, logs }))).toMatchObject({
      ok: true,
      output: 1,
      logs: [line('debug', 'begin'), line('error', 'sent •••')],
    })
  })

  it('is recorded too where the code failed', async () => {
    const failed = stepOf(async () => {
      throw codeError('threw', 'Error: no', [line('info', 'so far'), line('warn', `sent ${token}`)])
    })
    expect(await failed).toMatchObject({
      ok: false,
      error: { code: 'code.threw', details: { logs: ['so far', 'sent •••'] } },
      logs: [line('info', 'so far'), line('warn', 'sent •••')],
    })
  })
})

it('counts what a model’s answer cost although nothing can be made of it', async () => {
  const usage = { model: 'm', inputTokens: 1, outputTokens: 2, costMicros: 3, currency: 'EUR' }
  const powers = {
    door: createGuardedFetch(),
    models: { complete: async () => ({ content: 'I cannot.', toolCalls: [], finishReason: 'stop', usage }), estimateMicros: async () => 0 },
  } as unknown as Powers
  const definition = catalogue.get('ai.model')
  const call = {
    path: 'ask',
    node: { definition, node: { type: 'ai.model' } },
    params: definition?.params.parse({ prompt: 'Which?', answer: 'json' }),
    input: null,
    signal: new AbortController().signal,
    stepKey: 'run/ask/0/0',
  } as unknown as StepCall
  expect(await executeStep(powers, call)).toMatchObject({ ok: false, error: { code: 'model.not_json' }, usage })
})
