import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { takeChunk } from '@/db/chunks'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { toUuid } from '@/db/ids'
import { runChunks, runSteps, runs } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { replayRun } from '@/server/services/runs/replay-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { ChunkAnswer, DriverAnswer } from '@/workflows/runtime/driver-types'
import { adminSql, makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { type HttpSink, startHttpSink } from '../tests/support/http-sink'
import { graphOf, idOf, type NodeSketch } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { type ChunkAdvancer, createChunkAdvancer } from './advance-chunk'
import { createHands, type Hands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'
import type { Room } from './room'

/** Loops of 200 items are shared, 20 of them at a time: what is tested is the same as with a thousand. */
vi.mock('@/workflows/limits', async (original) => {
  const { limits } = await original<typeof import('@/workflows/limits')>()
  return { limits: { ...limits, chunkedItems: 200, chunkItems: 20 } }
})

interface Member {
  holder: Holder
  hands: Hands
  advancer: Advancer
  chunks: ChunkAdvancer
}

let organization: TestOrganization
let sink: HttpSink
let answering: (path: string) => number | 'never' = () => 200
/** No answer is given before this has happened. */
let holding: Promise<unknown> | null = null
let first: Member
let second: Member

function member(room?: Room): Member {
  const hands = createHands()
  const holder = createHolder(hands, 'test')
  const notices = createNotices(workerDb())
  return {
    holder,
    hands,
    advancer: createAdvancer({ holder, hands, notices }),
    chunks: createChunkAdvancer({ holder, hands, notices, ...(room ? { room } : {}) }),
  }
}

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (request, response) => {
      const status = answering(request.path)
      if (status === 'never') return
      void Promise.resolve(holding).then(() => response.writeHead(status, { 'content-type': 'application/json' }).end('{}'))
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
})
beforeEach(async () => {
  answering = () => 200
  holding = null
  sink.requests.length = 0
  first = member()
  second = member()
  await first.holder.start()
  await second.holder.start()
})
afterEach(async () => {
  await first.holder.stop()
  await second.holder.stop()
})
afterAll(async () => {
  await closePowers()
  await sink.close()
})

const count = 200
const each = 20
const list = Array.from({ length: count }, (_, n) => n)
const trigger = { type: 'trigger.manual' }
const call = (path: string, more: Partial<NodeSketch> = {}): NodeSketch => ({
  type: 'http.request',
  ...more,
  params: { url: `${sink.url}/${path}`, method: 'PUT', ...more.params },
  settings: { retry: { attempts: 1 }, timeoutMs: 5_000, ...more.settings },
})
const loop = (params: Record<string, Json> = {}, settings: Record<string, unknown> = {}): Graph =>
  graphOf('start -> loop -> sum', {
    start: trigger,
    loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 40, ...params } },
    work: call('{{ item }}', { parent: 'loop', settings }),
    sum: { type: 'data.set', params: { fields: [{ name: 'n', value: '{{ input.length }}' }], keep: 'only-set' } },
  })
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const stepsOf = (runId: string) => read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
const chunksOf = (runId: string) => read((tx) => tx.select().from(runChunks).where(eq(runChunks.runId, runId)))
const worked = async (runId: string) =>
  (await stepsOf(runId)).filter(({ path, status }) => path.endsWith(idOf('work')) && status === 'succeeded')

async function accepted(graph: Graph, { trigger: how = 'manual' } = {}): Promise<string> {
  const workflow = await makeWorkflow(organization, { graph })
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: how,
      triggerNodeId: null,
      input: list,
    }),
  )
  return runId
}
const advance = (runId: string, by = first): Promise<DriverAnswer> =>
  withDatabase(workerDb(), () => by.advancer.advance(runId, { short: false }))
const advanceChunk = (runId: string, by: Member): Promise<ChunkAnswer> =>
  withDatabase(workerDb(), () => by.chunks.advance(runId, 'default'))

/** As the Temporal workflow does for one of the chunks that are under way. */
async function follow(runId: string, by: Member): Promise<number> {
  for (let slices = 0; ; slices++) {
    const answer = await advanceChunk(runId, by)
    if (answer.kind === 'held') await new Promise((resolve) => setTimeout(resolve, 50))
    else if (answer.kind !== 'more') return slices
  }
}
async function toTheEnd(runId: string): Promise<void> {
  for (;;) {
    const answer = await advance(runId)
    if (answer.kind === 'finished') return
    if (answer.kind !== 'more') throw new Error(`the run does not go on: ${JSON.stringify(answer)}`)
  }
}

describe('a large loop with two workers', { timeout: 60_000 }, () => {
  it('is gone through by both, and comes to what it would have come to', async () => {
    const runId = await accepted(loop())
    expect(await advance(runId)).toEqual({ kind: 'waiting', until: null, chunks: 4 })
    expect(sink.requests).toEqual([])
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'chunks', path: idOf('loop'), nodeTitle: 'loop' } })
    expect(await advance(runId)).toEqual({ kind: 'waiting', until: null, chunks: 4 })
    const slices = await Promise.all([first, first, second, second].map((one) => follow(runId, one)))
    expect(Math.min(slices[0] as number, slices[2] as number)).toBeGreaterThan(0)
    await toTheEnd(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { n: count }, moves: 0, stepsDone: count + 3 })
    expect(await worked(runId)).toHaveLength(count)
    expect(sink.requests).toHaveLength(count)
    expect(await chunksOf(runId)).toEqual([])
    expect(await advanceChunk(runId, first)).toEqual({ kind: 'none' })
  })

  it('stays with one worker where it is the only one, and in a test by hand', async () => {
    const byHand = await accepted(loop(), { trigger: 'test' })
    await toTheEnd(byHand)
    await second.holder.stop()
    const runId = await accepted(loop())
    await toTheEnd(runId)
    for (const id of [byHand, runId]) {
      expect((await stepsOf(id)).find(({ path }) => path === idOf('loop'))?.input).not.toHaveProperty('chunks')
    }
  })

  it('goes on behind what a worker recorded that died', async () => {
    const runId = await accepted(loop())
    await advance(runId)
    answering = (path) => (Number(path.slice(1)) % each >= 12 ? 'never' : 200)
    const dying = advanceChunk(runId, second).catch(() => null)
    await expect.poll(async () => (await worked(runId)).length, { timeout: 30_000 }).toBe(12)
    // Its lease is over while it has steps in flight.
    await second.holder.stop()
    answering = () => 200
    await Promise.all([follow(runId, first), follow(runId, first)])
    await toTheEnd(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { n: count } })
    expect(await worked(runId)).toHaveLength(count)
    await dying
    expect(await worked(runId)).toHaveLength(count)
  })

  it('is given back where a worker has no memory for it, and goes on behind what was done', async () => {
    const runId = await accepted(loop())
    await advance(runId)
    const crowded = member({ holdsMuch: () => {}, mustLeave: () => sink.requests.length > 5, mayEnter: () => true, outside: 0 })
    await crowded.holder.start()
    expect(await advanceChunk(runId, crowded)).toMatchObject({ kind: 'held' })
    const done = (await worked(runId)).length
    expect(done).toBeGreaterThan(5)
    expect(done).toBeLessThan(each)
    expect(new Set((await chunksOf(runId)).map(({ state, crashes }) => `${state} ${crashes}`))).toEqual(new Set(['free 0']))
    await Promise.all([follow(runId, first), follow(runId, second)])
    await toTheEnd(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { n: count } })
    expect(sink.requests).toHaveLength(count)
    await crowded.holder.stop()
  })

  it('fails with the first item that fails it, and what is under way elsewhere ends first', async () => {
    answering = (path) => (path === '/50' ? 400 : 200)
    const runId = await accepted(loop())
    await advance(runId)
    await Promise.all([follow(runId, first), follow(runId, second)])
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    const run = await runOf(runId)
    expect(run).toMatchObject({ status: 'failed', error: { path: `${idOf('loop')}/50/${idOf('work')}` } })
    const steps = await stepsOf(runId)
    expect(steps.filter(({ status }) => status === 'started')).toEqual([])
    expect(sink.requests.length).toBeLessThan(count)
    expect(await worked(runId)).toHaveLength(sink.requests.length - 1)
  })

  it('stops where it is when the run is paused, and goes on', async () => {
    const runId = await accepted(loop())
    await advance(runId)
    answering = (path) => {
      if (path === '/6') holding = pauseRun(organization.caller, { runId })
      return 200
    }
    expect(await advanceChunk(runId, first)).toEqual({ kind: 'none' })
    const before = sink.requests.length
    expect(before).toBeLessThan(each)
    expect(await advance(runId)).toEqual({ kind: 'waiting', until: null })
    expect((await chunksOf(runId)).filter(({ state }) => state === 'held')).toEqual([])
    await resumeRun(organization.caller, { runId })
    expect(await advance(runId)).toMatchObject({ kind: 'waiting', chunks: 4 })
    await follow(runId, first)
    await toTheEnd(runId)
    expect(sink.requests).toHaveLength(count)
    expect((await chunksOf(runId)).length).toBe(0)
  })

  it('cleans up behind what was under way in any worker when the run is cancelled', async () => {
    const graph = graphOf('start -> loop; attempt.finally -> tidy', {
      start: trigger,
      loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 4 } },
      attempt: { type: 'flow.try', parent: 'loop' },
      work: call('work/{{ item }}', { parent: 'attempt' }),
      tidy: call('tidy/{{ item }}', { parent: 'attempt' }),
    })
    const runId = await accepted(graph)
    await advance(runId)
    answering = (path) => (path.startsWith('/work/') && Number(path.split('/')[2]) % each > 2 ? 'never' : 200)
    const under = [first, second].map((one) => advanceChunk(runId, one))
    const asked = () => sink.requests.filter(({ path }) => path.startsWith('/work/')).length
    await expect.poll(asked, { timeout: 30_000 }).toBe(8)
    await requestCancel(organization.caller, { runId })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'cancelled' })
    const tidied = new Set(sink.requests.filter(({ path }) => path.startsWith('/tidy/')).map(({ path }) => path.split('/')[2]))
    expect(tidied).toEqual(new Set(['0', '1', '2', '3', '4', '20', '21', '22', '23', '24'].filter((n) => asksOf(n) > 0)))
    const before = await stepsOf(runId)
    await Promise.all(under)
    expect(await stepsOf(runId)).toEqual(before)
    expect(first.hands.size + second.hands.size).toBe(0)
  })
  const asksOf = (item: string) => sink.requests.filter(({ path }) => path === `/work/${item}`).length

  it('waits in a worker for a next try that comes soon, and leaves a later one to the run', async () => {
    const tries = new Map<string, number>()
    answering = (path) => {
      tries.set(path, (tries.get(path) ?? 0) + 1)
      return path === '/10' && tries.get(path) === 1 ? 503 : 200
    }
    const runId = await accepted(loop({}, { retry: { attempts: 2, delayMs: 400, jitter: 0 } }))
    await advance(runId)
    await follow(runId, first)
    expect(tries.get('/10')).toBe(2)
    await toTheEnd(runId)
    const later = await accepted(loop({}, { retry: { attempts: 2, delayMs: 600_000, maxDelayMs: 600_000, jitter: 0 } }))
    await advance(later)
    tries.clear()
    await follow(later, first)
    expect(await advance(later)).toMatchObject({ kind: 'waiting', until: expect.any(Number) })
    expect((await runOf(later))?.waitingFor).toMatchObject({ kind: 'retry', path: `${idOf('loop')}/10/${idOf('work')}` })
    expect(await worked(later)).toHaveLength(count - 1)
  })

  it('is given back by a worker that stops, and counts no crash', async () => {
    const runId = await accepted(loop())
    await advance(runId)
    answering = (path) => {
      if (path === '/4') second.chunks.close()
      return 200
    }
    expect((await advanceChunk(runId, second)).kind).toBe('held')
    expect(await advanceChunk(runId, second)).toMatchObject({ kind: 'held' })
    const rows = await read((tx) =>
      tx
        .select()
        .from(runChunks)
        .where(and(eq(runChunks.runId, runId), eq(runChunks.no, 0))),
    )
    expect(rows[0]).toMatchObject({ state: 'free', holderId: null, crashes: 0 })
    await follow(runId, first)
    await toTheEnd(runId)
    expect(sink.requests).toHaveLength(count)
  })

  it('does not stand still where the answer to a taking was lost', async () => {
    const runId = await accepted(loop())
    await advance(runId)
    await takeChunk(runId, first.holder.id, { queue: 'default', mine: [] }, workerDb())
    await follow(runId, second)
    expect(await worked(runId)).toHaveLength(count - each)
    expect(await advance(runId, second)).toMatchObject({ kind: 'waiting', chunks: 1 })
    await withDatabase(workerDb(), () => second.chunks.dropFallen())
    expect(await advanceChunk(runId, second)).toEqual({ kind: 'none' })
    await withDatabase(workerDb(), () => first.chunks.dropFallen())
    await follow(runId, second)
    await toTheEnd(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { n: count } })
    expect(sink.requests).toHaveLength(count)
  })

  it('keeps what it has in hand while it looks for what it let fall', async () => {
    const runId = await accepted(loop())
    await advance(runId)
    answering = (path) => {
      if (path === '/6') holding = withDatabase(workerDb(), () => first.chunks.dropFallen())
      return 200
    }
    await follow(runId, first)
    await toTheEnd(runId)
    expect(sink.requests).toHaveLength(count)
  })

  it('begins nothing beside a run that executes by itself', async () => {
    const runId = await accepted(loop())
    await advance(runId)
    const working = advanceChunk(runId, first)
    const alone = first.hands.take('alone')
    const release = await first.hands.alone(alone, 30_000)
    expect(await working).toMatchObject({ kind: 'held' })
    expect(sink.requests).toEqual([])
    release?.()
    first.hands.drop(alone)
    await follow(runId, first)
    await toTheEnd(runId)
    expect(sink.requests).toHaveLength(count)
  })

  it('does not ask again for what may happen only once when its worker died while it was under way', async () => {
    const runId = await accepted(loop({ concurrency: 8, onItemError: 'collect' }, { atMostOnce: true }))
    await advance(runId)
    answering = (path) => (Number(path.slice(1)) % each >= 10 ? 'never' : 200)
    const dying = advanceChunk(runId, second).catch(() => null)
    const lost = ['/10', '/11']
    await expect.poll(() => lost.every((path) => sink.requests.some((request) => request.path === path)), { timeout: 30_000 }).toBe(true)
    await second.holder.stop()
    answering = () => 200
    await Promise.all([follow(runId, first), follow(runId, first)])
    await toTheEnd(runId)
    await dying
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
    expect(sink.requests).toHaveLength(count)
    expect(new Set(sink.requests.map(({ path }) => path)).size).toBe(count)
    const unknown = (await stepsOf(runId)).filter(({ status }) => status === 'unknown').map(({ path }) => path.split('/')[1])
    expect(unknown.sort()).toEqual(['10', '11'])
    expect(await worked(runId)).toHaveLength(count - 2)
  })

  it('ends with its run when that has had its longest time, whoever is still at work', async () => {
    const graph = { ...loop(), settings: { maxDurationMs: 600_000 } } as Graph
    const runId = await accepted(graph)
    expect(await advance(runId)).toMatchObject({ kind: 'waiting', until: expect.any(Number) })
    answering = () => 'never'
    const working = advanceChunk(runId, second)
    await expect.poll(() => sink.requests.length, { timeout: 30_000 }).toBe(10)
    const admin = adminSql()
    await admin`update runs set started_at = started_at - interval '1 hour' where id = ${toUuid(runId, 'run')}`
    await admin`update live_runs set due_at = now() where run_id = ${toUuid(runId, 'run')}`
    await admin.end()
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    const before = await stepsOf(runId)
    const asked = sink.requests.length
    await working
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { code: 'run.too_long' } })
    expect(await stepsOf(runId)).toEqual(before)
    expect(before.filter(({ status }) => status === 'started')).toEqual([])
    expect(await chunksOf(runId)).toEqual([])
    expect(sink.requests).toHaveLength(asked)
  })

  it('runs again from an item inside it, or from behind it, without what was done', async () => {
    answering = (path) => (path === '/50' ? 400 : 200)
    const broken = await accepted(loop())
    await advance(broken)
    await Promise.all([follow(broken, first), follow(broken, second)])
    expect(await advance(broken)).toEqual({ kind: 'finished' })
    const done = new Set(sink.requests.filter(({ path }) => path !== '/50').map(({ path }) => path))
    answering = () => 200
    sink.requests.length = 0
    const { runId } = await replayRun(organization.caller, { runId: broken, fromPath: `${idOf('loop')}/50/${idOf('work')}` })
    await toTheEnd(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { n: count } })
    expect(sink.requests.filter(({ path }) => done.has(path))).toEqual([])
    expect(sink.requests).toHaveLength(count - done.size)
    sink.requests.length = 0
    const shared = await accepted(loop())
    await advance(shared)
    await follow(shared, first)
    await toTheEnd(shared)
    sink.requests.length = 0
    const behind = await replayRun(organization.caller, { runId: shared, fromPath: idOf('sum') })
    await toTheEnd(behind.runId)
    expect(await runOf(behind.runId)).toMatchObject({ status: 'succeeded', output: { n: count } })
    expect(sink.requests).toEqual([])
  })
})
