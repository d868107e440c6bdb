import { and, count, desc, eq, gt, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { schedules, webhookEndpoints, workflowVersions } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { permissions } from '@/server/auth/permissions'
import { contentHash } from '@/workflows/graph/content-hash'
import { getDraft } from './get-graph'
import { findLive } from './live-tag'
import { requireWorkflow } from './require-workflow'
import { unavailableNodes } from './unavailable-nodes'
import { webhookUrl } from './webhook-url'

export function getWorkflow(caller: Caller, { workflowId }: { workflowId: string }) {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    const draft = await getDraft(tx, organizationId, workflowId)
    const live = await findLive(tx, organizationId, workflowId)
    const [latest] = await tx
      .select({ versionId: workflowVersions.id, version: workflowVersions.number })
      .from(workflowVersions)
      .where(
        and(
          eq(workflowVersions.organizationId, organizationId),
          eq(workflowVersions.workflowId, workflowId),
          gt(workflowVersions.number, 0),
        ),
      )
      .orderBy(desc(workflowVersions.number))
      .limit(1)
    const [scheduled] = await tx
      .select({ total: count() })
      .from(schedules)
      .where(and(eq(schedules.organizationId, organizationId), eq(schedules.workflowId, workflowId), isNull(schedules.deletedAt)))
    const endpoints = await tx
      .select()
      .from(webhookEndpoints)
      .where(and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.workflowId, workflowId)))
    const mayEdit = can(caller, 'workflow.edit', workflow.projectId)
    const nodes = new Set(draft.graph.nodes.map((node) => node.id))
    return {
      id: workflow.id,
      name: workflow.name,
      description: workflow.description,
      projectId: workflow.projectId,
      keepDays: workflow.keepDays,
      createdAt: workflow.createdAt,
      updatedAt: workflow.updatedAt,
      live: live ? { versionId: live.versionId, version: live.number, publishedAt: live.setAt, note: live.note } : null,
      latestVersion: latest ?? null,
      draft: { ...draft, changed: live ? !Buffer.from(live.contentHash).equals(Buffer.from(contentHash(draft.graph), 'hex')) : true },
      schedules: scheduled?.total ?? 0,
      webhooks: endpoints
        .filter((endpoint) => nodes.has(endpoint.nodeId))
        .map((endpoint) => ({
          nodeId: endpoint.nodeId,
          url: mayEdit ? webhookUrl(organizationId, endpoint) : null,
          endpointId: endpoint.id,
          active: endpoint.active,
          captureUntil: endpoint.captureUntil && endpoint.captureUntil > new Date() ? endpoint.captureUntil : null,
        })),
      unavailable: [...unavailableNodes()].map(([type, reason]) => ({ type, reason })),
      permissions: permissions.filter((permission) => can(caller, permission, workflow.projectId)),
    }
  })
}
