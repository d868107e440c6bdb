import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { eventually } from '../tests/support/eventually'
import { hookOf, published } from '../tests/support/fill-with-work'
import { type Millrace, millraceClient, signIn } from '../tests/support/millrace-client'
import { type Instance, startInstance } from '../tests/support/start-instance'
import { printedTimes, timeExpressions } from './expressions'
import { fillRuns } from './fill-runs'
import { type LoadResult, load, quantile } from './load'
import { memoryOf } from './memory'
import { timeProcedures } from './procedures'
import { type Report, write } from './report'
import { chain, hookShape } from './shapes'

const quick = process.argv.includes('quick')
const size = quick
  ? { loadSeconds: 3, chainRuns: 5, idleSeconds: 10, runs: 10_000, calls: 40 }
  : { loadSeconds: 10, chainRuns: 20, idleSeconds: 300, runs: 100_000, calls: 200 }
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
    const api = millraceClient({ url, cookie, organizationId })

    const hookId = await published(api, 'Bench hook', '', hookShape())
    const hook = await hookOf(api, hookId)
    const loads: LoadResult[] = []
    for (const connections of [1, 10, 50]) {
      say(`hook shape at ${connections} connections for ${size.loadSeconds} s`)
      let order = 0
      loads.push(
        await load({ url: hook, connections, seconds: size.loadSeconds, body: () => `{"order":${++order},"price":60,"quantity":2}` }),
      )
      await idle(api)
    }

    const chains: Report['chains'] = []
    for (const kind of ['set', 'code'] as const) {
      for (const length of [10, 40]) {
        say(`chain of ${length} ${kind} nodes`)
        const workflowId = await published(api, `Bench ${kind} ${length}`, '', chain(kind, length))
        const took: number[] = []
        for (let run = 0; run < size.chainRuns; run++) {
          const { runId, status } = await api.runs.start.mutate({ workflowId, input: {}, waitSeconds: 30 })
          if (status !== 'succeeded') throw new Error(`a chain of ${length} ${kind} nodes ended ${status}`)
          took.push((await api.runs.get.query({ runId })).durationMs ?? 0)
        }
        took.sort((a, b) => a - b)
        chains.push({ kind, length, p50Ms: quantile(took, 0.5), p95Ms: quantile(took, 0.95) })
      }
    }

    say(`${size.runs.toLocaleString('en-US')} runs into the database`)
    const running = JSON.parse(readFileSync(path.join(home, 'running.json'), 'utf8')) as { adminUrl: string }
    await fillRuns(running.adminUrl, { organizationId, workflowId: hookId, count: size.runs })
    say('procedures')
    const procedures = await timeProcedures(api, hookId, size.calls)

    const text = write({
      quick,
      runs: size.runs,
      idleSeconds: size.idleSeconds,
      firstMs: first.ms,
      secondMs: second.ms,
      memory,
      loads,
      chains,
      procedures,
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
