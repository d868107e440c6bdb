import { and, eq, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import { runs } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { rowsOf } from '@/server/services/rows'
import { versionFrom } from '@/server/services/runs/run-query'
import { notFound } from '@/server/services/service-error'
import { findLive } from '@/server/services/workflows/live-tag'
import type { Json } from '@/workflows/graph/schema'
import { findLetters } from './letter-query'

export function getDeadLetter(caller: Caller, { deadLetterId }: { deadLetterId: string }) {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    const [item] = await findLetters(tx, caller, [sql`d.id = ${toUuid(deadLetterId, 'dl')}::uuid`], 1)
    if (!item) throw notFound('dead letter')
    const [run] = await tx
      .select({ input: runs.input, versionId: runs.versionId, number: runs.versionNumber })
      .from(runs)
      .where(and(eq(runs.organizationId, organizationId), eq(runs.id, item.runId)))
    const [failed] = await rowsOf(
      tx,
      sql`select input from run_steps where organization_id = ${toUuid(organizationId, 'org')} and run_id = ${toUuid(item.runId, 'run')} and path = ${item.failedPath}
        order by attempt desc limit 1`,
    )
    const live = await findLive(tx, organizationId, item.workflow.id)
    const seePayloads = can(caller, 'run.payload', item.projectId)
    const version = versionFrom(run?.number)
    return {
      ...item,
      version,
      versionId: version === null ? null : (run?.versionId ?? null),
      liveVersion: live && live.versionId !== run?.versionId ? { id: live.versionId, number: live.number } : null,
      input: seePayloads ? (run?.input ?? null) : null,
      failedInput: seePayloads ? ((failed?.input ?? null) as Json) : null,
      payloadsHidden: !seePayloads,
    }
  })
}
