import postgres from 'postgres'
import { toUuid } from '../db/ids'

/** Puts `count` runs that wait for a person for 30 days beside the others, past the API; the answer takes them away again. */
export async function parkRuns(
  adminUrl: string,
  given: { organizationId: string; workflowId: string; count: number },
): Promise<() => Promise<void>> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const organization = toUuid(given.organizationId, 'org')
  const workflow = toUuid(given.workflowId, 'wf')
  const parked = await sql<{ id: string }[]>`
    with made as (
      insert into runs (organization_id, id, workflow_id, version_id, version_number, project_id, environment_id, trigger, trigger_node_id, root_id, status, input,
          waiting_for, started_at)
        select ${organization}::uuid, made.id, ${workflow}::uuid, v.id, v.number, w.project_id,
          (select e.id from environments e where e.organization_id = w.organization_id limit 1), 'webhook', 'hook', made.id, 'waiting', '{}',
          '{"kind":"approval","path":"sum","dueAt":null,"nodeTitle":"Sum","count":1}', now()
        from (select new_uuid() as id from generate_series(1, ${given.count}::int)) made, workflows w
          join lateral (select * from workflow_versions where organization_id = w.organization_id and workflow_id = w.id order by number desc limit 1) v on true
        where w.organization_id = ${organization}::uuid and w.id = ${workflow}::uuid
        returning id
    ), live as (
      insert into live_runs (run_id, organization_id, workflow_id, state, driver, epoch, due_at)
        select id, ${organization}::uuid, ${workflow}::uuid, 'waiting', 'temporal', 1, now() + interval '30 days' from made
    ), waits as (
      insert into run_waits (organization_id, run_id, path, attempt, kind, due_at)
        select ${organization}::uuid, id, 'sum', 1, 'approval', now() + interval '30 days' from made
    ) select id from made`
  for (const table of ['live_runs', 'run_waits', 'runs']) await sql`analyze ${sql(table)}`
  return async () => {
    const ids = parked.map(({ id }) => id)
    await sql`delete from live_runs where run_id = any (${ids}::uuid[])`
    await sql`delete from run_waits where organization_id = ${organization}::uuid and run_id = any (${ids}::uuid[])`
    await sql`delete from runs where organization_id = ${organization}::uuid and id = any (${ids}::uuid[])`
    for (const table of ['live_runs', 'run_waits', 'runs']) await sql`vacuum analyze ${sql(table)}`
    await sql.end({ timeout: 5 })
  }
}
