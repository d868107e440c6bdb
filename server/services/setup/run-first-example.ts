import { and, asc, count, eq, isNotNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { unownedExamples } from '@/db/definer'
import { runs, workflows } from '@/db/schema'
import { listSteps } from '@/server/services/runs/list-steps'
import { startRun } from '@/server/services/runs/start-run'
import { templates } from '@/workflows/templates'
import { exampleMaker } from './ensure-examples'

export interface FirstRun {
  steps: number
  status: string
  durationMs: number
}

/** Runs the first example once, so that a new instance has proved that it works. Null where it ran before or there are no examples. */
export async function runFirstExample(): Promise<FirstRun | null> {
  const [organizationId] = await unownedExamples()
  const template = templates[0]
  if (!organizationId || !template) return null
  const caller = exampleMaker(organizationId)
  const found = await inOrganization(organizationId, async (tx) => {
    const [ran] = await tx
      .select({ runs: count() })
      .from(runs)
      .where(and(eq(runs.organizationId, organizationId), isNotNull(runs.finishedAt)))
    if (ran && ran.runs > 0) return null
    const [workflow] = await tx
      .select({ id: workflows.id })
      .from(workflows)
      .where(and(eq(workflows.organizationId, organizationId), eq(workflows.name, template.name)))
      .orderBy(asc(workflows.id))
      .limit(1)
    return workflow ?? null
  })
  if (!found) return null
  const began = performance.now()
  const run = await startRun(caller, { workflowId: found.id, version: 'live', input: template.sampleInput, waitSeconds: 30 })
  const durationMs = performance.now() - began
  const steps = await listSteps(caller, { runId: run.runId })
  return { steps: steps.items.filter((step) => step.status === 'succeeded').length, status: run.status, durationMs }
}
