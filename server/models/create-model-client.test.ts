import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OpenCredential } from '@/server/net/credential'
import { createGuardedFetch, type GuardedDoor } from '@/server/net/guarded-fetch'
import { type ScriptedModelServer, startScriptedModelServer } from '@/tests/support/scripted-model-server'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import type { ModelRequest } from '@/workflows/nodes/model-client'
import { createModelClient } from './create-model-client'
import { listModels } from './list-models'

let server: ScriptedModelServer
let door: GuardedDoor

beforeAll(async () => {
  server = await startScriptedModelServer()
})
afterEach(() => door.close())
afterAll(() => server.close())

function credential(): OpenCredential {
  return { type: 'model.openai', settings: { baseUrl: server.baseUrl }, secret: { apiKey: 'sk-canary-123456' }, allowedHosts: [] }
}

function client({ practice = true, timeoutMs = 60_000 } = {}) {
  const resolveCredential = async (id: string) => (id === 'cred_1' ? credential() : null)
  door = createGuardedFetch({ allowedHosts: [server.host], resolveCredential, timeoutMs })
  return createModelClient({
    fetch: door,
    resolveCredential,
    practice,
    findPrice: (model) => (model === 'scripted-large' ? { inputMicros: 2_000_000, outputMicros: 8_000_000, currency: 'EUR' } : null),
  })
}

const question = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  credential: 'cred_1',
  model: 'scripted-large',
  messages: [{ role: 'user', content: 'Hello?' }],
  signal: new AbortController().signal,
  stepKey: 'run/step/0/0',
  ...more,
})

async function failureOf(promise: Promise<unknown>): Promise<StepError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof NodeError) return error.step
  throw new Error(`It did not fail as it should: ${String(error)}`)
}

describe('a model', () => {
  it('answers in pieces that are put together, with its usage and cost', async () => {
    server.follow({ say: 'Good morning, Maya.', usage: { input: 1_000, output: 500 } })
    expect(await client().complete(question())).toEqual({
      content: 'Good morning, Maya.',
      toolCalls: [],
      finishReason: 'stop',
      usage: { model: 'scripted-large', inputTokens: 1_000, outputTokens: 500, costMicros: 6_000, currency: 'EUR' },
    })
  })
  it('gets the key from the door, the step’s key, and what it should answer like', async () => {
    server.follow({ say: '{}' })
    await client().complete(question({ responseSchema: { type: 'object' }, temperature: 0, maxOutputTokens: 50 }))
    const request = server.requests.at(-1)
    expect(request?.headers).toMatchObject({ authorization: 'Bearer sk-canary-123456', 'idempotency-key': 'run/step/0/0' })
    expect(request?.body).toMatchObject({
      model: 'scripted-large',
      stream: true,
      temperature: 0,
      max_tokens: 50,
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
    })
  })
  it('may number all its calls alike', async () => {
    server.follow({
      call: [
        { name: 'look_up', arguments: '{"city": "Ghent"}', index: 0 },
        { name: 'look_up', arguments: '{"city": "Delft"}', index: 0 },
      ],
    })
    expect((await client().complete(question())).toolCalls).toEqual([
      { id: 'call_0', name: 'look_up', arguments: '{"city": "Ghent"}' },
      { id: 'call_1', name: 'look_up', arguments: '{"city": "Delft"}' },
    ])
  })
  it('calls tools, whose arguments are handed on as it wrote them', async () => {
    server.follow({
      call: [
        { name: 'look_up', arguments: '{"vat": "NL1' },
        { name: 'other', arguments: '{}' },
      ],
    })
    const answer = await client().complete(
      question({ tools: [{ name: 'look_up', description: 'Look up', parameters: { type: 'object' } }] }),
    )
    expect(answer.finishReason).toBe('tool_calls')
    expect(answer.toolCalls).toEqual([
      { id: 'call_0', name: 'look_up', arguments: '{"vat": "NL1' },
      { id: 'call_1', name: 'other', arguments: '{}' },
    ])
  })
  it('sees what it called and what came of it', async () => {
    server.follow({ say: 'Done.' })
    await client().complete(
      question({
        messages: [
          { role: 'user', content: 'Go' },
          { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 't', arguments: '{}' }] },
          { role: 'tool', toolCallId: 'c1', content: '42' },
        ],
      }),
    )
    expect(server.requests.at(-1)?.body.messages).toEqual([
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 't', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: '42' },
    ])
  })
  it('that tells no usage is counted by length', async () => {
    server.follow({ say: 'x'.repeat(400), usage: null })
    const { usage } = await client().complete(question())
    expect(usage.outputTokens).toBeGreaterThan(90)
    expect(usage.costMicros).toBeGreaterThan(0)
  })
  it('without a price costs nothing', async () => {
    server.follow({ say: 'Hi' })
    expect((await client().complete(question({ model: 'other' }))).usage).toMatchObject({ costMicros: 0 })
  })
  it('is estimated at no less than it costs', async () => {
    server.follow({ say: 'word '.repeat(40), usage: { input: 20, output: 50 } })
    const request = question({ maxOutputTokens: 50 })
    const models = client()
    expect(await models.estimateMicros(request)).toBeGreaterThanOrEqual((await models.complete(request)).usage.costMicros)
  })
})

describe('a provider that', () => {
  it.each([
    ['refuses the key', { status: 401 }, { class: 'unauthorized', code: 'model.401' }],
    ['asks to wait', { status: 429, retryAfter: '7' }, { class: 'rate_limited', code: 'model.429', retryAfterMs: 7_000 }],
    [
      'has no credit left',
      { status: 429, body: { error: { message: 'pay', type: 'x', code: 'insufficient_quota' } } },
      { class: 'budget', code: 'model.quota' },
    ],
    ['has trouble', { status: 503, retryAfter: '3' }, { class: 'transient', code: 'model.503', retryAfterMs: 3_000 }],
    ['does not know the model', { status: 404 }, { class: 'not_found', code: 'model.404' }],
    ['refuses the request', { status: 400 }, { class: 'bad_data', code: 'model.400' }],
    ['drops the connection', { drop: 'Half an ans' }, { class: 'transient' }],
    ['stops in the middle', { stopShort: 'Half an ans' }, { class: 'transient', code: 'model.dropped' }],
    ['sends broken events', { rubbish: 'data: {"choices": [\n\n' }, { class: 'transient', code: 'model.rubbish' }],
    ['sends a web page', { rubbish: '<html>Welcome</html>', type: 'text/html' }, { class: 'transient', code: 'model.rubbish' }],
    ['sends nothing', { rubbish: '' }, { class: 'transient', code: 'model.rubbish' }],
    ['sends events of another kind', { rubbish: 'data: {"hello": 1}\n\ndata: [DONE]\n\n' }, { class: 'transient', code: 'model.dropped' }],
    ['redirects somewhere else', { status: 302 }, { class: 'bad_data' }],
  ] as const)('%s', async (_, act, expected) => {
    server.follow(act)
    const error = await failureOf(client().complete(question()))
    expect(error).toMatchObject(expected)
    expect(error.message).toMatch(/scripted-large|127\.0\.0\.1/)
    expect(error.hint).toBeTruthy()
    expect(JSON.stringify(error)).not.toContain('canary')
  })
  it('never ends is cut off', async () => {
    server.follow({ endless: 'and on '.repeat(200) })
    expect(['model.endless', 'net.too_large']).toContain((await failureOf(client().complete(question()))).code)
  })
  it('says nothing in time is a timeout', async () => {
    server.follow({ silent: true })
    expect(await failureOf(client({ timeoutMs: 50 }).complete(question()))).toMatchObject({ class: 'timeout' })
    expect(await failureOf(client().complete(question({ signal: AbortSignal.timeout(50) })))).toMatchObject({ class: 'timeout' })
  })
  it('is not waited for when the run was stopped', async () => {
    server.follow({ silent: true })
    const stop = new AbortController()
    const asked = client().complete(question({ signal: stop.signal }))
    stop.abort()
    expect(await failureOf(asked)).toMatchObject({ class: 'cancelled' })
  })
  it('is not chosen or gone is said in words', async () => {
    const models = client()
    const { credential: _, ...without } = question()
    expect(await failureOf(models.complete(without))).toMatchObject({ code: 'model.no_provider' })
    expect(await failureOf(models.complete(question({ credential: 'cred_2' })))).toMatchObject({ code: 'credential.missing' })
  })
})

describe('the models of a provider', () => {
  it('are those it lists, or those its credential names', async () => {
    client()
    const at = new Date(0)
    expect(await listModels({ fetch: door, credentialId: 'cred_1', credential: credential() }, at)).toEqual([
      'scripted-large',
      'scripted-small',
    ])
    const named = { settings: { baseUrl: server.baseUrl, models: ['one', ' '] } }
    expect(await listModels({ fetch: door, credentialId: 'cred_1', credential: named }, at)).toEqual(['one'])
  })
})

describe('the practice model', () => {
  it('costs nothing and says that it is practice', async () => {
    const answer = await client().complete(question({ model: 'practice', credential: undefined }))
    expect(answer.usage).toMatchObject({ costMicros: 0, practice: true, model: 'practice' })
    expect(answer.usage.inputTokens).toBeGreaterThan(0)
  })
  it('can be switched off', async () => {
    expect(await failureOf(client({ practice: false }).complete(question({ model: 'practice' })))).toMatchObject({
      code: 'model.practice_off',
    })
  })
})
