import { and, desc, eq, gt } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { versionCredentials, workflows, workflowVersions } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { contentHash } from '@/workflows/graph/content-hash'
import type { Problem } from '@/workflows/graph/schema'
import { validate } from '@/workflows/graph/validate'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { publishWorkflowInput } from './contract'
import { credentialUses } from './credential-uses'
import { ensureEndpoints } from './ensure-endpoints'
import { getDraft } from './get-graph'
import { findLive, setLive } from './live-tag'
import { requireCredentials } from './require-credentials'
import { requireWorkflow } from './require-workflow'
import { surroundingsOf } from './surroundings'

export interface Published {
  versionId: string
  number: number
  unchanged: boolean
  warnings: Problem[]
}

/** Freezes the draft as a version and makes it live. The same content as the newest version makes no second one. */
export function publishWorkflow(caller: Caller, input: z.infer<typeof publishWorkflowInput>): Promise<Published> {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.publish')
    const { graph, revision } = await getDraft(tx, organizationId, workflow.id, { lock: true })
    if (input.revision !== undefined && input.revision !== revision) {
      throw new ServiceError('CONFLICT', 'The draft was changed since you looked at it, so nothing was published.', {
        pointer: '/revision',
        hint: 'Look at the newest draft and publish again.',
      })
    }
    const problems = validate(graph, catalogue, await surroundingsOf(tx, organizationId, workflow.projectId, graph))
    const errors = problems.filter((problem) => problem.severity === 'error')
    if (errors[0]) {
      throw new ServiceError(
        'UNPROCESSABLE',
        errors.length === 1 ? errors[0].message : `${errors[0].message} There are ${errors.length - 1} more problems.`,
        {
          ...(errors[0].pointer === undefined ? {} : { pointer: errors[0].pointer }),
          hint: 'Repair what is marked on the canvas, then publish. What is live stays live.',
          problems,
        },
      )
    }
    const uses = credentialUses(graph)
    if (uses.length > 0) {
      requirePermission(caller, 'credential.use', workflow.projectId)
      await requireCredentials(tx, caller, graph, workflow.projectId)
    }
    const hash = Buffer.from(contentHash(graph), 'hex')
    const [newest] = await tx
      .select({ id: workflowVersions.id, number: workflowVersions.number, contentHash: workflowVersions.contentHash })
      .from(workflowVersions)
      .where(
        and(
          eq(workflowVersions.organizationId, organizationId),
          eq(workflowVersions.workflowId, workflow.id),
          gt(workflowVersions.number, 0),
        ),
      )
      .orderBy(desc(workflowVersions.number))
      .limit(1)
    const live = await findLive(tx, organizationId, workflow.id)
    const same = newest && Buffer.from(newest.contentHash).equals(hash) ? newest : null
    if (same && live?.versionId === same.id) return { versionId: same.id, number: same.number, unchanged: true, warnings: problems }

    const versionId = same?.id ?? newId('ver')
    const number = same?.number ?? (newest?.number ?? 0) + 1
    if (!same) {
      await tx.insert(workflowVersions).values({
        organizationId,
        id: versionId,
        workflowId: workflow.id,
        number,
        graph,
        contentHash: hash,
        note: input.note,
        publishedBy: caller.userId,
      })
      if (uses.length > 0) await tx.insert(versionCredentials).values(uses.map((use) => ({ organizationId, versionId, ...use })))
    }
    await setLive(tx, organizationId, workflow.id, versionId, caller.userId)
    await ensureEndpoints(tx, organizationId, workflow.id, graph)
    await tx
      .update(workflows)
      .set({ updatedAt: new Date() })
      .where(and(eq(workflows.organizationId, organizationId), eq(workflows.id, workflow.id)))
    await recordAudit(tx, {
      by: caller,
      action: 'workflow.publish',
      target: { kind: 'workflow', id: workflow.id, name: workflow.name },
      detail: { version: number, versionId, before: live?.number ?? null },
    })
    await announce(tx, organizationId, 'version', [versionId])
    await announce(tx, organizationId, 'workflow', [workflow.id])
    return { versionId, number, unchanged: same !== null, warnings: problems }
  })
}
