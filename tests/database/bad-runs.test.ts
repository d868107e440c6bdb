import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdvancer } from '@/activities/advance'
import { createHands } from '@/activities/hands'
import { createHolder, type Holder } from '@/activities/holder'
import { createNotices } from '@/activities/notices'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { deadLetters, runSteps, runs } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { createCredential } from '@/server/services/credentials/create-credential'
import { setModelPrice } from '@/server/services/model-prices/set-model-price'
import { acceptRun } from '@/server/services/runs/accept-run'
import { setOutput } from '@/server/services/runs/set-output'
import type { Graph, Json } from '@/workflows/graph/schema'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { graphOf, idOf } from '../support/plan-of'
import { type ModelAct, type ScriptedModelServer, startScriptedModelServer } from '../support/scripted-model-server'

let organization: TestOrganization
let sink: HttpSink
let model: ScriptedModelServer
let holder: Holder
let advance: (runId: string) => Promise<unknown>
let credential: string

beforeAll(async () => {
  sink = await startHttpSink()
  model = await startScriptedModelServer()
  process.env.MILLRACE_ALLOWED_HOSTS = `${sink.host},${model.host}`
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  const advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
  advance = async (runId) => {
    // A slow machine needs more than one slice.
    for (let slices = 0; slices < 50; slices++) {
      const { kind } = await withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
      if (kind !== 'more' && kind !== 'queue') return
    }
  }
  credential = (
    await createCredential(organization.caller, {
      name: 'Models',
      type: 'model.openai',
      settings: { baseUrl: model.baseUrl, models: ['scripted'] },
      secret: { apiKey: 'sk-test' },
      allowedHosts: [],
    })
  ).id
  await setModelPrice(organization.caller, {
    provider: '',
    model: 'scripted',
    currency: 'USD',
    inputMicros: 1_000_000_000,
    outputMicros: 1_000_000_000,
    cachedInputMicros: null,
  } as never)
})
afterAll(async () => {
  await holder?.stop()
  await closePowers()
  await sink?.close()
  await model?.close()
})

const trigger = { type: 'trigger.manual' }
const input: Json = { order: 4711 }
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)

/** Runs it to its end; what a failed run keeps is in the answer. */
async function run(graph: Graph) {
  const workflow = await makeWorkflow(organization, { graph })
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input,
    }),
  )
  await advance(runId)
  const [row] = await read((tx) => tx.select().from(runs).where(eq(runs.id, runId)))
  const letters = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
  const steps = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)).orderBy(runSteps.seq))
  return { ...row, error: row?.error as { code: string; message: string; hint?: string } | null, letters, steps }
}

function expectFailed(done: Awaited<ReturnType<typeof run>>, code: string | RegExp): void {
  expect(done, JSON.stringify(done.error)).toMatchObject({ status: 'failed', input })
  expect(done.error?.code).toMatch(code)
  expect(done.error?.message.length).toBeGreaterThan(5)
  expect(done.error?.message.length).toBeLessThan(1_000)
  expect(JSON.stringify(done.error)).not.toMatch(/node_modules|\n\s+at /)
  expect(done.letters).toMatchObject([{ state: 'open' }])
}

const once = { retry: { attempts: 1 } }
const asked = (params: Record<string, Json>) =>
  run(graphOf('start -> get', { start: trigger, get: { type: 'http.request', params, settings: once } }))

describe('a request that cannot be made ends in a dead letter', () => {
  it.each([
    ['to this machine', 'http://127.0.0.1:1/', 'net.private_address'],
    ['to this machine in another spelling', 'http://2130706433/', 'net.private_address'],
    ['to this machine in IPv6', 'http://[::ffff:127.0.0.1]/', 'net.private_address'],
    ['to a private network', 'http://10.0.0.1/', 'net.private_address'],
    ['to the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/', 'net.private_address'],
    ['to a name of this machine', 'http://localhost:1/', 'net.private_address'],
    ['to a file', "{{ 'file:///etc/passwd' }}", 'net.scheme'],
    ['with a password in the address', "{{ 'https://user:secret@example.com/' }}", 'net.user_in_url'],
    ['to no address', "{{ 'not an address' }}", 'http.url'],
  ])('%s', async (_, url, code) => {
    expectFailed(await asked({ url }), code)
  })

  it('because redirects lead in a circle or to a private place', async () => {
    expectFailed(await asked({ url: `${sink.url}/loop` }), 'net.redirects')
    expectFailed(await asked({ url: `${sink.url}/redirect?to=${encodeURIComponent('http://169.254.169.254/')}` }), 'net.private_address')
  })

  it('because the answer has no end, is too large, or is not what was asked for', async () => {
    expectFailed(await asked({ url: `${sink.url}/endless` }), 'net.too_large')
    expectFailed(await asked({ url: `${sink.url}/bytes/11000000` }), 'net.too_large')
    expectFailed(await asked({ url: `${sink.url}/type?is=application/json&body=<html>` }), 'http.json')
  }, 30_000)
})

describe('an expression that cannot be computed ends in a dead letter', () => {
  it.each([
    ['does too much', '{{ range(0, 100000).map(a => range(0, 100000).map(b => a + b)) }}'],
    ['makes too large a text', "{{ 'x'.repeat(100000000) }}"],
    ['reads from nothing', '{{ input.missing.deeper.still }}'],
  ])('because it %s', async (_, value) => {
    const graph = graphOf('start -> set', { start: trigger, set: { type: 'data.set', params: { fields: [{ name: 'a', value }] } } })
    expectFailed(await run(graph), /^expression\./)
  })
})

describe('code that goes wrong ends in a dead letter', () => {
  it.each([
    ['allocates without end', 'const all = []; for (;;) all.push(new Array(1000).fill(7))', 'code.memory'],
    ['throws nothing', 'throw undefined', 'code.threw'],
    ['throws a trap', 'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 1 } })', 'code.threw'],
    ['returns what is no JSON', 'return 10n', 'code.not_json'],
    ['calls itself without end', 'const again = () => again() + 1; return again()', 'code.stack'],
    ['waits for nothing', 'await new Promise(() => {})', 'code.pending'],
    ['cannot be read', 'return (', 'code.syntax'],
  ])('because it %s', async (_, source, code) => {
    const graph = graphOf('start -> code', { start: trigger, code: { type: 'code.javascript', params: { source }, settings: once } })
    expectFailed(await run(graph), code)
  })

  it('because it never ends', async () => {
    const graph = graphOf('start -> code', {
      start: trigger,
      code: { type: 'code.javascript', params: { source: 'for (;;) {}' }, settings: { ...once, timeoutMs: 1_000 } },
    })
    expectFailed(await run(graph), /timeout/)
  }, 30_000)
})

describe('Python that goes wrong ends in a dead letter', () => {
  it.each([
    ['allocates without end', 'all = []\nwhile True: all.append(bytearray(1 << 20))', 'code.memory'],
    ['raises', 'raise KeyError("order")', 'code.threw'],
    ['returns what is no JSON', 'return object()', 'code.not_json'],
    ['calls itself without end', 'def again(): return again()\nreturn again()', 'code.stack'],
    ['ends its process', 'import os\nos._exit(3)', 'code.ended'],
    ['cannot be read', 'return (', 'code.syntax'],
    ['reaches for the network', 'import urllib.request\nreturn urllib.request.urlopen("http://127.0.0.1:1").read()', 'code.threw'],
  ])('because it %s', async (_, source, code) => {
    const graph = graphOf('start -> code', { start: trigger, code: { type: 'code.python', params: { source }, settings: once } })
    expectFailed(await run(graph), code)
  })

  it('because it never ends', async () => {
    const graph = graphOf('start -> code', {
      start: trigger,
      code: { type: 'code.python', params: { source: 'while True: pass' }, settings: { ...once, timeoutMs: 1_000 } },
    })
    expectFailed(await run(graph), /timeout/)
  }, 30_000)
})

describe('an agent whose model', () => {
  const agent = (params: Record<string, Json>) =>
    graphOf('start -> agent; look => agent', {
      start: trigger,
      agent: { type: 'ai.agent', params: { model: 'scripted', credential, instructions: 'Look it up.', ...params }, settings: once },
      look: { type: 'http.request', params: { url: `${sink.url}/{{ $ai('path', 'Where', 'string') }}` } },
    })
  const turns = (steps: { path: string }[]) => steps.filter((step) => /turn\.\d+$/.test(step.path)).length
  const asks = (name: string, args: string): ModelAct => ({ call: [{ name, arguments: args }], usage: { input: 10, output: 5 } })
  const free = { maxCostMicros: 1_000_000_000 }

  it('calls a tool that is not there, or with no JSON, hears so and goes on', async () => {
    model.follow(asks('erase_everything', '{}'), asks('look', '{broken'), { say: 'I could not.', usage: { input: 10, output: 5 } })
    const before = sink.requests.length
    const done = await run(agent(free))
    expect(done, JSON.stringify(done.error)).toMatchObject({ status: 'succeeded', output: { answer: 'I could not.' } })
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('There is no tool called')
    expect(sink.requests.length).toBe(before)
  })

  it('does not answer goes on with what a person says in its place, whatever shape that has', async () => {
    for (const [output, answer] of [
      ['Low risk', 'Low risk'],
      [{ risk: 'low' }, '{"risk":"low"}'],
      [null, 'null'],
    ] as const) {
      model.follow({ status: 400 })
      const failed = await run(agent(free))
      expectFailed(failed, /./)
      const given = await setOutput(organization.caller, {
        runId: failed.id as string,
        path: `${idOf('agent')}/turn.1`,
        output: output as Json,
      })
      await advance(given.runId)
      const [again] = await read((tx) => tx.select().from(runs).where(eq(runs.id, given.runId)))
      expect(again, JSON.stringify(again?.error)).toMatchObject({ status: 'succeeded', output: { answer } })
    }
  })

  it('never stops calling tools is stopped at its turns', async () => {
    model.follow(asks('look', '{"path":"status/200"}'))
    const done = await run(agent({ ...free, maxTurns: 3 }))
    expectFailed(done, 'agent.turns')
    expect(turns(done.steps)).toBe(3)
  })

  it('would cost more than allowed is not asked', async () => {
    model.follow({ say: 'Expensive.', usage: { input: 10, output: 5 } })
    const before = model.requests.length
    const done = await run(agent({ maxCostMicros: 1 }))
    expectFailed(done, 'agent.money')
    expect(model.requests.length).toBe(before)
  })

  it.each([
    ['answers rubbish', { rubbish: '<html>', type: 'text/html' }, /^model\./],
    ['answers without end', { endless: 'x'.repeat(5_000) }, /^(model|net)\./],
    ['hangs up', { drop: 'half' }, /^(model|net)\./],
    ['refuses the key', { status: 401 }, /./],
  ] as [string, ModelAct, RegExp][])(
    '%s fails with what was spent',
    async (_, act, code) => {
      model.follow(act)
      const done = await run(agent({ ...free, maxMs: 20_000 }))
      if (done.status === 'waiting')
        return expect(done.steps.find((step) => step.path === `${idOf('agent')}/turn.1`)?.status).toBe('failed')
      expectFailed(done, code)
    },
    30_000,
  )
})
