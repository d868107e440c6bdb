import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile } from '@/workflows/graph/compile'
import { parseGraph } from '@/workflows/graph/parse-graph'
import type { Json } from '@/workflows/graph/schema'
import { definitions } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { executePlan } from '@/workflows/runtime/execute-plan'
import type { PlanOutcome, SettledWait, StepResult } from '@/workflows/runtime/types'
import { type PlainHost, plainHost, runFacts } from './support/plain-host'

interface Golden {
  name: string
  words: string
  graph: unknown
  input: Json
  effects?: Record<string, StepResult[]>
  settled?: SettledWait[]
  expect: {
    status: 'succeeded' | 'failed'
    output?: Json
    error?: Json
    steps: Record<string, Json>
    ports: Record<string, string>
    notReached?: string[]
    attempts?: Record<string, number>
  }
}

const folder = path.join(import.meta.dirname, 'fixtures/graphs')
const golden = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Golden)

async function run({ graph, input, effects = {}, settled = [] }: Golden) {
  const parsed = parseGraph(graph)
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  const compiled = compile(parsed.graph)
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message)
  const host = plainHost((call) => {
    const result = effects[call.path]?.[call.attempt - 1]
    if (!result) throw new Error(`nothing is said of attempt ${call.attempt} of ${call.path}`)
    return result
  })
  let outcome: PlanOutcome = { kind: 'more' }
  for (let slice = 0; slice < 10; slice++) {
    outcome = await executePlan(compiled.plan, host.log(), runFacts(input), host, {
      settled: settled.filter((wait) => isWaiting(host, wait)),
    })
    if (outcome.kind !== 'more' && outcome.kind !== 'waiting') break
    if (outcome.kind === 'waiting' && outcome.until) host.clock.now = outcome.until.getTime()
  }
  return { outcome, host }
}

/** A wait is settled once it has begun, and by the clock only when its time has come. */
function isWaiting(host: PlainHost, { path, attempt, settledBy }: SettledWait): boolean {
  const record = host.log().get(path)
  if (record?.status !== 'waiting' || record.attempt !== attempt) return false
  return settledBy !== 'timer' || (record.retryAt !== undefined && record.retryAt.getTime() <= host.clock.now)
}

describe.each(golden.map((one) => [one.name, one.words, one] as const))('golden graph %s: %s', (_name, _words, one) => {
  it('ends as it is written', async () => {
    const { outcome, host } = await run(one)
    const { status, output, error, steps, ports, notReached = [], attempts = {} } = one.expect
    expect(outcome.kind).toBe(status)
    if (output !== undefined) expect(outcome).toMatchObject({ output })
    if (error !== undefined) expect(outcome).toMatchObject({ error })
    const last = new Map(host.records.map((record) => [record.path, record]))
    for (const [step, value] of Object.entries(steps)) expect({ [step]: last.get(step)?.output }).toEqual({ [step]: value })
    for (const [step, port] of Object.entries(ports)) expect({ [step]: last.get(step)?.port }).toEqual({ [step]: port })
    for (const step of notReached) expect([undefined, 'skipped']).toContain(last.get(step)?.status)
    for (const [step, count] of Object.entries(attempts)) expect(host.records.filter((record) => record.path === step)).toHaveLength(count)
  })
})

it('shows each node type in at least one of them', () => {
  const shown = new Set(golden.flatMap(({ graph }) => (graph as { nodes: { type: string }[] }).nodes.map(({ type }) => type)))
  expect(
    (definitions as readonly NodeDefinition[]).flatMap(({ kind, type }) => (kind === 'note' || shown.has(type) ? [] : [type])),
  ).toEqual([])
})
