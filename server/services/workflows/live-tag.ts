import { and, eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { workflowTags, workflowVersions } from '@/db/schema'
import { liveEnvironment } from '@/server/services/live-environment'

/** The version that is live, or null. */
export async function findLive(tx: Transaction, organizationId: string, workflowId: string) {
  const [row] = await tx
    .select({
      versionId: workflowVersions.id,
      number: workflowVersions.number,
      note: workflowVersions.note,
      contentHash: workflowVersions.contentHash,
      setAt: workflowTags.setAt,
    })
    .from(workflowTags)
    .innerJoin(
      workflowVersions,
      and(eq(workflowVersions.organizationId, workflowTags.organizationId), eq(workflowVersions.id, workflowTags.versionId)),
    )
    .where(and(eq(workflowTags.organizationId, organizationId), eq(workflowTags.workflowId, workflowId), eq(workflowTags.name, 'live')))
  return row ?? null
}

export function setLive(tx: Transaction, organizationId: string, workflowId: string, versionId: string, userId: string): Promise<void> {
  return setTag(tx, { organizationId, workflowId, versionId, name: 'live', userId })
}

/** Gives the tag to this version; it is taken from the one that had it. */
export async function setTag(
  tx: Transaction,
  {
    organizationId,
    workflowId,
    versionId,
    name,
    userId,
  }: Record<'organizationId' | 'workflowId' | 'versionId' | 'name' | 'userId', string>,
): Promise<void> {
  const environmentId = await liveEnvironment(tx, organizationId)
  const now = new Date()
  await tx
    .insert(workflowTags)
    .values({ organizationId, workflowId, environmentId, name, versionId, setBy: userId, setAt: now })
    .onConflictDoUpdate({
      target: [workflowTags.organizationId, workflowTags.workflowId, workflowTags.environmentId, workflowTags.name],
      set: { versionId, setBy: userId, setAt: now },
    })
}

export function findLiveId(tx: Transaction, organizationId: string, workflowId: string): Promise<string | null> {
  return findTagged(tx, organizationId, workflowId, 'live')
}

/** The id of the version that has the tag. */
export async function findTagged(tx: Transaction, organizationId: string, workflowId: string, name: string): Promise<string | null> {
  const [row] = await tx
    .select({ versionId: workflowTags.versionId })
    .from(workflowTags)
    .where(and(eq(workflowTags.organizationId, organizationId), eq(workflowTags.workflowId, workflowId), eq(workflowTags.name, name)))
  return row?.versionId ?? null
}
