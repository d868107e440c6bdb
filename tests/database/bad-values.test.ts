import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdvancer } from '@/activities/advance'
import { createHands } from '@/activities/hands'
import { createHolder, type Holder } from '@/activities/holder'
import { createNotices } from '@/activities/notices'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { deadLetters, runs } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { acceptRun } from '@/server/services/runs/accept-run'
import { compile } from '@/workflows/graph/compile'
import { literalParams } from '@/workflows/graph/inspect-params'
import type { Graph, Json } from '@/workflows/graph/schema'
import { definitions } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { graphOf, idOf, type NodeSketch } from '../support/plan-of'

let organization: TestOrganization
let sink: HttpSink
let holder: Holder
let advance: (runId: string) => Promise<string>
let child: string

beforeAll(async () => {
  // Nothing listens there: waking a run is a hint and fails at once.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  sink = await startHttpSink()
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  const advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
  advance = async (runId) => {
    let kind = 'more'
    // A slow machine needs more than one slice.
    for (let slices = 0; slices < 50 && (kind === 'more' || kind === 'queue'); slices++) {
      kind = (await withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))).kind
    }
    return kind
  }
  child = (await makeWorkflow(organization, { graph: graphOf('start', { start: { type: 'trigger.sub_workflow' } }) })).id
})
afterAll(async () => {
  await holder?.stop()
  await closePowers()
  await sink?.close()
})

const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)

/** What an expression or somebody's code can make and Postgres cannot hold. */
const bad: [string, string][] = [
  ['NUL and half of a pair in a text', `{{ 'a\\u0000b\\ud800' }}`],
  ['NUL and half of a pair in a name', `{{ JSON.parse('{"a\\\\u0000b": "\\\\u0000", "\\\\udc00": 1}') }}`],
  ['a list of such', `{{ ['\\u0000', JSON.parse('{"a\\\\u0000b": 1, "n": "x"}')] }}`],
  ['numbers beyond what JSON holds', '{{ [1e400, -1e400, 0 / 0, 9007199254740993, 1e308] }}'],
  ['names that reach a prototype', `{{ JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": 1}, "n": 1}') }}`],
  ['a value nested without end', `{{ JSON.parse('${'['.repeat(200)}${']'.repeat(200)}') }}`],
  ['an enormous text', "{{ 'x'.repeat(900000) }}"],
  ['an enormous list', '{{ range(0, 100000).map(n => ({ n })) }}'],
]

/** What each type needs to have something to do; the bad value takes the place of one field after the other. */
const filledIn = (): Record<string, Record<string, Json>> => ({
  'flow.if': { conditions: [{ left: '{{ input }}', operator: 'equals', right: '1' }] },
  'flow.switch': { mode: 'value', value: 'a', values: [{ name: 'a', value: 'a' }] },
  'flow.for_each': { items: '{{ [1] }}' },
  'flow.repeat': { mode: 'while', check: 'before', conditions: [{ left: '{{ index }}', operator: 'less', right: '2' }] },
  'flow.wait': { mode: 'until', until: '2020-01-01' },
  'flow.wait_event': { name: 'paid', key: 'k' },
  'flow.wait_callback': {},
  'flow.sub_workflow': { workflow: child, wait: false },
  'flow.stop': { end: 'failed', message: 'Stopped.' },
  'flow.throttle': { limit: 1_000_000, withinMs: 1_000 },
  'flow.debounce': { quietMs: 1_000 },
  'ai.agent': { model: 'practice', instructions: 'Look.', input: 'Look.', maxTurns: 2 },
  'ai.model': { model: 'practice', prompt: 'Say hello.' },
  'people.approval': { title: 'Go on?' },
  'data.set': { fields: [{ name: 'a.b', value: '{{ input }}' }] },
  'http.request': { url: `${sink.url}/status/200` },
  'code.javascript': { source: 'console.log(values); return { values, made: "a\\u0000b\\ud800", ["k\\u0000"]: input }' },
  'code.python': { source: 'print(values)\nreturn {"values": values, "k\\u0000": "a\\u0000b"}' },
  'data.filter': { conditions: [{ left: '{{ item }}', operator: 'equals', right: '1' }] },
  'data.template': { text: '{{ input }}' },
  'data.join': { leftBy: 'n' },
  'data.html': { values: [{ name: 'a', selector: 'a' }] },
})

function graphWith(type: string, params: Record<string, Json>, input: string): Graph {
  const definition = (definitions as readonly NodeDefinition[]).find((one) => one.type === type)
  const within: Record<string, NodeSketch> =
    definition?.kind === 'control' && definition.body
      ? { within: { type: 'data.set', parent: 'node', params: { fields: [{ name: 'x', value: '{{ input }}' }] } } }
      : {}
  return graphOf('start -> make -> node', {
    start: { type: 'trigger.manual' },
    make: { type: 'data.template', params: { text: 'x' }, settings: { each: { items: `{{ [1] }}` } } },
    node: { type, params, settings: { retry: { attempts: 1 } } },
    ...within,
    ...(input ? { make: { type: 'flow.merge', params: { mode: 'choose', chosen: input } } } : {}),
  })
}

/** Runs it to an end or a wait that can be kept; answers how it failed, if it did. */
async function survives(type: string, params: Record<string, Json>, input: string): Promise<string | null> {
  const graph = graphWith(type, params, input)
  if (!compile(graph).ok) return 'refused'
  const workflow = await makeWorkflow(organization, { graph })
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input: {},
    }),
  )
  const kind = await advance(runId)
  const [row] = await read((tx) => tx.select().from(runs).where(eq(runs.id, runId)))
  expect(['succeeded', 'failed', 'waiting'], `${kind} with ${JSON.stringify(params)}`).toContain(row?.status)
  if (row?.status !== 'failed') return null
  const error = row.error as { code: string; class: string; message: string; path?: string }
  expect(error.class, JSON.stringify({ error, params })).not.toBe('internal')
  expect(error.message).toMatch(/\S/)
  expect(error.path?.startsWith(idOf('node')) || error.path?.startsWith(idOf('make')), JSON.stringify(error)).toBe(true)
  const letters = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
  expect(letters).toMatchObject([{ state: 'open' }])
  return error.code
}

afterAll(() => expect(({} as { polluted?: unknown }).polluted).toBeUndefined())

const types = (definitions as readonly NodeDefinition[]).filter(({ kind }) => kind !== 'note' && kind !== 'trigger')

describe.each(types.map((definition) => [definition.type, definition] as const))('a real run with %s', (type, definition) => {
  it.each(bad)(
    'keeps what can be kept of %s, or says what is wrong',
    async (_, value) => {
      const given = filledIn()[type] ?? {}
      await survives(type, given, value)
      const literal = literalParams(definition)
      for (const name of Object.keys(definition.params.shape)) {
        if (!literal.includes(name)) await survives(type, { ...given, [name]: value }, '')
      }
    },
    60_000,
  )
})
