import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '@/scripts/lib/ports.mjs'
import type { Graph, Json } from '@/workflows/graph/schema'
import { eventually } from '../support/eventually'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { asOwner, type Signed } from '../support/owner'
import { graphOf, idOf } from '../support/plan-of'
import { type Instance, startInstance } from '../support/start-instance'
import { check, type LedgerLine } from './check'
import { readLines, startLoad } from './journal'

const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-faults-'))
const ledger = path.join(folder, 'ledger.jsonl')
const journal = path.join(folder, 'journal.jsonl')
const processes = ['worker', 'web', 'postgres', 'temporal'] as const
type ProcessName = (typeof processes)[number]

let sink: HttpSink
let instance: Instance
let owner: Signed

beforeAll(async () => {
  writeFileSync(ledger, '')
  writeFileSync(journal, '')
  sink = await startHttpSink({
    ledger,
    // Slow enough that a kill meets requests under way.
    onRequest: (request, response) => {
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(request.body)
      }, 150)
    },
  })
  instance = await startInstance({
    port: await freePort(),
    home: path.join(folder, 'home'),
    env: { MILLRACE_ALLOWED_HOSTS: sink.host },
    // While developing, without a build.
    args: process.env.MILLRACE_FAULTS_DEV ? ['--dev'] : [],
  })
  owner = await asOwner(instance.url, instance.setupLink ?? '')
})

afterAll(async () => {
  await instance?.stop()
  await sink?.close()
  rmSync(folder, { recursive: true, force: true })
})

const call = (name: string, settings: Record<string, unknown> = {}) => ({
  type: 'http.request',
  params: { method: 'POST', url: `${sink.url}/${name}`, bodyMode: 'json', bodyJson: { number: '{{ trigger.body.number }}' } },
  settings: { retry: { attempts: 20, backoff: 'fixed', delayMs: 500, on: ['any'] }, timeoutMs: 4_000, ...settings },
})
const result = {
  type: 'data.set',
  params: {
    fields: [
      { name: 'number', value: '{{ trigger.body.number }}' },
      { name: 'first', value: `{{ steps.$${idOf('first')}.body.number }}` },
    ],
  },
}

async function hookFor(name: string, graph: Graph): Promise<string> {
  const { workflowId } = await owner.api.workflows.create.mutate({ name, graph: graph as unknown as Json })
  await owner.api.workflows.publish.mutate({ workflowId, note: '' })
  const { webhooks } = await owner.api.workflows.get.query({ workflowId })
  const url = webhooks[0]?.url
  if (!url) throw new Error('the workflow has no webhook')
  return url
}

interface Running {
  adminUrl: string
  children: Partial<Record<ProcessName, number>>
}
const running = (): Running => JSON.parse(readFileSync(path.join(instance.home, 'running.json'), 'utf8')) as Running

/** Kills at once, without a chance to say goodbye, and waits until another one took its place. */
async function kill(names: readonly ProcessName[]): Promise<void> {
  const before = running().children
  for (const name of names) process.kill(before[name] as number, 'SIGKILL')
  try {
    await eventually(
      `${names.join(' and ')} started again`,
      async () => {
        const { children } = running()
        return names.every((name) => children[name] !== undefined && children[name] !== before[name])
      },
      90_000,
    )
    await eventually('everything is ready again', async () => (await fetch(`${instance.url}/readyz`).catch(() => null))?.ok, 120_000)
  } catch (error) {
    throw new Error(`${(error as Error).message}: ${JSON.stringify({ before, now: running().children })}\n${instance.printed()}`)
  }
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('killing processes under load', () => {
  it('loses no accepted run, doubles none, and repeats no finished step', async () => {
    const start = { type: 'trigger.webhook' }
    const wait = { type: 'flow.wait', params: { mode: 'for', durationMs: 800 } }
    const urls = {
      plain: await hookFor(
        'Plain',
        graphOf('start -> first -> wait -> second -> end', { start, first: call('first'), wait, second: call('second'), end: result }),
      ),
      once: await hookFor(
        'At most once',
        graphOf('start -> first -> once -> end', {
          start,
          first: call('first-of-once'),
          once: call('once', { atMostOnce: true }),
          end: result,
        }),
      ),
    }
    const load = startLoad({ urls, perSecond: 10, journal })
    await eventually('runs are accepted', async () => load.accepted() > 30, 60_000)
    for (const name of processes) {
      await kill([name])
      await rest(4_000)
    }
    await kill(processes)
    await rest(6_000)
    const deliveries = await load.stop()
    const { adminUrl } = running()
    const verdict = await eventually(
      'every accepted run ends',
      async () => {
        const found = await check({
          adminUrl: running().adminUrl ?? adminUrl,
          organization: owner.organizationId,
          deliveries,
          ledger: readLines<LedgerLine>(ledger),
          nodes: { once: idOf('once') },
        })
        return found.lost.length === 0 && found
      },
      180_000,
    )
    console.log(JSON.stringify({ ...verdict, deliveries: deliveries.length }))
    expect(verdict.accepted).toBeGreaterThan(150)
    expect(verdict).toMatchObject({ lost: [], doubled: [], repeated: [], tooOften: [], wrong: [] })
  })
})
