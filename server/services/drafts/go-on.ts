import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { requireRun } from '@/server/services/runs/require-run'
import { notFound, ServiceError } from '@/server/services/service-error'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { nudgeRun } from '@/server/temporal/nudge'
import type { BreakRelease } from '@/workflows/runtime/break-detail'
import type { goOnInput } from './contract'
import { countReleases, startOfHeld } from './held-tests'
import { followTest } from './test-node'

/** Lets a test go on that is held before a step, with whatever was changed meanwhile; answers where it stands then. */
export async function goOn(caller: Caller, input: z.input<typeof goOnInput>) {
  const { organizationId } = caller
  const { workflowId, runId, path } = input
  const started = await inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'run.start')
    requirePermission(caller, 'workflow.edit', workflow.projectId)
    const run = await requireRun(tx, caller, runId, 'run.start')
    const start = run.workflowId === workflow.id ? await startOfHeld(tx, organizationId, runId) : null
    if (!start) throw notFound('run')
    const release: BreakRelease = {
      number: await countReleases(tx, organizationId, runId),
      nodes: input.holdBefore ?? [],
      step: input.step ?? false,
      ...(input.input === undefined ? {} : { input: input.input }),
      ...(input.item === undefined ? {} : { item: input.item }),
    }
    const [row] = await tx.execute<{ outcome: string }>(sql`
      select release_break(${toUuid(runId, 'run')}::uuid, ${path}, ${JSON.stringify(release)}::text::jsonb,
        ${JSON.stringify(input.outputs ?? [])}::text::jsonb, ${caller.userId}) as outcome`)
    if (row?.outcome !== 'released') {
      throw new ServiceError('CONFLICT', 'This test is not held there any more.', { hint: 'Start it again.' })
    }
    await announce(tx, organizationId, 'run', [runId])
    const { graph } = await getDraft(tx, organizationId, workflowId)
    return { runId, graph, ...start }
  })
  await nudgeRun(runId)
  return followTest(caller, workflowId, started)
}
