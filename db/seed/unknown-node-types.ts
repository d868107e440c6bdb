import { sql } from 'drizzle-orm'
import type { asOwner } from '@/db/migrate'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'

type OwnerDatabase = Parameters<Parameters<typeof asOwner>[1]>[0]

/** Node types that a live version or an unfinished run names and this build does not know, each with one workflow that uses it. */
export async function unknownNodeTypes(db: OwnerDatabase): Promise<{ type: string; version: number; workflow: string }[]> {
  const used = await db.execute<{ type: string; version: number; workflow: string }>(sql`
    select node ->> 'type' as type, (node ->> 'version')::int as version, min(w.name) as workflow
    from workflow_versions v
    join workflows w on w.organization_id = v.organization_id and w.id = v.workflow_id
    cross join jsonb_array_elements(v.graph -> 'nodes') as node
    where w.deleted_at is null and v.id in (
      select version_id from workflow_tags
      union select r.version_id from live_runs l join runs r on r.organization_id = l.organization_id and r.id = l.run_id)
    group by 1, 2`)
  return [...used].filter((node) => !definitionOf(node, catalogue))
}
