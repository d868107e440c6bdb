import { sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { rowsOf } from '@/server/services/rows'
import { notFound } from '@/server/services/service-error'
import { getVersionRow } from './get-graph'
import { versionItemFrom, versionQuery } from './list-versions'
import { requireWorkflow } from './require-workflow'

export function getVersion(caller: Caller, { versionId }: { versionId: string }) {
  return inOrganization(caller.organizationId, async (tx) => {
    const version = await getVersionRow(tx, caller, versionId)
    await requireWorkflow(tx, caller, version.workflowId, 'workflow.read', { removed: true })
    const [row] = await rowsOf(tx, sql`${versionQuery(caller.organizationId)} and v.id = ${toUuid(versionId, 'ver')}`)
    if (!row) throw notFound('version')
    return { ...versionItemFrom(row), workflowId: version.workflowId, graph: version.graph }
  })
}
