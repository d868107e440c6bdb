import { expect, it } from 'vitest'
import { createGuardedFetch } from '@/server/net/guarded-fetch'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { StepCall } from '@/workflows/runtime/types'
import type { Powers } from './create-powers'
import { executeStep } from './execute-step'

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
