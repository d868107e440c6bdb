import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { draftOperations, drafts } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import type { Operation } from '@/workflows/graph/operations'
import type { draftSinceInput } from './contract'

const most = 500

/** Operations after a revision, or `reload` where they are too many or not there. */
export function getDraftSince(caller: Caller, input: z.infer<typeof draftSinceInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    await requireWorkflow(tx, caller, input.workflowId, 'workflow.read')
    const [draft] = await tx
      .select({ revision: drafts.revision })
      .from(drafts)
      .where(and(eq(drafts.organizationId, caller.organizationId), eq(drafts.workflowId, input.workflowId)))
    const operations = await tx
      .select({
        revision: draftOperations.revision,
        operation: sql<Operation>`${draftOperations.operation}`,
        clientId: draftOperations.clientId,
        userId: draftOperations.userId,
        opId: draftOperations.opId,
      })
      .from(draftOperations)
      .where(
        and(
          eq(draftOperations.organizationId, caller.organizationId),
          eq(draftOperations.workflowId, input.workflowId),
          gt(draftOperations.revision, input.revision),
        ),
      )
      .orderBy(asc(draftOperations.revision))
      .limit(most + 1)
    // An operation that was committed after the draft was read belongs to the next answer.
    const revision = Math.max(draft?.revision ?? 0, operations.at(-1)?.revision ?? 0)
    const reload = operations.length > most || operations.length !== Math.max(0, revision - input.revision) || input.revision > revision
    return { revision, operations: reload ? [] : operations, reload }
  })
}
