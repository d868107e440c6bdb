import { describe, expect, it } from 'vitest'
import { failureOf, runEffect } from '../../../tests/support/run-node'
import type { NodeError } from '../errors'
import type { ModelAnswer, ModelRequest } from '../model-client'
import { aiModel } from './definition'
import { runAiModel } from './executor.server'

const usage = { model: 'm', inputTokens: 1, outputTokens: 2, costMicros: 3, currency: 'USD' }

function ask(params: Record<string, unknown>, answer: Partial<ModelAnswer>) {
  const requests: ModelRequest[] = []
  const complete = async (request: ModelRequest): Promise<ModelAnswer> => {
    requests.push(request)
    return { content: '', toolCalls: [], finishReason: 'stop', usage, ...answer }
  }
  return { requests, result: runEffect(aiModel, runAiModel, { prompt: 'Hello?', ...params }, { models: { complete } }) }
}

describe('asking a model', () => {
  it('sends instructions and prompt, and hands on the answer with its usage', async () => {
    const { requests, result } = ask({ instructions: 'Be brief.', model: 'm', credential: 'cred_1', temperature: 0 }, { content: 'Hi.' })
    expect(await result).toEqual({ port: 'main', output: { answer: 'Hi.' }, usage })
    expect(requests[0]).toMatchObject({
      credential: 'cred_1',
      model: 'm',
      temperature: 0,
      stepKey: 'run/node/0/0',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello?' },
      ],
    })
  })
  it.each([
    '{"a": 1}',
    'Sure!\n```json\n{"a": 1}\n```\nAnything else?',
    'Here: {"a": 1}.',
    '<think>Is it {x}?</think>\n{"a": 1}',
    'By [1], {"a": 1}',
  ])('reads fields from %j', async (content) => {
    const { requests, result } = ask({ answer: 'json', schema: { type: 'object' } }, { content })
    expect((await result).output).toEqual({ answer: { a: 1 } })
    expect(requests[0]?.responseSchema).toEqual({ type: 'object' })
  })
  it('tries again when the answer is no JSON, but not when it was cut off', async () => {
    expect(await failureOf(() => ask({ answer: 'json' }, { content: 'I cannot.' }).result)).toMatchObject({
      class: 'transient',
      code: 'model.not_json',
    })
    expect(await failureOf(() => ask({ answer: 'json' }, { content: '{"a', finishReason: 'length' }).result)).toMatchObject({
      class: 'bad_data',
      code: 'model.cut_off',
    })
  })
  it('tries again when the answer does not fit its schema', async () => {
    const schema = { type: 'object', properties: { risk: { enum: ['low', 'high'] } }, required: ['risk'] }
    for (const content of ['{"risk": "purple"}', '{}', '[]', '7']) {
      expect(await failureOf(() => ask({ answer: 'json', schema }, { content }).result)).toMatchObject({
        class: 'transient',
        code: 'model.misfit',
      })
    }
  })
  it('says what an answer cost that nothing can be made of', async () => {
    for (const answer of [{ content: 'I cannot.' }, { finishReason: 'content_filter' as const }]) {
      const failure = await ask({ answer: 'json' }, answer).result.catch((error: unknown) => error)
      expect((failure as NodeError).usage).toEqual(usage)
    }
  })
  it('says that a text was cut off', async () => {
    const { result } = ask({ maxOutputTokens: 5 }, { content: 'It was a dark and', finishReason: 'length' })
    expect((await result).output).toEqual({ answer: 'It was a dark and', cutOff: true })
  })
  it('says when the model refused', async () => {
    expect(await failureOf(() => ask({}, { finishReason: 'content_filter' }).result)).toMatchObject({
      class: 'business',
      code: 'model.refused',
    })
  })
  it('needs a provider for any model but practice, and a schema for fields', () => {
    const codes = (params: Record<string, never> | Record<string, string>) =>
      aiModel.check?.(params, {} as never).map((problem) => problem.pointer)
    expect(codes({ model: 'practice' })).toEqual([])
    expect(codes({ model: 'gpt-5', answer: 'json' })).toEqual(['/params/credential', '/params/schema'])
  })
})
