import { and, eq } from 'drizzle-orm'
import { inOrganization, workerDb } from '@/db/client'
import { releaseHolder, renewHolder } from '@/db/engine'
import { newId } from '@/db/ids'
import { runs, scheduleFires, schedules, tasks } from '@/db/schema'
import { takeCallback } from '@/server/services/callbacks/take-callback'
import { createCredential } from '@/server/services/credentials/create-credential'
import { sendEvent } from '@/server/services/events/send-event'
import { pauseRun } from '@/server/services/runs/pause-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import { decideTask } from '@/server/services/tasks/decide-task'
import { taskQueue, temporalClient } from '@/server/temporal/client'
import { nudgeRun } from '@/server/temporal/nudge'
import type { Graph } from '@/workflows/graph/schema'
import { makeWorkflow, type TestOrganization } from '../support/database'
import { startHttpSink } from '../support/http-sink'
import { graphOf, idOf, type NodeSketch } from '../support/plan-of'
import { startScriptedModelServer } from '../support/scripted-model-server'
import { ended, startRun, untilRun } from './support'

/** An execution whose history is worth keeping; without its own id, the newest of that workflow, which mostly is a run. */
export interface Driven {
  workflowId: string
  executionId?: string
}

/** A kind of run: does to one what makes it that kind, until it ended, and says where its histories are. */
export type RunKind = (organization: TestOrganization) => Promise<Driven[]>

const trigger = { type: 'trigger.manual' }
const called = { type: 'trigger.sub_workflow' }
const end = { type: 'data.set', params: { fields: [{ name: 'done', value: true }] } }
const pause = (durationMs: number): NodeSketch => ({ type: 'flow.wait', params: { mode: 'for', durationMs } })
const long = pause(3_600_000)

async function started(organization: TestOrganization, graph: Graph, input = {}): Promise<string> {
  return startRun(organization, await makeWorkflow(organization, { graph }), input)
}

const run =
  (
    drawing: string,
    sketches: Record<string, NodeSketch>,
    work: (organization: TestOrganization, runId: string) => Promise<unknown> = none,
  ): RunKind =>
  async (organization) => {
    const runId = await started(organization, graphOf(drawing, sketches))
    await work(organization, runId)
    await untilRun(organization, runId, ended)
    return [{ workflowId: runId }]
  }

async function none(): Promise<void> {}

const untilWaiting = (organization: TestOrganization, runId: string, forWhat = '') =>
  untilRun(organization, runId, ({ status, waitingFor }) => status === 'waiting' && JSON.stringify(waitingFor).includes(forWhat))

async function decide(organization: TestOrganization, runId: string, decision: 'approved' | 'declined'): Promise<void> {
  await untilWaiting(organization, runId, 'approval')
  const [task] = await inOrganization(organization.id, (tx) =>
    tx
      .select()
      .from(tasks)
      .where(and(eq(tasks.runId, runId), eq(tasks.state, 'open'))),
  )
  await decideTask(organization.caller, { taskId: task?.id ?? '', decision, comment: '' } as never)
}

/** Asks for a tool five times, each answer being a turn, and then answers. */
async function agent(organization: TestOrganization): Promise<Driven[]> {
  const turns = Array.from({ length: 5 }, (_, turn) => ({ call: [{ name: 'look', arguments: JSON.stringify({ turn }) }] }))
  const model = await startScriptedModelServer(...turns, { say: 'Done.' })
  try {
    const { id: credential } = await createCredential(organization.caller, {
      name: `Models at ${model.host}`,
      type: 'model.openai',
      settings: { baseUrl: model.baseUrl, models: ['scripted'] },
      secret: { apiKey: 'sk-test' },
      allowedHosts: [],
    })
    const graph = graphOf('start -> agent -> end; look => agent', {
      start: trigger,
      agent: { type: 'ai.agent', params: { credential, model: 'scripted', input: 'Look five times', maxCostMicros: 0 } },
      look: { type: 'code.javascript', params: { source: 'return { seen: true }' } },
      end,
    })
    const runId = await started(organization, graph)
    await untilRun(organization, runId, ended)
    return [{ workflowId: runId }]
  } finally {
    await model.close()
  }
}

async function subWorkflow(organization: TestOrganization): Promise<Driven[]> {
  const leaf = await makeWorkflow(organization, { graph: graphOf('start -> wait -> end', { start: called, wait: pause(300), end }) })
  const runId = await started(
    organization,
    graphOf('start -> call -> end', { start: trigger, call: { type: 'flow.sub_workflow', params: { workflow: leaf.id } }, end }),
  )
  await untilRun(organization, runId, ended)
  const children = await inOrganization(organization.id, (tx) => tx.select().from(runs).where(eq(runs.parentRunId, runId)))
  return [{ workflowId: runId }, ...children.map(({ id }) => ({ workflowId: id }))]
}

/** One fire, whose workflow starts a run of its own. */
async function schedule(organization: TestOrganization): Promise<Driven[]> {
  const workflow = await makeWorkflow(organization, { graph: graphOf('tick -> end', { tick: { type: 'trigger.schedule' }, end }) })
  const scheduleId = newId('sch')
  const fires = await inOrganization(organization.id, async (tx) => {
    await tx.insert(schedules).values({
      organizationId: organization.id,
      id: scheduleId,
      workflowId: workflow.id,
      environmentId: organization.environmentId,
      name: 'Yearly',
      cron: '0 3 1 1 *',
      timeZone: 'UTC',
    })
    return tx.select().from(schedules).where(eq(schedules.id, scheduleId))
  })
  const workflowId = `fire-${scheduleId}`
  const args = [{ scheduleId, revision: fires[0]?.revision ?? 1 }]
  await temporalClient().workflow.execute('scheduleWorkflow', { workflowId, taskQueue, args })
  const [fire] = await inOrganization(organization.id, (tx) =>
    tx.select().from(scheduleFires).where(eq(scheduleFires.scheduleId, scheduleId)),
  )
  await untilRun(organization, fire?.runId ?? '', ended)
  return [{ workflowId }, { workflowId: fire?.runId ?? '' }]
}

/** Wakes a waiting run until its history is so long that it begins a new one; both are kept. */
async function continuedAsNew(organization: TestOrganization): Promise<Driven[]> {
  const runId = await started(organization, graphOf('start -> hear', { start: trigger, hear: { type: 'flow.wait_callback' } }))
  await untilWaiting(organization, runId)
  await nudgeRun(runId)
  const handle = temporalClient().workflow.getHandle(runId)
  const first = (await handle.describe()).runId
  let length = 0
  while ((await handle.describe()).runId === first) {
    await nudgeRun(runId)
    // Wakes that come together are answered together: each has to be heard before the next.
    const before = length
    for (let looks = 0; looks < 200 && length <= before + 3; looks++) length = (await handle.describe()).historyLength
  }
  await takeCallback({ organizationId: organization.id, runId, path: idOf('hear') }, { heard: true })
  await untilRun(organization, runId, ended)
  return [{ workflowId: runId, executionId: first }, { workflowId: runId }]
}

/** Every kind of run, as it goes through Temporal alone. */
/** As many workers as it takes to share a loop, one of which never takes a part. */
async function sharedLoop(organization: TestOrganization): Promise<Driven[]> {
  const sink = await startHttpSink()
  const idle = { id: newId('hold'), kind: 'worker', host: 'idle', pid: 1, build: 'test' }
  const renewing = setInterval(() => void renewHolder(idle, workerDb()), 2_000)
  try {
    await renewHolder(idle, workerDb())
    const graph = graphOf('start -> loop', {
      start: trigger,
      loop: { type: 'flow.for_each', params: { items: '{{ range(0, 1000) }}', concurrency: 40 } },
      call: { type: 'http.request', parent: 'loop', params: { url: sink.url, method: 'PUT' }, settings: { timeoutMs: 5_000 } },
    })
    const runId = await started(organization, graph)
    await untilRun(organization, runId, ended, 40_000)
    return [{ workflowId: runId }]
  } finally {
    clearInterval(renewing)
    await releaseHolder(idle.id, workerDb())
    await sink.close()
  }
}

export const runKinds: Record<string, RunKind> = {
  plain: run('start -> end', { start: trigger, end }),
  waiting: run('start -> wait -> end', { start: trigger, wait: pause(400), end }, (_, runId) => nudgeRun(runId)),
  queued: run('start -> ask', { start: trigger, ask: { type: 'ai.model', params: { prompt: 'Hello' } } }),
  approval: run(
    'start -> ask; ask.approved -> end',
    { start: trigger, ask: { type: 'people.approval', params: { title: 'Approve?' } }, end },
    (organization, runId) => decide(organization, runId, 'approved'),
  ),
  'approval-declined': run(
    'start -> ask; ask.declined -> end',
    { start: trigger, ask: { type: 'people.approval', params: { title: 'Approve?' } }, end },
    (organization, runId) => decide(organization, runId, 'declined'),
  ),
  callback: run('start -> hear -> end', { start: trigger, hear: { type: 'flow.wait_callback' }, end }, async (organization, runId) => {
    await untilWaiting(organization, runId, 'callback')
    await takeCallback({ organizationId: organization.id, runId, path: idOf('hear') }, { order: 9 })
  }),
  'callback-too-late': run('start -> hear; hear.timeout -> end', {
    start: trigger,
    hear: { type: 'flow.wait_callback', params: { withinMs: 1_000, onTimeout: 'timeout' } },
    end,
  }),
  event: run(
    'start -> paid -> end',
    { start: trigger, paid: { type: 'flow.wait_event', params: { name: 'paid', key: 'history' } }, end },
    async (organization, runId) => {
      await untilWaiting(organization, runId, 'event')
      await sendEvent(organization.caller, { name: 'paid', key: 'history', data: { amount: 3 } })
    },
  ),
  retry: run('start -> try', {
    start: trigger,
    try: {
      type: 'code.javascript',
      params: { source: 'throw new Error("no")' },
      settings: { retry: { attempts: 3, delayMs: 150, jitter: 0, on: ['any'] } },
    },
  }),
  failed: run('start -> stop', { start: trigger, stop: { type: 'flow.stop', params: { message: 'No customer' } } }),
  'sub-workflow': subWorkflow,
  cancelled: run('start -> wait', { start: trigger, wait: long }, async (organization, runId) => {
    await untilWaiting(organization, runId)
    await requestCancel(organization.caller, { runId })
  }),
  paused: run('start -> hear -> end', { start: trigger, hear: { type: 'flow.wait_callback' }, end }, async (organization, runId) => {
    await untilWaiting(organization, runId)
    await pauseRun(organization.caller, { runId })
    await takeCallback({ organizationId: organization.id, runId, path: idOf('hear') }, {})
    await nudgeRun(runId)
    await resumeRun(organization.caller, { runId })
  }),
  containers: run('start -> loop -> end', {
    start: trigger,
    loop: { type: 'flow.for_each', params: { items: '{{ [1, 2, 3] }}', concurrency: 2 } },
    wait: { ...pause(200), parent: 'loop' },
    end,
  }),
  'shared-loop': sharedLoop,
  'cancelled-with-finally': run(
    'start -> attempt; attempt.finally -> tidy',
    {
      start: trigger,
      attempt: { type: 'flow.try' },
      ask: { type: 'people.approval', parent: 'attempt', params: { title: 'Well?' } },
      tidy: { ...end, parent: 'attempt' },
    },
    async (organization, runId) => {
      await untilWaiting(organization, runId, 'approval')
      await requestCancel(organization.caller, { runId })
    },
  ),
  schedule,
  agent,
  'continued-as-new': continuedAsNew,
}

/** Takes thousands of events, so it is recorded on demand and only replayed otherwise. */
export const longKinds: ReadonlySet<string> = new Set(['continued-as-new'])
