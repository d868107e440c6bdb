import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, visibleProjects } from '@/server/auth/caller'
import { pageFrom, readIdCursor, writeCursor } from '@/server/services/cursor'
import { idFrom, idOrNull, numberFrom, rowsOf, timeFrom, timeOrNull } from '@/server/services/rows'
import { like } from '@/server/services/workflows/list-workflows'
import type { CredentialItem, listCredentialsInput } from './contract'

export function listCredentials(caller: Caller, input: z.infer<typeof listCredentialsInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const where: SQL[] = []
    if (input.type) where.push(sql`c.type = ${input.type}`)
    if (input.projectId) where.push(sql`(c.project_id is null or c.project_id = ${toUuid(input.projectId, 'prj')}::uuid)`)
    if (input.search) where.push(sql`c.name ilike ${like(input.search)}`)
    if (input.cursor) where.push(sql`c.id < ${readIdCursor(input.cursor)}::uuid`)
    return pageFrom(await findCredentials(tx, caller, where, input.limit + 1), input.limit, (item) =>
      writeCursor([toUuid(item.id, 'cred')]),
    )
  })
}

/** Everything but the secret; a credential without a project belongs to all. */
export async function findCredentials(tx: Transaction, caller: Caller, where: readonly SQL[], limit: number): Promise<CredentialItem[]> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`
    select c.id, c.name, c.type, c.project_id, c.settings, to_jsonb(c.allowed_hosts) as allowed_hosts, c.secret is not null as has_secret, c.last_used_at, c.created_at, c.updated_at,
      (select count(distinct v.workflow_id) from version_credentials vc
        join workflow_versions v on v.organization_id = ${org} and v.id = vc.version_id
        join workflow_tags t on t.organization_id = ${org} and t.workflow_id = v.workflow_id and t.version_id = v.id and t.name = 'live'
        join workflows w on w.organization_id = ${org} and w.id = v.workflow_id and w.deleted_at is null
        where vc.organization_id = ${org} and vc.credential_id = c.id) as used_by
    from credentials c
    where c.organization_id = ${org} and c.deleted_at is null and ${visibleCredentials(caller)} ${where.length > 0 ? sql`and ${sql.join([...where], sql` and `)}` : sql``}
    order by c.id desc limit ${limit}`,
  )
  return rows.map((row) => ({
    id: idFrom('cred', row.id),
    name: String(row.name),
    type: String(row.type),
    projectId: idOrNull('prj', row.project_id),
    settings: row.settings as CredentialItem['settings'],
    allowedHosts: row.allowed_hosts as string[],
    hasSecret: row.has_secret === true,
    usedBy: numberFrom(row.used_by),
    lastUsedAt: timeOrNull(row.last_used_at),
    createdAt: timeFrom(row.created_at),
    updatedAt: timeFrom(row.updated_at),
  }))
}

/** For rows of `credentials` called `c`. */
export function visibleCredentials(caller: Caller): SQL {
  const seen = visibleProjects(caller, 'credential.read')
  const list = (ids: string[]) =>
    sql.join(
      ids.map((id) => sql`${toUuid(id, 'prj')}::uuid`),
      sql`, `,
    )
  if ('only' in seen) return seen.only.length === 0 ? sql`false` : sql`c.project_id in (${list(seen.only)})`
  return seen.except.length === 0 ? sql`true` : sql`(c.project_id is null or c.project_id not in (${list(seen.except)}))`
}
