import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { workflowVersions } from '@/db/schema'
import { compile } from '@/workflows/graph/compile'
import type { Graph } from '@/workflows/graph/schema'
import type { Plan } from '@/workflows/runtime/types'

/** A version that this build cannot run; the message is for people. */
export class PlanRefused extends Error {
  override name = 'PlanRefused'
}

/** Plans of equal content are one; what was used least lately goes first. */
const plans = new Map<string, Plan>()
const hashes = new Map<string, string>()
const mostNodes = 50_000
let nodes = 0

/** The plan of a version, compiled once for all versions and organizations with the same content. */
export async function loadPlan(organizationId: string, versionId: string): Promise<Plan> {
  const known = hashes.get(versionId)
  const plan = known === undefined ? undefined : plans.get(known)
  if (known !== undefined && plan) {
    plans.delete(known)
    plans.set(known, plan)
    return plan
  }
  const [version] = await inOrganization(organizationId, (tx) =>
    tx
      .select({ graph: workflowVersions.graph, contentHash: workflowVersions.contentHash })
      .from(workflowVersions)
      .where(and(eq(workflowVersions.organizationId, organizationId), eq(workflowVersions.id, versionId))),
  )
  if (!version) throw new PlanRefused('The version that this run executes is gone.')
  const made = planOf(version.graph)
  if (hashes.size > 20_000) hashes.clear()
  hashes.set(versionId, made.hash)
  keep(made)
  return made
}

export function planOf(graph: Graph): Plan {
  const compiled = compile(graph)
  if (compiled.ok) return compiled.plan
  const problem = compiled.problems.find((one) => one.severity === 'error')
  throw new PlanRefused(problem?.message ?? 'The version that this run executes cannot be run by this Millrace.')
}

function keep(plan: Plan): void {
  if (plans.has(plan.hash)) return
  plans.set(plan.hash, plan)
  nodes += plan.nodes.size
  for (const [hash, oldest] of plans) {
    if (nodes <= mostNodes || plans.size === 1) break
    plans.delete(hash)
    nodes -= oldest.nodes.size
  }
}
