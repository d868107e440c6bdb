import { and, eq, inArray, lte, or, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { draftResults } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { log } from '@/server/log'
import { announce } from '@/server/realtime/announce'
import { waitForChange } from '@/server/realtime/wait-for-change'
import { numberFrom, rowsOf, textOrNull } from '@/server/services/rows'
import { acceptRun } from '@/server/services/runs/accept-run'
import { freezeDraft } from '@/server/services/runs/freeze-draft'
import { findRun } from '@/server/services/runs/wait-for-run'
import { ServiceError } from '@/server/services/service-error'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow, type WorkflowRow } from '@/server/services/workflows/require-workflow'
import { surroundingsOf } from '@/server/services/workflows/surroundings'
import { basesOf } from '@/workflows/graph/basis-of'
import { planTest, type TestPlan } from '@/workflows/graph/plan-test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { validate } from '@/workflows/graph/validate'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { testNodeInput } from './contract'
import { beginHolding, leaveHeldTests, type StartedTest, waitForTest } from './held-tests'
import { type KeptResult, resultsOf, shownResults } from './list-draft-results'
import { storedValue } from './stored-value'
import { waitingSteps, waitsOf } from './waiting-steps'

const waitMs = 25_000
/** A test that takes longer is looked at again until then; what it gives after that stands on its run's page only. */
const followMs = 10 * 60_000

/**
 * A test is a real run of a part of the draft, frozen as a version below zero. What is known already (pinned outputs, and for one node
 * alone the last results before it) stands in the run's log before it starts, so the interpreter takes it as done.
 */
export async function testNode(caller: Caller, input: z.input<typeof testNodeInput>, answerMs = waitMs) {
  const { organizationId } = caller
  await leaveHeldTests(caller, input.workflowId)
  const started = await inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'run.start')
    requirePermission(caller, 'workflow.edit', workflow.projectId)
    const { graph } = await getDraft(tx, organizationId, workflow.id)
    const results = await resultsOf(tx, organizationId, workflow.id, graph)
    const plan = plannedTest(graph, input, results)
    await requireRunnable(tx, caller, workflow, plan.graph)
    const versionId = await freezeDraft(tx, caller, workflow.id, plan.graph)
    const { runId } = await acceptRun(tx, {
      organizationId,
      workflowId: workflow.id,
      versionId,
      trigger: 'test',
      triggerNodeId: plan.triggerNodeId,
      startedBy: caller.userId,
      input: plan.fedBy ? await storedValue(tx, organizationId, plan.fedBy) : plan.input,
    })
    await recordKnown(tx, organizationId, runId, plan.known)
    const bases = basesOf(graph, catalogue, basesTaken(plan))
    await keepTyped(tx, organizationId, workflow.id, input.instead ?? [], plan, bases)
    const taken = new Set([...plan.known.keys(), plan.fedBy?.nodeId])
    const started = { runId, graph, bases, ran: new Set(plan.graph.nodes.map((node) => node.id).filter((id) => !taken.has(id))) }
    const inside = new Set(plan.graph.nodes.filter((node) => node.parent !== undefined).map((node) => node.id))
    const holds = (input.holdBefore ?? []).filter((id) => inside.has(id))
    if (holds.length > 0) await beginHolding(tx, organizationId, started, holds)
    return started
  })
  return followTest(caller, input.workflowId, started, answerMs)
}

/** Waits until a test has ended, is held, or asks somebody, and keeps what it gave beside the draft. */
export async function followTest(caller: Caller, workflowId: string, started: StartedTest, answerMs = waitMs) {
  const { organizationId } = caller
  const { runId } = started
  const moments: Date[] = []
  const keep = () =>
    inOrganization(organizationId, async (tx) => {
      const ran = await keepResults(tx, organizationId, workflowId, started, moments)
      const waiting = await waitingSteps(tx, organizationId, workflowId)
      await announce(tx, organizationId, 'test_data', [workflowId])
      return { ran, waiting, results: await resultsOf(tx, organizationId, workflowId, started.graph) }
    })
  const { run, held } = await waitForTest(organizationId, started, answerMs, keep)
  const { ran, waiting, results } = await keep()
  if (run?.finishedAt === null && !held) {
    void followOn(organizationId, runId, keep).catch((error) =>
      log.warn('the results of a long test were not kept', { organizationId, runId, error }),
    )
  }
  return {
    runId,
    status: run?.status ?? 'accepted',
    finished: run?.finishedAt != null,
    results: shownResults(results, waiting),
    ran,
    waiting,
    held,
  }
}

/** Keeps what a test gives whose answer was sent already, each time it has come to wait elsewhere, and at its end. */
async function followOn(organizationId: string, runId: string, keep: () => Promise<unknown>): Promise<void> {
  const ends = Date.now() + followMs
  let before: string | null = null
  for (;;) {
    const now = await waitForChange({
      organizationId,
      ids: [runId],
      ms: ends - Date.now(),
      look: async () => ({
        run: await findRun(organizationId, runId),
        waits: String(await inOrganization(organizationId, (tx) => waitsOf(tx, organizationId, runId))),
      }),
      isDone: ({ run, waits }) => run === null || run.finishedAt !== null || waits !== before,
    })
    await keep()
    if (now.run === null || now.run.finishedAt !== null || Date.now() >= ends) return
    before = now.waits
  }
}

/** The plan, or why there is none. */
function plannedTest(graph: Graph, input: z.input<typeof testNodeInput>, results: readonly KeptResult[]): TestPlan<KeptResult> {
  const planned = planTest(graph, { ...input, mode: input.mode ?? 'node' }, results, catalogue)
  if (planned.ok) return planned.plan
  const { title } = planned
  if (planned.reason === 'gone') throw new ServiceError('NOT_FOUND', 'This step is not in the draft any more.', { pointer: '/nodeId' })
  if (planned.reason === 'no_answer') {
    throw new ServiceError('UNPROCESSABLE', `“${title}” never gave an answer that could stand for the call.`, {
      pointer: '/instead',
      hint: 'Type what it gives, or let it run.',
    })
  }
  if (planned.reason === 'no_fields') {
    throw new ServiceError('UNPROCESSABLE', `“${title}” is called by a model, which fills in some of its fields.`, {
      pointer: '/input',
      hint: 'Give values for those fields.',
    })
  }
  throw new ServiceError('UNPROCESSABLE', `Nothing came in to “${title}” yet.`, {
    pointer: '/input',
    hint: 'Run up to here, run the steps before it, or give it an input.',
  })
}

async function requireRunnable(tx: Transaction, caller: Caller, workflow: WorkflowRow, graph: Graph): Promise<void> {
  const problems = validate(graph, catalogue, await surroundingsOf(tx, caller.organizationId, workflow.projectId, graph))
  const error = problems.find((problem) => problem.severity === 'error')
  if (error) throw new ServiceError('UNPROCESSABLE', error.message, { hint: 'Repair it, then test again.', problems })
}

type Known = TestPlan<KeptResult>['known']

async function recordKnown(tx: Transaction, organizationId: string, runId: string, known: Known): Promise<void> {
  if (known.size === 0) return
  const steps = [...known].map(([path, { port, output, result }], index) => {
    const hash = result?.blobHash?.toString('hex') ?? null
    return { path, port, output, hash, seq: index - known.size }
  })
  await tx.execute(sql`
    insert into run_steps (organization_id, run_id, path, attempt, status, port, output, blob_hash, epoch, seq, started_at)
    select ${toUuid(organizationId, 'org')}::uuid, ${toUuid(runId, 'run')}::uuid, s.path, 1, 'succeeded', s.port, s.output,
      decode(s.hash, 'hex'), 0, s.seq, now()
    from jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb) as s(path text, port text, output jsonb, hash text, seq integer)`)
  // A run that was never taken has no log to load; this one has.
  await tx.execute(
    sql`update live_runs set epoch = 1 where run_id = ${toUuid(runId, 'run')} and organization_id = ${toUuid(organizationId, 'org')}`,
  )
}

/** What follows a result that was taken stands on whatever that result stood on. */
function basesTaken(plan: TestPlan<KeptResult>): Map<string, string> {
  const taken = [...plan.known.values()].flatMap(({ result }) => result ?? [])
  return new Map(
    [...taken, ...(plan.fedBy ? [plan.fedBy] : [])].flatMap(({ nodeId, basis }): [string, string][] => (basis ? [[nodeId, basis]] : [])),
  )
}

/** What was typed for a call becomes that step's data, so that what follows shows where its input comes from. */
async function keepTyped(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  instead: readonly { nodeId: string; output?: Json | undefined }[],
  plan: TestPlan<KeptResult>,
  bases: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { nodeId, output } of instead) {
    const known = plan.known.get(nodeId)
    if (output === undefined || !known) continue
    const kept = { status: 'succeeded', port: known.port, output, blobHash: null, error: null, inputHash: bases.get(nodeId) ?? null }
    await keepResult(tx, organizationId, workflowId, nodeId, { ...kept, input: null, durationUs: null, source: 'typed', at: new Date() })
  }
}

/** What the test found stands beside the draft, but never in place of what somebody pinned. */
async function keepResults(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  started: StartedTest,
  /** When something of it was kept before, this time added: what else is newer than the first is of another test, and stays. */
  moments: Date[],
): Promise<string[]> {
  const nodes = new Map(started.graph.nodes.map((node) => [node.id, node]))
  const rows = await rowsOf(
    tx,
    sql`select distinct on (path) path, status, port, input, output, blob_hash, error, duration_us from run_steps
      where organization_id = ${toUuid(organizationId, 'org')} and run_id = ${toUuid(started.runId, 'run')} and position('/' in path) = 0
        and attempt > 0 and (status in ('succeeded', 'waiting') or status = 'failed' and error ->> 'class' is distinct from 'cancelled')
      order by path, attempt desc`,
  )
  // One moment for all: what comes in must not look newer than what was made of it.
  const at = new Date()
  const before = [...moments]
  moments.push(at)
  const ran: string[] = []
  for (const row of rows) {
    const node = nodes.get(String(row.path))
    if (!node || !started.ran.has(node.id)) continue
    ran.push(node.id)
    await keepResult(
      tx,
      organizationId,
      workflowId,
      node.id,
      {
        status: String(row.status),
        port: textOrNull(row.port),
        input: row.input ?? null,
        output: row.output ?? null,
        blobHash: row.blob_hash ? Buffer.from(row.blob_hash as Uint8Array) : null,
        error: row.error ?? null,
        durationUs: numberFrom(row.duration_us),
        inputHash: started.bases.get(node.id) ?? null,
        source: 'test',
        at,
      },
      before,
    )
  }
  return ran
}

type Kept = Omit<typeof draftResults.$inferInsert, 'organizationId' | 'workflowId' | 'nodeId'>

async function keepResult(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  nodeId: string,
  kept: Kept,
  moments: readonly Date[] = [],
): Promise<void> {
  const [first] = moments
  const isOwn = first && or(lte(draftResults.at, first), inArray(draftResults.at, [...moments]))
  await tx
    .insert(draftResults)
    .values({ organizationId, workflowId, nodeId, ...kept })
    .onConflictDoUpdate({
      target: [draftResults.organizationId, draftResults.workflowId, draftResults.nodeId],
      set: kept,
      setWhere: and(eq(draftResults.pinned, false), isOwn),
    })
}
