import { type SQL, sql } from 'drizzle-orm'
import { toUuid } from '@/db/ids'

export function inProject(alias: 'w', projectId: string | undefined): SQL {
  return projectId ? sql`and ${sql.raw(alias)}.project_id = ${toUuid(projectId, 'prj')}::uuid` : sql``
}
