import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { hookOf, published } from '../tests/support/fill-with-work'
import { startHttpSink } from '../tests/support/http-sink'
import type { Millrace } from '../tests/support/millrace-client'
import { fillRuns } from './fill-runs'
import { load, quantile } from './load'
import { parkRuns } from './park-runs'
import { effects, loop } from './shapes'

export interface ScaleReport {
  /** What a recorded effect costs over the effect itself, where it changes something and where it only reads, and what a credential adds. */
  effect: { lengths: readonly [number, number]; changingMs: number; readingMs: number; credentialMs: number; rowMs: number; diskMs: number }
  loops: { items: number; totalMs: number; perStepUs: number }[]
  parked: { count: number; withMs: number[]; withoutMs: number[]; ratio: number }
  stored: { count: number; p50Ms: number; perSecond: number }[]
}

interface Where {
  url: string
  api: Millrace
  adminUrl: string
  organizationId: string
  hookId: string
}

/** How costs grow: with the length of a run, with runs that wait beside, with runs that are stored. */
export async function measureScale(
  { url, api, adminUrl, organizationId, hookId }: Where,
  size: { runs: number; pairs: number; seconds: number; parked: number; stored: number[]; items: number[] },
  say: (line: string) => void,
): Promise<ScaleReport> {
  const hook = new URL(await hookOf(api, hookId))
  hook.port = new URL(url).port
  const throughput = (seconds: number) =>
    load({ url: hook.href, connections: 10, seconds, body: () => '{"order":1,"price":60,"quantity":2}' })

  say('a chain of effects')
  const effect = await measureEffects(api, adminUrl, size.runs)
  const loops: ScaleReport['loops'] = []
  const loopId = await published(api, 'Bench loop', '', loop())
  for (const items of size.items) {
    say(`a loop over ${items} items`)
    const took: number[] = []
    for (let run = 0; run < (items > 1_000 ? 3 : 8); run++) took.push(await timeOf(api, loopId, { items }))
    took.sort((a, b) => a - b)
    const totalMs = quantile(took, 0.5)
    loops.push({ items, totalMs, perStepUs: (totalMs * 1_000) / items })
  }

  const withMs: number[] = []
  const withoutMs: number[] = []
  for (let pair = 0; pair < size.pairs; pair++) {
    say(`pair ${pair + 1} of ${size.pairs} with ${size.parked} parked runs beside and without`)
    const unpark = await parkRuns(adminUrl, { organizationId, workflowId: hookId, count: size.parked })
    withMs.push(1_000 / (await throughput(size.seconds)).perSecond)
    await unpark()
    withoutMs.push(1_000 / (await throughput(size.seconds)).perSecond)
  }
  const ratios = withMs.map((ms, index) => (withoutMs[index] ?? ms) / ms).sort((a, b) => a - b)

  const stored: ScaleReport['stored'] = []
  let count = 0
  for (const wanted of size.stored) {
    if (wanted > count) {
      say(`${wanted.toLocaleString('en-US')} stored runs`)
      await fillRuns(adminUrl, { organizationId, workflowId: hookId, count: wanted - count })
    }
    count = wanted
    await throughput(2)
    const { p50Ms, perSecond } = await throughput(size.seconds)
    stored.push({ count, p50Ms, perSecond })
  }
  return { effect, loops, parked: { count: size.parked, withMs, withoutMs, ratio: quantile(ratios, 0.5) }, stored }
}

/**
 * What each further step of a chain costs over its effect; short and long chains by turns, so that what a run costs once is left out. An
 * effect takes what it takes in the chains that write nothing meanwhile. Between them single rows are committed, each a call apart, to tell
 * how fast a step could be at all.
 */
async function measureEffects(api: Millrace, adminUrl: string, runs: number): Promise<ScaleReport['effect']> {
  const lengths = [20, 60] as const
  const sink = await startHttpSink()
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const rows: number[] = []
  try {
    await sql`create table bench_rows (at timestamptz, value jsonb)`
    const { id: credential } = await api.credentials.create.mutate({
      name: 'Bench',
      type: 'http.header',
      settings: { name: 'x-key' },
      secret: { value: 'copper-lantern' },
      allowedHosts: [sink.host],
    })
    const kinds = { changing: { method: 'POST' }, reading: { method: 'GET' }, 'with a credential': { method: 'POST', credential } } as const
    const chains: { kind: keyof typeof kinds; workflowId: string; took: number[]; effects: number[] }[] = []
    for (const kind of ['changing', 'reading', 'with a credential'] as const)
      for (const length of lengths) {
        const workflowId = await published(api, `Bench effects ${kind} ${length}`, '', effects(length, sink.url, kinds[kind]))
        chains.push({ kind, workflowId, took: [], effects: [] })
      }
    for (let run = 0; run < runs; run++) {
      for (const { workflowId, took, effects } of chains) {
        const timed = await timeChain(api, workflowId)
        took.push(timed.tookMs)
        effects.push(timed.effectMs)
      }
      for (let row = 0; row < 20; row++) {
        await fetch(`${sink.url}/row`)
        rows.push(await timeToCommit(sql))
      }
    }
    const stepMs = (kind: keyof typeof kinds) => {
      const [short = 0, long = 0] = chains.filter((chain) => chain.kind === kind).map(({ took }) => medianOf(took))
      return (long - short) / (lengths[1] - lengths[0])
    }
    const effectMs = medianOf(chains.filter(({ kind }) => kind === 'changing').flatMap(({ effects }) => effects))
    return {
      lengths,
      changingMs: stepMs('changing') - effectMs,
      readingMs: stepMs('reading') - effectMs,
      credentialMs: stepMs('with a credential') - stepMs('changing'),
      rowMs: medianOf(rows),
      diskMs: diskMs(),
    }
  } finally {
    await sql`drop table if exists bench_rows`
    await sql.end()
    await sink.close()
  }
}

async function timeToCommit(sql: postgres.Sql): Promise<number> {
  const began = performance.now()
  await sql`insert into bench_rows values (now(), '{"status":200}')`
  return performance.now() - began
}

/** Time from start to end of a run, and what its effects took in the middle. */
async function timeChain(api: Millrace, workflowId: string): Promise<{ tookMs: number; effectMs: number }> {
  const { runId, status } = await api.runs.start.mutate({ workflowId, input: {}, waitSeconds: 30 })
  if (status !== 'succeeded') throw new Error(`a chain of effects ended ${status}`)
  const { durationMs } = await api.runs.get.query({ runId })
  const { items } = await api.runs.steps.query({ runId })
  return { tookMs: durationMs ?? 0, effectMs: items.reduce((sum, step) => sum + step.durationUs, 0) / 1_000 / (items.length - 1) }
}

/** What this disk needs to make 8 KiB durable: no commit is faster. */
function diskMs(): number {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'millrace-disk-')), 'probe')
  const descriptor = openSync(file, 'w')
  const block = Buffer.alloc(8_192, 1)
  const took = Array.from({ length: 50 }, () => {
    const began = performance.now()
    writeSync(descriptor, block)
    fdatasyncSync(descriptor)
    return performance.now() - began
  })
  closeSync(descriptor)
  rmSync(path.dirname(file), { recursive: true })
  return medianOf(took)
}

async function timeOf(api: Millrace, workflowId: string, input: { items: number }): Promise<number> {
  const { runId, status } = await api.runs.start.mutate({ workflowId, input, waitSeconds: 30 })
  if (status !== 'succeeded') throw new Error(`a loop over ${input.items} items ended ${status}`)
  return (await api.runs.get.query({ runId })).durationMs ?? 0
}

const medianOf = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
