import { type SQL, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { nudgeRun } from '@/server/temporal/nudge'
import { abandoned } from '@/workflows/runtime/frames'

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
  await cancelChildren(organization, organizationId, found)
}

/** The same for those whose step ended as it was let go of and whose worker died before they heard. */
export async function letGoForgottenChildren(organizationId: string, runId: string): Promise<void> {
  const organization = toUuid(organizationId, 'org')
  const run = toUuid(runId, 'run')
  const found = await inOrganization(organizationId, (tx) =>
    tx.execute<{ run_id: string }>(sql`
      select l.run_id from live_runs l join runs r on r.organization_id = l.organization_id and r.id = l.run_id
        where l.organization_id = ${organization}::uuid and l.parent_run_id = ${run}::uuid and l.cancel_at is null
          and (${isAbandoned(sql`r.parent_path`, { organization, run })} or exists (
            select from run_waits w where w.organization_id = l.organization_id and w.run_id = ${run}::uuid and w.path = r.parent_path
              and w.detail ->> 'runId' = 'run_' || replace(l.run_id::text, '-', '') and w.settled_at is not null))`),
  )
  await cancelChildren(organization, organizationId, found)
}

/** Paths at which the run still waits although their step was abandoned: its worker died in between. */
export async function forgottenWaits(organizationId: string, runId: string): Promise<string[]> {
  const organization = toUuid(organizationId, 'org')
  const run = toUuid(runId, 'run')
  const found = await inOrganization(organizationId, (tx) =>
    tx.execute<{ path: string }>(sql`
      select w.path from run_waits w where w.organization_id = ${organization}::uuid and w.run_id = ${run}::uuid and w.settled_at is null
        and ${isAbandoned(sql`w.path`, { organization, run })}`),
  )
  return found.map(({ path }) => path)
}

function isAbandoned(path: SQL, { organization, run }: { organization: string; run: string }): SQL {
  return sql`coalesce((select s.error ->> 'code' = ${abandoned.code} from run_steps s
    where s.organization_id = ${organization}::uuid and s.run_id = ${run}::uuid and s.path = ${path} order by s.attempt desc limit 1), false)`
}

async function cancelChildren(organization: string, organizationId: string, found: Iterable<{ run_id: string }>): Promise<void> {
  for (const { run_id } of found) {
    await inOrganization(organizationId, (tx) =>
      tx.execute(sql`
        update live_runs set cancel_at = clock_timestamp(), cancel_reason = 'The step that waited for this run ended.', wake_seq = wake_seq + 1
          where run_id = ${run_id}::uuid and organization_id = ${organization}::uuid and cancel_at is null`),
    )
    void nudgeRun(fromUuid('run', run_id))
  }
}
