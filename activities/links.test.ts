import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { sweepLinks } from '@/db/engine'
import { newId } from '@/db/ids'
import { deadLetters, holders, liveRuns, projects, runSteps, runs, runWaits, tasks, workflowTags, workflowVersions } from '@/db/schema'
import { acceptRun } from '@/server/services/runs/accept-run'
import { replayRun } from '@/server/services/runs/replay-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { decideTask } from '@/server/services/tasks/decide-task'
import { tagVersion } from '@/server/services/workflows/tag-version'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { DriverAnswer } from '@/workflows/runtime/driver-types'
import { asAdmin, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'
import { graphOf, idOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let advancer: Advancer
let holder: Holder

beforeAll(async () => {
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
})
afterAll(() => holder.stop())

const trigger = { type: 'trigger.manual' }
const called = (params: Record<string, Json> = {}) => ({ type: 'trigger.sub_workflow', params })
const set = (name: string, value: Json) => ({ type: 'data.set', params: { fields: [{ name, value }] } })
const sub = (workflow: TestWorkflow, params: Record<string, Json> = {}, settings: Record<string, unknown> = {}) => ({
  type: 'flow.sub_workflow',
  params: { workflow: workflow.id, ...params },
  settings,
})
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const childrenOf = (runId: string) => read((tx) => tx.select().from(runs).where(eq(runs.parentRunId, runId)).orderBy(runs.startedAt))
const childOf = async (runId: string) => {
  const [child] = await childrenOf(runId)
  if (!child) throw new Error('no child')
  return child
}
const advance = (runId: string): Promise<DriverAnswer> => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))

async function accepted(graph: Graph, input: Json = {}): Promise<string> {
  const workflow = await makeWorkflow(organization, { graph })
  return start(workflow, input)
}
async function start(workflow: TestWorkflow, input: Json = {}): Promise<string> {
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
  return runId
}
/** Until it ends, as a driver would; what it waits for has to be there. */
async function finish(runId: string) {
  for (let slices = 0; slices < 10; slices++) if ((await advance(runId)).kind === 'finished') break
  return runOf(runId)
}

describe('a sub-workflow', () => {
  it('gets its input, and its output goes on in the run that waited', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> double', { start: called(), double: set('n', '{{ input.n * 2 }}') }),
    })
    const runId = await accepted(
      graphOf('start -> call -> after', {
        start: trigger,
        call: sub(child, { input: { n: '{{ input.n }}' } }),
        after: set('got', '{{ steps.$call____.n }}'),
      }),
      { n: 21 },
    )
    expect(await advance(runId)).toEqual({ kind: 'waiting', until: null })
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'child', nodeTitle: 'call' } })
    const made = await childOf(runId)
    expect(made).toMatchObject({ trigger: 'workflow', parentPath: idOf('call'), triggerNodeId: idOf('start'), input: { n: 21 } })
    expect(await advance(made.id)).toEqual({ kind: 'finished' })
    expect(await finish(runId)).toMatchObject({ status: 'succeeded', output: { got: 42 } })
  })

  it('that ends before its parent waits is not missed', async () => {
    const child = await makeWorkflow(organization, { graph: graphOf('start -> a', { start: called(), a: set('a', 1) }) })
    const runId = await accepted(
      graphOf('start -> call; start -> slow', {
        start: trigger,
        call: sub(child),
        slow: { type: 'code.javascript', params: { source: 'const end = Date.now() + 400; while (Date.now() < end) {} return 1' } },
      }),
    )
    const parent = advance(runId)
    for (;;) {
      const [made] = await childrenOf(runId)
      if (made) {
        expect(await advance(made.id)).toEqual({ kind: 'finished' })
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(await parent).toEqual({ kind: 'more' })
    expect(await finish(runId)).toMatchObject({ status: 'succeeded' })
  })

  it('is started once when the worker died before it wrote down that it waits', async () => {
    const child = await makeWorkflow(organization, { graph: graphOf('start -> a', { start: called(), a: set('a', 1) }) })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(child) }))
    await advance(runId)
    const made = await childOf(runId)
    await asAdmin((db) => db.delete(runSteps).where(and(eq(runSteps.runId, runId), eq(runSteps.path, idOf('call')))))
    expect(await advance(made.id)).toEqual({ kind: 'finished' })
    expect(await finish(runId)).toMatchObject({ status: 'succeeded', output: { a: 1 } })
    expect(await childrenOf(runId)).toHaveLength(1)
  })

  it('that broke goes on where it did when the run above it is run again, with the keys of the first', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> slow -> halt', {
        start: called(),
        slow: { type: 'data.random', params: {} },
        halt: { type: 'flow.stop', params: { message: 'Closed.' } },
      }),
    })
    const parent = graphOf('start -> before -> call', { start: trigger, before: set('a', 1), call: sub(child) })
    const runId = await accepted(parent)
    await advance(runId)
    const broken = await childOf(runId)
    expect(await advance(broken.id)).toEqual({ kind: 'finished' })
    expect(await finish(runId)).toMatchObject({ status: 'failed' })
    const again = await replayRun(organization.caller, { runId, fromPath: idOf('call') })
    await advance(again.runId)
    const next = await childOf(again.runId)
    expect(next).toMatchObject({ replayOfId: broken.id, rootId: broken.rootId, parentPath: idOf('call') })
    const taken = await read((tx) =>
      tx
        .select({ path: runSteps.path, origin: runSteps.originRunId })
        .from(runSteps)
        .where(and(eq(runSteps.runId, next.id), eq(runSteps.path, idOf('slow')))),
    )
    expect(taken).toEqual([{ path: idOf('slow'), origin: broken.id }])
  })

  it('that fails fails the step with its error, and one dead letter opens', async () => {
    const child = await makeWorkflow(organization, {
      name: 'Check stock',
      graph: graphOf('start -> halt', { start: called(), halt: { type: 'flow.stop', params: { message: 'No stock.' } } }),
    })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(child) }))
    await advance(runId)
    const made = await childOf(runId)
    await advance(made.id)
    expect(await finish(runId)).toMatchObject({
      status: 'failed',
      error: { class: 'business', code: 'child.failed', message: '“Check stock” failed: No stock.', details: { runId: made.id } },
    })
    const letters = await read((tx) => tx.select().from(deadLetters))
    expect(letters.filter((letter) => [runId, made.id].includes(letter.runId)).map((letter) => letter.runId)).toEqual([runId])
  })

  it('is started again as another run where the step retries, and then leaves by its error port', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> halt', { start: called(), halt: { type: 'flow.stop', params: { message: 'No.' } } }),
    })
    const settings = { onError: 'port', retry: { attempts: 2, delayMs: 0, maxDelayMs: 0, jitter: 0, on: ['any'] } }
    const runId = await accepted(
      graphOf('start -> call; call.error -> told', {
        start: trigger,
        call: sub(child, {}, settings),
        told: set('why', '{{ input.error.message }}'),
      }),
    )
    for (let round = 0; round < 8; round++) {
      await advance(runId)
      for (const made of await childrenOf(runId)) await advance(made.id)
    }
    expect((await childrenOf(runId)).map((made) => made.status)).toEqual(['failed', 'failed'])
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { why: expect.stringContaining('No.') } })
  })

  it('that is not waited for leaves its parent alone', async () => {
    const child = await makeWorkflow(organization, { graph: graphOf('start -> a', { start: called(), a: set('a', 1) }) })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(child, { wait: false }) }))
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    const made = await childOf(runId)
    expect(made).toMatchObject({ status: 'accepted', parentPath: null })
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { runId: made.id, workflowId: child.id } })
    expect(await advance(made.id)).toEqual({ kind: 'finished' })
  })

  it('is cancelled with the run that waits for it, and so are those below', async () => {
    const leaf = await makeWorkflow(organization, {
      graph: graphOf('start -> pause', { start: called(), pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    })
    const middle = await makeWorkflow(organization, { graph: graphOf('start -> call', { start: called(), call: sub(leaf) }) })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(middle) }))
    await advance(runId)
    const child = await childOf(runId)
    await advance(child.id)
    const grandchild = await childOf(child.id)
    await advance(grandchild.id)
    await requestCancel(organization.caller, { runId })
    for (const id of [runId, child.id, grandchild.id]) expect(await finish(id)).toMatchObject({ status: 'cancelled' })
    expect(await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.parentRunId, runId)))).toEqual([])
  })

  it('that takes longer than its step allows is cancelled, and the step fails, tries another one or leaves by its error port', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> pause', { start: called(), pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    })
    const retry = { attempts: 2, delayMs: 0, jitter: 0, on: ['timeout'] }
    const runId = await accepted(
      graphOf('start -> call; call.error -> why', {
        start: trigger,
        call: { ...sub(child), settings: { timeoutMs: 200, onError: 'port', retry } },
        why: set('why', '{{ input.error.code }}'),
      }),
    )
    expect(await advance(runId)).toMatchObject({ kind: 'waiting', until: expect.any(Number) })
    for (let round = 0; round < 12 && (await advance(runId)).kind !== 'finished'; round++) await new Promise((go) => setTimeout(go, 100))
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { why: 'child.timeout' } })
    const made = await childrenOf(runId)
    expect(made).toHaveLength(2)
    for (const { id } of made) expect(await finish(id)).toMatchObject({ status: 'cancelled' })
  })

  it('that ends late, when its step waits for another one already, says nothing of that one', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> pause', { start: called(), pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    })
    const retry = { attempts: 2, delayMs: 0, jitter: 0, on: ['timeout'] }
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(child, {}, { timeoutMs: 2_000, retry }) }))
    await advance(runId)
    const late = await childOf(runId)
    await asAdmin((db) => db.update(runWaits).set({ dueAt: new Date() }).where(eq(runWaits.runId, runId)))
    await asAdmin((db) => db.update(liveRuns).set({ dueAt: new Date() }).where(eq(liveRuns.runId, runId)))
    for (let slices = 0; slices < 3; slices++) await advance(runId)
    expect(await childrenOf(runId)).toHaveLength(2)
    expect(await finish(late.id)).toMatchObject({ status: 'cancelled' })
    await advance(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'child' } })
  })

  it('is tried again when its time has come and no sooner, whoever else wakes the run', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> stop', { start: called(), stop: { type: 'flow.stop', params: { message: 'Not yet.' } } }),
    })
    const retry = { attempts: 2, delayMs: 3_600_000, jitter: 0, on: ['any'] }
    const runId = await accepted(
      graphOf('start -> call; start -> ask', {
        start: trigger,
        call: sub(child, {}, { retry }),
        ask: { type: 'people.approval', params: { title: 'Well?' } },
      }),
    )
    await advance(runId)
    await finish((await childOf(runId)).id)
    await advance(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'waiting' })
    const [task] = await read((tx) => tx.select().from(tasks).where(eq(tasks.runId, runId)))
    await decideTask(organization.caller, { taskId: task?.id as string, decision: 'approved' })
    expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    expect(await childrenOf(runId)).toHaveLength(1)
  })

  it('is cancelled with the branch that waits for it when another one comes first, also in a run that goes on or ends well', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> pause', { start: called(), pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    })
    for (const after of [set('a', 1), { type: 'flow.wait', params: { durationMs: 3_600_000 } }]) {
      const runId = await accepted(
        graphOf('start -> race -> after', {
          start: trigger,
          race: { type: 'flow.parallel', params: { until: 'race' } },
          call: { ...sub(child), parent: 'race' },
          limit: { type: 'flow.wait', parent: 'race', params: { durationMs: 100 } },
          after,
        }),
      )
      expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
      const made = await childOf(runId)
      await advance(made.id)
      await new Promise((go) => setTimeout(go, 150))
      await advance(runId)
      expect((await runOf(runId))?.status).toBe(after.type === 'flow.wait' ? 'waiting' : 'succeeded')
      expect(await finish(made.id)).toMatchObject({ status: 'cancelled' })
    }
  })

  it('is cancelled by whoever takes the run over where a worker died in the moment it let go of it, and tasks are closed', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> pause', { start: called(), pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    })
    const runId = await accepted(
      graphOf('start -> race -> after', {
        start: trigger,
        race: { type: 'flow.parallel', params: { until: 'any' } },
        call: { ...sub(child), parent: 'race' },
        ask: { type: 'people.approval', params: { title: 'Well?' }, parent: 'race' },
        other: { type: 'flow.wait', params: { durationMs: 3_600_000 }, parent: 'race' },
        after: { type: 'flow.wait', params: { durationMs: 3_600_000 } },
      }),
    )
    await advance(runId)
    const made = await childOf(runId)
    const steps = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
    const holderId = newId('hold')
    await asAdmin(async (db) => {
      for (const { path } of steps) {
        const isRace = path === idOf('race')
        if (!isRace && !path.startsWith(`${idOf('race')}/`)) continue
        const error = { class: 'cancelled' as const, code: 'step.abandoned', message: 'What this step was part of ended before it did.' }
        await db
          .update(runSteps)
          .set(isRace ? { status: 'succeeded', port: 'main', output: 1 } : { status: 'failed', error, retryAt: null })
          .where(and(eq(runSteps.runId, runId), eq(runSteps.path, path)))
      }
      const dead = { id: holderId, kind: 'worker' as const, host: 'dead', pid: 1, build: 'test', leaseUntil: new Date(Date.now() - 1_000) }
      await db.insert(holders).values(dead)
      await db.update(liveRuns).set({ state: 'running', holderId, epoch: 7 }).where(eq(liveRuns.runId, runId))
    })
    expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    expect(await finish(made.id)).toMatchObject({ status: 'cancelled' })
    expect(await read((tx) => tx.select().from(tasks).where(eq(tasks.runId, runId)))).toMatchObject([{ state: 'cancelled' }])
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { path: idOf('after'), count: 1 } })
  })

  it('whose parent ended while it was locked is found by the sweep', async () => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> pause', { start: called(), pause: { type: 'flow.wait', params: { durationMs: 3_600_000 } } }),
    })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(child) }))
    await advance(runId)
    const made = await childOf(runId)
    await advance(made.id)
    await requestCancel(organization.caller, { runId })
    await read(async (tx) => {
      await tx.select().from(liveRuns).where(eq(liveRuns.runId, made.id)).for('update')
      expect(await advance(runId)).toEqual({ kind: 'finished' })
    })
    expect(await advance(made.id)).toMatchObject({ kind: 'waiting' })
    expect(await sweepLinks()).toContain(made.id)
    expect(await finish(made.id)).toMatchObject({ status: 'cancelled' })
  })

  it('that calls itself ends with a sentence when it is too deep', async () => {
    const self = newId('wf')
    const made = await makeWorkflow(organization, {
      id: self,
      name: 'Ouroboros',
      graph: graphOf('start -> call', { start: called(), call: sub({ id: self, versionId: null }) }),
    })
    let runId = await start(made)
    const ids = [runId]
    for (;;) {
      const answer = await advance(runId)
      if (answer.kind === 'finished') break
      runId = (await childOf(runId)).id
      ids.push(runId)
    }
    expect(ids).toHaveLength(11)
    expect(await runOf(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'child.too_deep', message: expect.stringContaining('10 levels') },
    })
    for (const id of ids.slice(0, -1).reverse()) expect(await finish(id)).toMatchObject({ status: 'failed' })
  })

  it.each([
    ['an input that does not fit', { type: 'object', required: ['sku'] }, {}, 'child.input', '“sku” is missing.'],
    ['a tag that no version has', undefined, { version: 'tag', versionTag: 'old' }, 'child.no_version', 'the tag “old”'],
    ['a version that is not there', undefined, { version: 'number', versionNumber: 9 }, 'child.no_version', 'no version 9'],
  ])('with %s does not start', async (_words, schema, params, code, words) => {
    const child = await makeWorkflow(organization, {
      graph: graphOf('start -> a', { start: called(schema ? { input: schema } : {}), a: set('a', 1) }),
    })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(child, params) }))
    expect(await finish(runId)).toMatchObject({ status: 'failed', error: { code, message: expect.stringContaining(words) } })
    expect(await childrenOf(runId)).toEqual([])
  })

  it.each(['queue', 'cancel_older'] as const)('that would wait for the place of a run above it is not started (%s)', async (whenFull) => {
    const workflow = await makeWorkflow(organization, { graph: graphOf('start -> a', { start: called(), a: set('a', 1) }) })
    const between = await makeWorkflow(organization, { graph: graphOf('start -> call', { start: called(), call: sub(workflow) }) })
    const graph = {
      ...graphOf('start -> call', { start: called(), call: sub(between) }),
      settings: { concurrency: { limit: 1, whenFull, key: '' } },
    }
    await asAdmin((db) => db.update(workflowVersions).set({ graph }).where(eq(workflowVersions.workflowId, workflow.id)))
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
    await advance(runId)
    const made = await childOf(runId)
    await finish(made.id)
    expect(await runOf(made.id)).toMatchObject({ status: 'failed', error: { code: 'child.holds_itself' } })
    expect(await childrenOf(made.id)).toEqual([])
    expect(await finish(runId)).toMatchObject({ status: 'failed' })
  })

  it('runs the version that has the tag, whatever is live', async () => {
    const child = await makeWorkflow(organization, { graph: graphOf('start -> a', { start: called(), a: set('from', 'tagged') }) })
    await tagVersion(organization.caller, { workflowId: child.id, versionId: child.versionId as string, name: 'staging' })
    await read((tx) => tx.delete(workflowTags).where(and(eq(workflowTags.workflowId, child.id), eq(workflowTags.name, 'live'))))
    const call = (params: Record<string, Json>) => accepted(graphOf('start -> call', { start: trigger, call: sub(child, params) }))
    const runId = await call({ version: 'tag', versionTag: 'staging' })
    await advance(runId)
    await advance((await childOf(runId)).id)
    expect(await finish(runId)).toMatchObject({ status: 'succeeded', output: { from: 'tagged' } })
    expect(await finish(await call({}))).toMatchObject({ status: 'failed', error: { code: 'child.not_live' } })
  })

  it('of another project runs only where it is open to the organization', async () => {
    const projectId = newId('prj')
    await read((tx) => tx.insert(projects).values({ organizationId: organization.id, id: projectId, name: 'Other', slug: 'other' }))
    const other = { ...organization, projectId }
    const graph = (callers: string) => graphOf('start -> a', { start: called({ callers }), a: set('a', 1) })
    const shut = await makeWorkflow(other, { graph: graph('project') })
    const open = await makeWorkflow(other, { graph: graph('organization') })
    expect(await finish(await accepted(graphOf('start -> call', { start: trigger, call: sub(shut) })))).toMatchObject({
      error: { code: 'child.other_project' },
    })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(open) }))
    await advance(runId)
    await advance((await childOf(runId)).id)
    expect(await finish(runId)).toMatchObject({ status: 'succeeded' })
  })

  it('of another organization does not exist', async () => {
    const foreign = await makeOrganization()
    const theirs = await makeWorkflow(foreign, {
      graph: graphOf('start -> a', { start: called({ callers: 'organization' }), a: set('a', 1) }),
    })
    expect(await finish(await accepted(graphOf('start -> call', { start: trigger, call: sub(theirs) })))).toMatchObject({
      error: { code: 'child.unknown' },
    })
  })

  it('keeps the idempotency keys of the first run when its parent is run again', async () => {
    const child = await makeWorkflow(organization, { graph: graphOf('start -> a', { start: called(), a: set('a', 1) }) })
    const runId = await accepted(graphOf('start -> call', { start: trigger, call: sub(child) }))
    await advance(runId)
    const first = await childOf(runId)
    await advance(first.id)
    await finish(runId)
    const again = await replayRun(organization.caller, { runId })
    await advance(again.runId)
    const second = await childOf(again.runId)
    expect(second.id).not.toBe(first.id)
    expect(second.rootId).toBe(first.rootId)
    expect(first.rootId).toBe(first.id)
  })

  it('leaves no wait open behind it', async () => {
    const open = await read((tx) =>
      tx
        .select()
        .from(runWaits)
        .where(and(eq(runWaits.kind, 'child'))),
    )
    expect(open.filter((wait) => wait.settledAt === null && wait.settledBy !== null)).toEqual([])
  })
})
