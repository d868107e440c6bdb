import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { inOrganization } from '@/db/client'
import { deadLetters, liveRuns, runSteps, runWaits, tasks } from '@/db/schema'
import * as plans from '@/server/services/runs/load-plan'
import { settleWait } from '@/server/services/runs/settle-wait'
import { temporalClient } from '@/server/temporal/client'
import { nudgeRun } from '@/server/temporal/nudge'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { graphOf, idOf } from '../support/plan-of'
import { ended, startRun, temporalServer, untilRun, workerProcess } from './support'

const trigger = { type: 'trigger.manual' }
const set = (name: string, value: string) => ({ type: 'data.set', params: { fields: [{ name, value }] } })

/** What a run means, whoever drives it: the lane and Temporal, or Temporal alone. */
export function describeRuns(lane: 'on' | 'off'): void {
  temporalServer()
  const worker = workerProcess({ lane })
  let organization: TestOrganization

  beforeAll(async () => {
    organization = await makeOrganization()
  })

  const stepsOf = (runId: string) =>
    inOrganization(organization.id, (tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)).orderBy(runSteps.seq))

  describe(`a run with the lane ${lane}`, () => {
    it('is executed behind its trigger and leaves nothing live', async () => {
      const graph = graphOf('start -> name', { start: trigger, name: set('greeting', 'Hello {{ input.who }}') })
      const workflow = await makeWorkflow(organization, { graph })
      const runId = await startRun(organization, workflow, { who: 'Maya' })
      const run = await untilRun(organization, runId, ended)
      expect(run).toMatchObject({ status: 'succeeded', stepsDone: 2, moves: 0, error: null })
      expect(run.output).toMatchObject({ greeting: 'Hello Maya' })
      expect((await stepsOf(runId)).map((step) => [step.path, step.status])).toEqual([
        [idOf('start'), 'succeeded'],
        [idOf('name'), 'succeeded'],
      ])
      expect(await inOrganization(organization.id, (tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId)))).toEqual([])
    })

    if (lane === 'off') {
      it('gets its first task with the answer to its start', async () => {
        const workflow = await makeWorkflow(organization, { graph: graphOf('start -> name', { start: trigger, name: set('a', '1') }) })
        const runId = await startRun(organization, workflow, {})
        await untilRun(organization, runId, ended)
        const { events } = await temporalClient().workflow.getHandle(runId).fetchHistory()
        expect(events?.[0]?.workflowExecutionStartedEventAttributes?.eagerExecutionAccepted).toBe(true)
      })
    }

    it('computes Python on the queue of its own, which tells where it is, and goes on', async () => {
      const graph = graphOf('start -> python -> after', {
        start: trigger,
        python: { type: 'code.python', params: { source: 'print("two")\nreturn {"n": input["n"] * 2}' } },
        after: set('n', '{{ input.n }}'),
      })
      const workflow = await makeWorkflow(organization, { graph })
      const runId = await startRun(organization, workflow, { n: 3 })
      expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'succeeded', output: { n: 6 } })
      expect((await stepsOf(runId)).find((step) => step.path === idOf('python'))?.logs).toMatchObject([{ level: 'info', text: 'two' }])
      const { events } = await temporalClient().workflow.getHandle(runId).fetchHistory()
      const queues = events?.flatMap((event) => event.activityTaskScheduledEventAttributes?.taskQueue?.name ?? []) ?? []
      expect(queues.at(-1)).toMatch(/-code$/)
    })

    it('waits for a timer in Temporal and goes on', async () => {
      const graph = graphOf('start -> pause -> after', {
        start: trigger,
        pause: { type: 'flow.wait', params: { mode: 'for', durationMs: 700 } },
        after: set('n', '{{ input.n }}'),
      })
      const workflow = await makeWorkflow(organization, { graph })
      const runId = await startRun(organization, workflow, { n: 3 })
      await untilRun(organization, runId, (run) => run.status === 'waiting')
      const run = await untilRun(organization, runId, ended)
      expect(run).toMatchObject({ status: 'succeeded', output: { n: 3 } })
    })

    it('tries a failing effect again with back-off and then opens a dead letter', async () => {
      const graph = graphOf('start -> call', {
        start: trigger,
        call: {
          type: 'code.javascript',
          params: { source: 'throw new Error("no")' },
          settings: { retry: { attempts: 3, delayMs: 150, jitter: 0, on: ['any'] } },
        },
      })
      const workflow = await makeWorkflow(organization, { graph })
      const runId = await startRun(organization, workflow, {})
      const run = await untilRun(organization, runId, ended)
      expect(run).toMatchObject({ status: 'failed', error: { path: idOf('call') } })
      const steps = (await stepsOf(runId)).filter((step) => step.path === idOf('call'))
      expect(steps.map((step) => [step.attempt, step.status, step.retryAt !== null])).toEqual([
        [1, 'failed', true],
        [2, 'failed', true],
        [3, 'failed', false],
      ])
      const [letter] = await inOrganization(organization.id, (tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
      expect(letter).toMatchObject({ state: 'open', failedPath: idOf('call'), nodeTitle: 'call' })
    })

    it('goes on with a decision that was made while no worker ran', async () => {
      const graph = graphOf('start -> ask; ask.approved -> yes; ask.declined -> no', {
        start: trigger,
        ask: { type: 'people.approval', params: { title: 'Approve {{ input.n }}?' } },
        yes: set('way', 'yes'),
        no: set('way', 'no'),
      })
      const workflow = await makeWorkflow(organization, { graph })
      const runId = await startRun(organization, workflow, { n: 4 })
      await untilRun(organization, runId, (run) => run.status === 'waiting')
      await worker.stop()
      const [task] = await inOrganization(organization.id, (tx) => tx.select().from(tasks).where(eq(tasks.runId, runId)))
      expect(task).toMatchObject({ title: 'Approve 4?', state: 'open' })
      await inOrganization(organization.id, (tx) =>
        settleWait(tx, {
          organizationId: organization.id,
          runId,
          path: idOf('ask'),
          attempt: 1,
          result: { decision: 'approved', comment: '' },
          actorId: 'usr',
        }),
      )
      await nudgeRun(runId)
      await worker.start()
      expect(await untilRun(organization, runId, ended)).toMatchObject({ status: 'succeeded', output: { way: 'yes' } })
      const [wait] = await inOrganization(organization.id, (tx) =>
        tx
          .select()
          .from(runWaits)
          .where(and(eq(runWaits.runId, runId), eq(runWaits.path, idOf('ask')))),
      )
      expect(wait).toMatchObject({ settledBy: 'person' })
    })

    it('is taken up after an error of the worker, by Temporal', async () => {
      const graph = graphOf('start -> name', { start: trigger, name: set('a', 'b') })
      const workflow = await makeWorkflow(organization, { graph })
      const broken = vi.spyOn(plans, 'loadPlan').mockRejectedValueOnce(new Error('the first try breaks'))
      try {
        const runId = await startRun(organization, workflow, {})
        const run = await untilRun(organization, runId, ended)
        expect(run).toMatchObject({ status: 'succeeded', moves: 0 })
        expect(broken.mock.calls.length).toBeGreaterThan(0)
        expect((await stepsOf(runId)).map((step) => [step.path, step.attempt])).toEqual([
          [idOf('start'), 1],
          [idOf('name'), 1],
        ])
        // Its workflow went on by itself, rather than ending and being started anew by the sweep.
        const executions = await Array.fromAsync(temporalClient().workflow.list({ query: `WorkflowId = '${runId}'` }))
        expect(executions.map(({ status }) => status.name)).not.toContain('FAILED')
      } finally {
        broken.mockRestore()
      }
    })

    it('keeps no payload in its history', async () => {
      const graph = graphOf('start -> name -> pause', {
        start: trigger,
        name: set('secret', '{{ input.secret }}'),
        pause: { type: 'flow.wait', params: { mode: 'for', durationMs: 300 } },
      })
      const workflow = await makeWorkflow(organization, { graph })
      const runId = await startRun(organization, workflow, { secret: 'canary-7f3a' })
      await untilRun(organization, runId, ended)
      const history = await temporalClient().workflow.getHandle(runId).fetchHistory()
      expect(JSON.stringify(history)).not.toContain(Buffer.from('canary-7f3a').toString('base64').slice(0, 12))
      expect(Buffer.from(JSON.stringify(history)).toString()).not.toContain('canary-7f3a')
    })
  })
}
