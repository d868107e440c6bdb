import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { writeSection } from '../tests/faults/reliability'
import { eventually } from '../tests/support/eventually'
import { hookOf, published } from '../tests/support/fill-with-work'
import { startHttpSink } from '../tests/support/http-sink'
import type { Millrace } from '../tests/support/millrace-client'
import { asOwner } from '../tests/support/owner'
import { graphOf, idOf, type NodeSketch } from '../tests/support/plan-of'
import { type Instance, startInstance } from '../tests/support/start-instance'
import { liveMemoryOf } from './live-memory'
import { memoryOf } from './memory'

const megabyte = 1024 * 1024
const goalMb = 512

/** `npm run bench:memory` measures what large and waiting runs cost a worker, and writes it into docs/reliability.md. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      parked: { type: 'string', default: '10000' },
      items: { type: 'string', default: '100000' },
      print: { type: 'boolean', default: false },
    },
  })
  const home = mkdtempSync(path.join(os.tmpdir(), 'millrace-memory-'))
  const sink = await startHttpSink({
    onRequest: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify('x'.repeat(10 * megabyte - 2)))
    },
  })
  let instance: Instance | null = null
  try {
    instance = await startInstance({ home, env: { MILLRACE_ALLOWED_HOSTS: sink.host, LOG_LEVEL: 'warn' } })
    const { api } = await asOwner(instance.url, instance.setupLink ?? '')
    const rows = [
      await largeRun(
        instance,
        api,
        `${Number(values.items).toLocaleString('en-US')} items, made, filtered, mapped, sorted and counted`,
        listOf(Number(values.items)),
      ),
      await largeRun(
        instance,
        api,
        `for each of ${Number(values.items).toLocaleString('en-US')} items, one step recorded for each`,
        loopOf(Number(values.items)),
      ),
      await largeRun(
        instance,
        api,
        '100 MB in ten outputs of 10 MB, kept in the blob store and handed on by reference',
        megabytes(sink.url),
      ),
    ]
    const parked = await parkedRuns(instance, api, Number(values.parked))
    const text = `What a worker needs at most (peak of its resident set) while it executes one large run, begun when it has rested for 15 s; the goal is
${goalMb} MB. One output holds up to 100 MB, one answer of an HTTP call and one result of code up to 10 MB; values over 128 KB go to the blob
store, and a step keeps a reference.

| one run | ended | took | peak of the worker |
| --- | --- | ---: | ---: |
${rows.join('\n')}

Runs that wait for approvals: the worker caches 200 workflows, whatever waits beyond them is in Postgres and Temporal only.

| waiting runs | workflows in the cache | memory of the worker (PSS), idle | of it in use after a collection |
| ---: | ---: | ---: | ---: |
${parked.map(({ count, cached, mb, liveMb }) => `| ${count.toLocaleString('en-US')} | ${cached} | ${mb.toFixed(0)} MB | ${liveMb.toFixed(0)} MB |`).join('\n')}`
    console.log(text)
    if (!values.print) writeSection('Memory', text)
  } finally {
    await instance?.stop()
    await sink.close()
    rmSync(home, { recursive: true, force: true })
  }
}

const start = { type: 'trigger.manual' }
const set = (name: string, value: string): NodeSketch => ({ type: 'data.set', params: { fields: [{ name, value }], keep: 'only-set' } })
const listSource = (count: number) => `return Array.from({ length: ${count} }, (_, n) => ({ n, even: n % 2 === 0 }))`

function listOf(count: number) {
  return graphOf('start -> list -> even -> sort -> sum', {
    start,
    list: { type: 'code.javascript', params: { source: listSource(count) } },
    even: {
      type: 'data.filter',
      params: { list: '{{ input }}', conditions: [{ left: '{{ item.n % 2 }}', operator: 'equals', right: 0 }] },
    },
    sort: { type: 'code.javascript', params: { source: 'return input.toSorted((a, b) => b.n - a.n).map(({ n }) => ({ n }))' } },
    sum: set('count', `{{ steps.$${idOf('sort')}.length }}`),
  })
}

function loopOf(count: number) {
  return graphOf('start -> list -> loop -> sum', {
    start,
    list: { type: 'code.javascript', params: { source: listSource(count) } },
    loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 100 } },
    each: { ...set('n', '{{ item.n + 1 }}'), parent: 'loop' },
    sum: set('count', '{{ input.length }}'),
  })
}

function megabytes(url: string) {
  const names = Array.from({ length: 10 }, (_, index) => `get${index}`)
  return graphOf(`start -> ${names.join(' -> ')} -> sum`, {
    start,
    ...Object.fromEntries(names.map((name) => [name, { type: 'http.request', params: { url: `${url}/${name}` } }])),
    sum: set('length', `{{ ${names.map((name) => `steps.$${idOf(name)}.body.length`).join(' + ')} }}`),
  })
}

/** A worker gives back what its last work left once it has come to rest. */
const rested = () => new Promise((resolve) => setTimeout(resolve, 15_000))

async function largeRun(instance: Instance, api: Millrace, what: string, graph: ReturnType<typeof graphOf>): Promise<string> {
  console.log(`· ${what}`)
  const workflowId = await published(api, what, '', graph)
  await rested()
  const pid = workerOf(instance)
  // Forgets the peak so far.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const from = performance.now()
  const { runId } = await api.runs.start.mutate({ workflowId, input: {} })
  const run = await eventually(
    'the run ends',
    async () => {
      const found = await api.runs.get.query({ runId })
      return ['succeeded', 'failed', 'cancelled'].includes(found.status) && found
    },
    180_000,
  ).catch(() => null)
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  const survived = workerOf(instance) === pid ? '' : ', and the worker died'
  const ended = run ? (run.error ? `${run.status}: ${run.error.message}` : run.status) : 'not within three minutes'
  const peak = peakKb / 1024
  const row = `| ${what} | ${ended}${survived} | ${((performance.now() - from) / 1_000).toFixed(1)} s | ${peak < goalMb ? peak.toFixed(0) : `**${peak.toFixed(0)}**`} MB |`
  console.log(row)
  return row
}

interface Parked {
  count: number
  cached: number
  mb: number
  liveMb: number
}

async function parkedRuns(instance: Instance, api: Millrace, most: number): Promise<Parked[]> {
  const graph = graphOf('start -> ask', {
    start: { type: 'trigger.webhook' },
    ask: { type: 'people.approval', params: { title: 'Well?' } },
  })
  const url = await hookOf(api, await published(api, 'Parked', '', graph))
  const sql = postgres(running(instance).adminUrl, { max: 1, onnotice: () => {} })
  const found: Parked[] = []
  let sent = 0
  const park = async (count: number) => {
    const send = async () => {
      while (sent < count) {
        sent += 1
        const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
        if (!response.ok) throw new Error(`a webhook was answered ${response.status}`)
      }
    }
    await Promise.all(Array.from({ length: 8 }, send))
    await eventually(
      `${count} runs wait in Temporal`,
      async () => {
        const [row] = await sql`select count(*)::int as n from live_runs where state = 'waiting' and driver = 'temporal'`
        await new Promise((resolve) => setTimeout(resolve, 500))
        return row?.n >= count
      },
      1_200_000,
    )
    await rested()
    const pid = workerOf(instance)
    const mb = memoryOf(pid)?.totalMb ?? Number.NaN
    const one = { count, mb, cached: await cachedWorkflows(instance), liveMb: await liveMemoryOf(pid) }
    found.push(one)
    console.log(`· ${count} waiting: ${mb.toFixed(0)} MB, ${one.liveMb.toFixed(0)} MB of it in use, ${one.cached} workflows in the cache`)
  }
  try {
    await park(0)
    await park(200)
    for (const count of [most / 2, most]) if (count > 200) await park(count)
    return found
  } finally {
    await sql.end()
  }
}

async function cachedWorkflows(instance: Instance): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${running(instance).workerPort}/metrics`)).text()
  return Number(/^millrace_workflows_cached (\d+)/m.exec(metrics)?.[1])
}

function running(instance: Instance): { adminUrl: string; workerPort: number; children: { worker: number } } {
  return JSON.parse(readFileSync(path.join(instance.home, 'running.json'), 'utf8'))
}

function workerOf(instance: Instance): number {
  return running(instance).children.worker
}

await main()
