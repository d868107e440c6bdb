import { sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { idFrom, rowsOf } from '@/server/services/rows'
import { notFound } from '@/server/services/service-error'
import { projectFilter } from '@/server/services/workflows/list-workflows'
import { findCredentials } from './list-credentials'

/** With the workflows that use it: live, in a draft, or in an older version. */
export function getCredential(caller: Caller, { credentialId }: { credentialId: string }) {
  const org = toUuid(caller.organizationId, 'org')
  return inOrganization(caller.organizationId, async (tx) => {
    const [item] = await findCredentials(tx, caller, [sql`c.id = ${toUuid(credentialId, 'cred')}::uuid`], 1)
    if (!item) throw notFound('credential')
    const rows = await rowsOf(
      tx,
      sql`
      select w.id, w.name, min(used.place) as place from (
        select v.workflow_id, case when t.name = 'live' then 1 else 3 end as place from version_credentials vc
          join workflow_versions v on v.organization_id = ${org} and v.id = vc.version_id and v.number > 0
          left join workflow_tags t on t.organization_id = ${org} and t.workflow_id = v.workflow_id and t.version_id = v.id
          where vc.organization_id = ${org} and vc.credential_id = ${toUuid(credentialId, 'cred')}
        union all
        select d.workflow_id, 2 from drafts d where d.organization_id = ${org} and position(${credentialId} in d.graph::text) > 0
      ) used join workflows w on w.organization_id = ${org} and w.id = used.workflow_id and w.deleted_at is null and ${projectFilter(caller, 'workflow.read')}
      group by w.id, w.name order by min(used.place), w.name limit 200`,
    )
    const places = { 1: 'live', 2: 'draft', 3: 'version' } as const
    return {
      ...item,
      uses: rows.map((row) => ({
        workflowId: idFrom('wf', row.id),
        workflowName: String(row.name),
        where: places[Number(row.place) as 1 | 2 | 3],
      })),
    }
  })
}
