import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { workflows } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { type Call, type Callee, callKey } from '@/workflows/graph/call'
import { callsOf } from '@/workflows/graph/calls-of'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { calledParams, calledTrigger, findCalledVersion } from './called-version'
import type { calleeList, listCalleesInput } from './contract'

/** What the workflows that steps run are called and which input they take; those that cannot be seen or run are left out. */
export function listCallees(caller: Caller, { calls }: z.infer<typeof listCalleesInput>): Promise<z.infer<typeof calleeList>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const mayRead = (projectId: string) => can(caller, 'workflow.read', projectId)
    const callees = await findCallees(tx, caller.organizationId, calls, mayRead)
    return { items: calls.flatMap((call) => ({ ...call, ...callees.get(callKey(call)) })).flatMap(asItem) }
  })
}

const asItem = (one: Call & Partial<Callee>) => (one.name === undefined ? [] : [{ ...one, name: one.name, schema: one.schema ?? null }])

/** The same for all that a graph runs, by `callKey`. */
export function calleesIn(tx: Transaction, organizationId: string, graph: Graph): Promise<Map<string, Callee>> {
  return findCallees(tx, organizationId, callsOf(graph, catalogue))
}

async function findCallees(
  tx: Transaction,
  organizationId: string,
  calls: readonly Call[],
  mayRead: (projectId: string) => boolean = () => true,
): Promise<Map<string, Callee>> {
  const ids = [...new Set(calls.map((call) => call.workflowId))]
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select({ id: workflows.id, name: workflows.name, projectId: workflows.projectId })
    .from(workflows)
    .where(and(eq(workflows.organizationId, organizationId), inArray(workflows.id, ids), isNull(workflows.deletedAt)))
  const known = new Map(rows.filter((row) => mayRead(row.projectId)).map((row) => [row.id, row.name]))
  const found = new Map<string, Callee>()
  for (const call of calls) {
    const name = known.get(call.workflowId)
    if (name === undefined || found.has(callKey(call))) continue
    const version = await findCalledVersion(tx, organizationId, call)
    const trigger = version && calledTrigger(version.graph)
    const schema = version && trigger ? (calledParams(version.graph, trigger)?.input as Json | undefined) : undefined
    found.set(callKey(call), { name, ...(schema === undefined ? {} : { schema }) })
  }
  return found
}
