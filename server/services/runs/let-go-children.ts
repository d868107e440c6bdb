import { sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { nudgeRun } from '@/server/temporal/nudge'

/**
 * Cancels the runs that steps at these paths waited for and wait for no more, while the run that started them goes on. Each by itself and
 * without a lock on that one: whoever ends a run locks it and then the one above it.
 */
export async function letGoChildren(organizationId: string, runId: string, paths: readonly string[]): Promise<void> {
  const organization = toUuid(organizationId, 'org')
  const found = await inOrganization(organizationId, (tx) =>
    tx.execute<{ run_id: string }>(sql`
      select l.run_id from live_runs l join runs r on r.organization_id = l.organization_id and r.id = l.run_id
        where l.organization_id = ${organization}::uuid and l.parent_run_id = ${toUuid(runId, 'run')}::uuid and l.cancel_at is null
          and r.parent_path in (select jsonb_array_elements_text(${JSON.stringify(paths)}::text::jsonb))`),
  )
  for (const { run_id } of found) {
    await inOrganization(organizationId, (tx) =>
      tx.execute(sql`
        update live_runs set cancel_at = clock_timestamp(), cancel_reason = 'The step that waited for this run ended.', wake_seq = wake_seq + 1
          where run_id = ${run_id}::uuid and organization_id = ${organization}::uuid and cancel_at is null`),
    )
    void nudgeRun(fromUuid('run', run_id))
  }
}
