import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { Worker } from '@temporalio/worker'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { runChunks, runSteps, runs } from '@/db/schema'
import { freePort } from '@/scripts/lib/ports.mjs'
import { pauseRun } from '@/server/services/runs/pause-run'
import { resumeRun } from '@/server/services/runs/resume-run'
import { temporalClient } from '@/server/temporal/client'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { graphOf, idOf } from '../support/plan-of'
import { ended, startRun, temporalServer, untilRun, workerProcess } from './support'

const root = path.join(import.meta.dirname, '..', '..')
const workflowsPath = path.join(root, 'workflows', 'index.ts')
const count = 2_000
const list = Array.from({ length: count }, (_, n) => n)

let organization: TestOrganization
let sink: HttpSink
/** Milliseconds that the other side takes for an answer. */
let takes = 5

temporalServer()
beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (request, response) => {
      const answer = () =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ n: Number(request.path.slice(1)) }))
      setTimeout(answer, takes)
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
})
afterAll(() => sink.close())

/** A worker in a process of its own, that can be killed. */
function otherWorker(lane: 'on' | 'off') {
  let child: ChildProcess | null = null
  const kill = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const running = child
    child = null
    if (!running || running.exitCode !== null) return
    const exited = once(running, 'exit')
    running.kill(signal)
    await exited
  }
  beforeEach(async () => {
    const port = String(await freePort())
    const env = { ...process.env, MILLRACE_LANE: lane, MILLRACE_BUILD: 'test', MILLRACE_WORKER_PORT: port }
    child = spawn(process.execPath, ['--import', 'tsx', 'activities/worker.ts'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] })
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      )
    await expect.poll(isReady, { timeout: 60_000, interval: 200 }).toBe(true)
  })
  afterEach(() => kill('SIGTERM'))
  return { kill }
}

const graph = () =>
  graphOf('start -> loop -> sum', {
    start: { type: 'trigger.manual' },
    loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 20 } },
    work: {
      type: 'http.request',
      parent: 'loop',
      params: { method: 'PUT', url: `${sink.url}/{{ item }}` },
      settings: { timeoutMs: 5_000, retry: { attempts: 1 } },
    },
    sum: { type: 'data.set', params: { fields: [{ name: 'list', value: '{{ input.map(one => one.body.n) }}' }], keep: 'only-set' } },
  })
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const chunksOf = (runId: string) => read((tx) => tx.select().from(runChunks).where(eq(runChunks.runId, runId)))
const heldBy = async (runId: string) =>
  (await chunksOf(runId)).flatMap(({ state, holderId }) => (state === 'held' && holderId ? [holderId] : []))
const worked = async (runId: string) =>
  (await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))).filter(
    ({ path: at, status }) => at.endsWith(idOf('work')) && status === 'succeeded',
  )
const asked = (from: number) => {
  const counts = new Map<string, number>()
  for (const { path: at } of sink.requests.slice(from)) counts.set(at, (counts.get(at) ?? 0) + 1)
  return counts
}

describe.each(['on', 'off'] as const)('two workers and one large loop, with the lane %s,', (lane) => {
  const here = workerProcess({ lane })
  const there = otherWorker(lane)

  async function begun() {
    const from = sink.requests.length
    const runId = await startRun(organization, await makeWorkflow(organization, { graph: graph() }), list)
    await expect.poll(async () => new Set(await heldBy(runId)).size, { timeout: 30_000, interval: 30 }).toBe(2)
    return { runId, from }
  }
  async function expectDone(runId: string) {
    const run = await untilRun(organization, runId, ended, 55_000)
    expect(run).toMatchObject({ status: 'succeeded', stepsDone: count + 3 })
    expect(run.output).toEqual({ list })
    expect(await worked(runId)).toHaveLength(count)
    expect(await chunksOf(runId)).toEqual([])
  }

  it('go through it together, each item once and the results in their order', async () => {
    takes = 15
    const { runId, from } = await begun()
    await expectDone(runId)
    expect([...asked(from).values()].every((times) => times === 1)).toBe(true)
    const handle = temporalClient().workflow.getHandle(runId)
    await handle.result()
    await Worker.runReplayHistory({ workflowsPath }, await handle.fetchHistory(), runId)
  })

  it('lose nothing and do nothing again that was recorded when one of them is killed', async () => {
    takes = 60
    const { runId, from } = await begun()
    const mine = here.current().holder.id
    await expect.poll(async () => (await worked(runId)).length, { timeout: 20_000 }).toBeGreaterThan(100)
    // Between two chunks a worker holds none.
    await expect.poll(async () => (await heldBy(runId)).some((holder) => holder !== mine), { timeout: 20_000, interval: 5 }).toBe(true)
    await there.kill('SIGKILL')
    const before = new Map((await worked(runId)).map((step) => [step.path, step.seq]))
    takes = 5
    await expectDone(runId)
    const after = new Map((await worked(runId)).map((step) => [step.path, step.seq]))
    for (const [at, seq] of before) expect(after.get(at)).toBe(seq)
    const again = [...asked(from)].filter(([, times]) => times > 1)
    // What the dead one had under way, at most.
    expect(again.length).toBeLessThanOrEqual(20)
    for (const [at] of again) expect(before.has(`${idOf('loop')}${at}/${idOf('work')}`)).toBe(false)
  }, 90_000)

  it('stop when somebody pauses the run, and go on together', async () => {
    takes = 20
    const { runId, from } = await begun()
    await pauseRun(organization.caller, { runId })
    await expect.poll(async () => (await heldBy(runId)).length, { timeout: 20_000 }).toBe(0)
    const [run] = await read((tx) => tx.select().from(runs).where(eq(runs.id, runId)))
    expect(run?.finishedAt).toBeNull()
    await resumeRun(organization.caller, { runId })
    await expectDone(runId)
    expect([...asked(from).values()].every((times) => times === 1)).toBe(true)
  })
})
