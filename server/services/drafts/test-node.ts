import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { draftResults } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { numberFrom, rowsOf, textOrNull } from '@/server/services/rows'
import { acceptRun } from '@/server/services/runs/accept-run'
import { freezeDraft } from '@/server/services/runs/freeze-draft'
import { waitForRun } from '@/server/services/runs/wait-for-run'
import { ServiceError } from '@/server/services/service-error'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow, type WorkflowRow } from '@/server/services/workflows/require-workflow'
import { surroundingsOf } from '@/server/services/workflows/surroundings'
import { nudgeRun } from '@/server/temporal/nudge'
import { containersOf } from '@/workflows/graph/body-edges'
import { withContents } from '@/workflows/graph/operations/remove-nodes'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import { validate } from '@/workflows/graph/validate'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { DraftResult, testNodeInput } from './contract'
import { hashOfNode, resultsOf } from './list-draft-results'

type Mode = z.infer<typeof testNodeInput>['mode']
const waitMs = 25_000

/**
 * A test is a real run of a part of the draft, frozen as a version below zero. What is known already (pinned outputs, and for one node
 * alone the last results before it) stands in the run's log before it starts, so the interpreter takes it as done.
 */
export async function testNode(caller: Caller, input: z.infer<typeof testNodeInput>) {
  const { organizationId } = caller
  const started = await inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'run.start')
    requirePermission(caller, 'workflow.edit', workflow.projectId)
    const { graph } = await getDraft(tx, organizationId, workflow.id)
    const known = await resultsOf(tx, organizationId, workflow.id, graph)
    const part = partToRun(graph, input.nodeId, input.mode, known, input.input)
    await requireRunnable(tx, caller, workflow, part.graph)
    const versionId = await freezeDraft(tx, caller, workflow.id, part.graph)
    const { runId } = await acceptRun(tx, {
      organizationId,
      workflowId: workflow.id,
      versionId,
      trigger: 'test',
      triggerNodeId: part.triggerNodeId,
      startedBy: caller.userId,
      input: part.input,
    })
    await recordKnown(tx, organizationId, runId, part.known)
    return { runId, graph, ran: new Set(part.graph.nodes.map((node) => node.id).filter((id) => !part.known.has(id))) }
  })
  await nudgeRun(started.runId)
  const run = await waitForRun(organizationId, started.runId, waitMs)
  const results = await inOrganization(organizationId, async (tx) => {
    await keepResults(tx, organizationId, input.workflowId, started)
    await announce(tx, organizationId, 'draft', [input.workflowId])
    return resultsOf(tx, organizationId, input.workflowId, started.graph)
  })
  return { runId: started.runId, status: run?.status ?? 'accepted', finished: run?.finishedAt != null, results }
}

interface Part {
  graph: Graph
  triggerNodeId: string | null
  input: Json
  /** Outputs by node that are taken as done. */
  known: Map<string, { port: string; output: Json }>
}

function partToRun(graph: Graph, askedId: string, mode: Mode, results: readonly DraftResult[], given: Json | undefined): Part {
  // What stands inside a container runs with it, item by item.
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const nodeId = containersOf(askedId, nodes).at(-1) ?? askedId
  const target = nodes.get(nodeId)
  if (!target) throw new ServiceError('NOT_FOUND', 'This step is not in the draft any more.', { pointer: '/nodeId' })
  const done = new Map(results.filter((result) => result.status === 'succeeded').map((result) => [result.nodeId, result]))
  const pinned = new Map(results.filter((result) => result.pinned).map((result) => [result.nodeId, result]))
  const before = upstreamOf(graph, [nodeId])
  const tools = graph.edges.filter((edge) => edge.toPort === 'tools')
  const keep = new Set(mode === 'all' ? graph.nodes.map((node) => node.id) : [nodeId, ...before])
  for (const edge of tools) if (keep.has(edge.to)) keep.add(edge.from)

  const known: Part['known'] = new Map()
  const take = (result: DraftResult) => known.set(result.nodeId, { port: result.port ?? 'main', output: result.output })
  for (const result of pinned.values()) if (keep.has(result.nodeId) && (result.nodeId !== nodeId || mode !== 'node')) take(result)
  if (mode === 'node') {
    const isTool = new Set(tools.map((edge) => edge.from))
    for (const id of before) {
      const result = done.get(id)
      if (result) take(result)
      else if (!isTool.has(id)) keep.delete(id)
    }
    const incoming = graph.edges.filter((edge) => edge.to === nodeId && edge.toPort !== 'tools')
    const first = incoming[0]
    if (given !== undefined && first) {
      keep.add(first.from)
      known.set(first.from, { port: first.fromPort, output: given })
    }
    const fed = incoming.some((edge) => known.get(edge.from)?.port === edge.fromPort)
    if (incoming.length > 0 && !fed) {
      throw new ServiceError('UNPROCESSABLE', `Nothing came in to “${target.title}” yet.`, {
        pointer: '/input',
        hint: 'Run up to here, run the steps before it, or give it an input.',
      })
    }
  }
  for (const id of withContents(graph, [...keep])) keep.add(id)
  const part: Graph = {
    schema: 1,
    nodes: graph.nodes.filter((node) => keep.has(node.id)),
    edges: graph.edges.filter((edge) => keep.has(edge.from) && keep.has(edge.to)),
  }
  return withTrigger(part, target, known, done, given, mode)
}

const testTrigger = 'testtrigger'

/** The trigger the test begins at; a part without one gets one by hand that leads nowhere. */
function withTrigger(
  part: Graph,
  target: GraphNode,
  known: Part['known'],
  done: ReadonlyMap<string, DraftResult>,
  given: Json | undefined,
  mode: Mode,
): Part {
  const isTrigger = (node: GraphNode) => catalogue.get(node.type)?.kind === 'trigger'
  const triggers = part.nodes.filter((node) => isTrigger(node) && !node.settings.disabled)
  const trigger = triggers.find((node) => node.id === target.id) ?? triggers.find((node) => known.has(node.id)) ?? triggers[0]
  if (trigger) {
    const asTrigger = mode !== 'node' || trigger.id === target.id ? given : undefined
    const input = asTrigger ?? known.get(trigger.id)?.output ?? done.get(trigger.id)?.output ?? catalogue.get(trigger.type)?.sample ?? null
    known.delete(trigger.id)
    return { graph: part, triggerNodeId: trigger.id, input, known }
  }
  const manual = catalogue.get('trigger.manual')
  const node: GraphNode = {
    id: testTrigger,
    key: 'test_trigger',
    title: 'Test',
    type: 'trigger.manual',
    version: manual?.version ?? 1,
    params: {},
    settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '' },
    position: { x: 0, y: 0 },
  }
  const starts = part.nodes.filter(
    (one) =>
      !known.has(one.id) &&
      one.parent === undefined &&
      !part.edges.some((edge) => edge.to === one.id && edge.toPort !== 'tools') &&
      !part.edges.some((edge) => edge.from === one.id && edge.toPort === 'tools'),
  )
  const edges = starts.map((one, index) => ({ id: `testedge${index}`, from: testTrigger, fromPort: 'main', to: one.id, toPort: 'main' }))
  return {
    graph: { ...part, nodes: [node, ...part.nodes], edges: [...edges, ...part.edges] },
    triggerNodeId: testTrigger,
    input: given ?? null,
    known,
  }
}

async function requireRunnable(tx: Transaction, caller: Caller, workflow: WorkflowRow, graph: Graph): Promise<void> {
  const problems = validate(graph, catalogue, await surroundingsOf(tx, caller.organizationId, workflow.projectId))
  const error = problems.find((problem) => problem.severity === 'error')
  if (error) throw new ServiceError('UNPROCESSABLE', error.message, { hint: 'Repair it, then test again.', problems })
}

async function recordKnown(tx: Transaction, organizationId: string, runId: string, known: Part['known']): Promise<void> {
  if (known.size === 0) return
  const steps = [...known].map(([path, { port, output }], index) => ({ path, port, output, seq: index - known.size }))
  await tx.execute(sql`
    insert into run_steps (organization_id, run_id, path, attempt, status, port, output, epoch, seq, started_at)
    select ${toUuid(organizationId, 'org')}::uuid, ${toUuid(runId, 'run')}::uuid, s.path, 1, 'succeeded', s.port, s.output, 0, s.seq, now()
    from jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb) as s(path text, port text, output jsonb, seq integer)`)
  // A run that was never taken has no log to load; this one has.
  await tx.execute(
    sql`update live_runs set epoch = 1 where run_id = ${toUuid(runId, 'run')} and organization_id = ${toUuid(organizationId, 'org')}`,
  )
}

/** What the test found stands beside the draft, but never in place of what somebody pinned. */
async function keepResults(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  started: { runId: string; graph: Graph; ran: ReadonlySet<string> },
): Promise<void> {
  const nodes = new Map(started.graph.nodes.map((node) => [node.id, node]))
  const rows = await rowsOf(
    tx,
    sql`select distinct on (path) path, status, port, input, output, error, duration_us from run_steps
      where organization_id = ${toUuid(organizationId, 'org')} and run_id = ${toUuid(started.runId, 'run')} and position('/' in path) = 0
        and status in ('succeeded', 'failed', 'waiting') order by path, attempt desc`,
  )
  for (const row of rows) {
    const node = nodes.get(String(row.path))
    if (!node || !started.ran.has(node.id)) continue
    const kept = {
      status: String(row.status),
      port: textOrNull(row.port),
      input: row.input ?? null,
      output: row.output ?? null,
      error: row.error ?? null,
      durationUs: numberFrom(row.duration_us),
      inputHash: hashOfNode(node),
      source: 'test' as const,
      at: new Date(),
    }
    await tx
      .insert(draftResults)
      .values({ organizationId, workflowId, nodeId: node.id, ...kept })
      .onConflictDoUpdate({
        target: [draftResults.organizationId, draftResults.workflowId, draftResults.nodeId],
        set: kept,
        setWhere: sql`not ${draftResults.pinned}`,
      })
  }
}
