import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { eventually } from '../tests/support/eventually'
import { hookOf, published } from '../tests/support/fill-with-work'
import { type Millrace, millraceClient, signIn } from '../tests/support/millrace-client'
import { type Instance, startInstance } from '../tests/support/start-instance'
import { cpuOf, cpuSince } from './cpu'
import { printedTimes, timeExpressions } from './expressions'
import { fillRuns } from './fill-runs'
import { load, quantile } from './load'
import { memoryOf } from './memory'
import { timeProcedures } from './procedures'
import { type LaneReport, write } from './report'
import { measureScale } from './scale'
import { chain, hookShape } from './shapes'

const quick = process.argv.includes('quick')
const size = quick
  ? { loadSeconds: 3, chainRuns: 5, idleSeconds: 10, runs: 10_000, calls: 40 }
  : { loadSeconds: 10, chainRuns: 20, idleSeconds: 300, runs: 100_000, calls: 200 }
const scaleSize = quick
  ? { runs: 5, pairs: 1, seconds: 2, parked: 1_000, stored: [0, 10_000], items: [10, 1_000] }
  : { runs: 20, pairs: 5, seconds: 4, parked: 10_000, stored: [0, 100_000, 1_000_000], items: [10, 100, 1_000, 10_000] }
const account = { email: 'bench@millrace.example', password: 'copper lantern under seven bridges' }

/** `npm run bench` measures an instance of its own and writes docs/benchmarks.md; `npm run bench -- quick` only prints. */
async function main() {
  const home = mkdtempSync(path.join(os.tmpdir(), 'millrace-bench-'))
  const env = {
    MILLRACE_OWNER_EMAIL: account.email,
    MILLRACE_OWNER_PASSWORD: account.password,
    LOG_LEVEL: 'warn',
  }
  let instance: Instance | null = null
  try {
    say('expressions')
    const expressions = timeExpressions()
    console.log(printedTimes(expressions))
    say('first start')
    const first = await timed(() => startInstance({ home, env }))
    await first.value.stop()
    say('second start')
    const second = await timed(() => startInstance({ home, env }))
    instance = second.value
    say(`idle for ${size.idleSeconds} s`)
    await new Promise((resolve) => setTimeout(resolve, size.idleSeconds * 1_000))
    const memory = memoryOf(instance.child.pid as number)

    const { url } = instance
    const cookie = await signIn(url, account)
    const { items } = await millraceClient({ url, cookie }).organizations.mine.query()
    const organizationId = items.find((one) => !one.isExamples)?.id as string
    let api = millraceClient({ url, cookie, organizationId })

    const shapes = await publishShapes(api)
    const withLane = await measureRuns(instance, api, shapes, 'on')
    await instance.stop()
    instance = await startInstance({ home, env: { ...env, MILLRACE_LANE: 'off' } })
    const { url: laneOffUrl } = instance
    const offApi = millraceClient({ url: laneOffUrl, cookie: await signIn(laneOffUrl, account), organizationId })
    const withoutLane = await measureRuns(instance, offApi, shapes, 'off')
    await instance.stop()
    instance = await startInstance({ home, env })
    api = millraceClient({ url: instance.url, cookie: await signIn(instance.url, account), organizationId })

    const { adminUrl } = JSON.parse(readFileSync(path.join(home, 'running.json'), 'utf8')) as { adminUrl: string }
    say(`${size.runs.toLocaleString('en-US')} runs into the database`)
    const listedId = await published(api, 'Bench lists', '', hookShape())
    await fillRuns(adminUrl, { organizationId, workflowId: listedId, count: size.runs })
    say('procedures')
    const procedures = await timeProcedures(api, listedId, size.calls)
    const scale = await measureScale({ url: instance.url, api, adminUrl, organizationId, hookId: shapes.hookId }, scaleSize, say)

    const text = write({
      quick,
      runs: size.runs,
      idleSeconds: size.idleSeconds,
      firstMs: first.ms,
      secondMs: second.ms,
      memory,
      lanes: [withLane, withoutLane],
      procedures,
      scale,
      expressions,
    })
    console.log(`\n${text}`)
    if (!quick) {
      writeFileSync(path.resolve(import.meta.dirname, '..', 'docs', 'benchmarks.md'), text)
      console.log('written to docs/benchmarks.md')
    }
  } finally {
    await instance?.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

interface Shapes {
  hookId: string
  chains: { kind: 'set' | 'code'; length: number; workflowId: string }[]
}

async function publishShapes(api: Millrace): Promise<Shapes> {
  const chains: Shapes['chains'] = []
  const hookId = await published(api, 'Bench hook', '', hookShape())
  for (const kind of ['set', 'code'] as const) {
    for (const length of [10, 40]) {
      chains.push({ kind, length, workflowId: await published(api, `Bench ${kind} ${length}`, '', chain(kind, length)) })
    }
  }
  return { hookId, chains }
}

async function measureRuns(instance: Instance, api: Millrace, shapes: Shapes, lane: 'on' | 'off'): Promise<LaneReport> {
  const pid = instance.child.pid as number
  const hook = new URL(await hookOf(api, shapes.hookId))
  hook.port = new URL(instance.url).port
  let order = 0
  const body = () => `{"order":${++order},"price":60,"quantity":2}`
  await load({ url: hook.href, connections: 4, seconds: 2, body })
  await idle(api)
  const loads: LaneReport['loads'] = []
  for (const connections of [1, 10, 50]) {
    say(`hook shape at ${connections} connections for ${size.loadSeconds} s, lane ${lane}`)
    const before = cpuOf(pid)
    const result = await load({ url: hook.href, connections, seconds: size.loadSeconds, body })
    await idle(api)
    const after = cpuOf(pid)
    loads.push({ ...result, cpuMs: before && after && result.answered > 0 ? cpuSince(before, after).totalMs / result.answered : null })
  }
  const chains: LaneReport['chains'] = []
  for (const { kind, length, workflowId } of shapes.chains) {
    say(`chain of ${length} ${kind} nodes, lane ${lane}`)
    const took: number[] = []
    for (let run = 0; run < size.chainRuns; run++) {
      const { runId, status } = await api.runs.start.mutate({ workflowId, input: {}, waitSeconds: 30 })
      if (status !== 'succeeded') throw new Error(`a chain of ${length} ${kind} nodes ended ${status}`)
      took.push((await api.runs.get.query({ runId })).durationMs ?? 0)
    }
    took.sort((a, b) => a - b)
    chains.push({ kind, length, p50Ms: quantile(took, 0.5), p95Ms: quantile(took, 0.95) })
  }
  return { lane, loads, chains }
}

function say(line: string): void {
  console.log(`· ${line}`)
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const began = performance.now()
  const value = await work()
  return { value, ms: performance.now() - began }
}

function idle(api: Millrace): Promise<boolean> {
  return eventually(
    'the end of all runs',
    async () => (await api.runs.list.query({ status: ['accepted', 'running', 'waiting'], limit: 1 })).items.length === 0,
    120_000,
  )
}

await main()
