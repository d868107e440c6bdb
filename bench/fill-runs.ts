import postgres from 'postgres'
import { toUuid } from '../db/ids'

/**
 * Puts `count` finished runs of one workflow with four steps each into the database, spread evenly over the last 20 days; every 200th failed
 * and has an open dead letter. Past the API, because what is measured afterwards is reading.
 */
export async function fillRuns(adminUrl: string, given: { organizationId: string; workflowId: string; count: number }): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const organization = toUuid(given.organizationId, 'org')
  const workflow = toUuid(given.workflowId, 'wf')
  try {
    await sql.begin(async (tx) => {
      await tx`create temp table made on commit drop as
        select n, at, status, version_id, number, project_id, environment_id,
          (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || substr(r, 1, 3) || '-8' || substr(r, 4, 3) || '-' || substr(r, 7, 12))::uuid as id
        from (
          select n, at, case when n % 200 = 0 then 'failed' else 'succeeded' end as status,
            lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as h, md5(n::text || ${organization}::text) as r
          from generate_series(1, ${given.count}::int) n,
            lateral (select now() - interval '20 days' * (n::float8 / ${given.count}::int) as at) placed
        ) numbered,
        (select v.id as version_id, v.number, w.project_id, (select e.id from environments e where e.organization_id = w.organization_id limit 1) as environment_id
          from workflows w join workflow_versions v on v.organization_id = w.organization_id and v.workflow_id = w.id
          where w.organization_id = ${organization}::uuid and w.id = ${workflow}::uuid order by v.number desc limit 1) version`
      await tx`insert into runs (organization_id, id, workflow_id, version_id, version_number, project_id, environment_id, trigger, trigger_node_id, root_id,
          status, input, output, error, error_signature, steps_done, created_at, started_at, finished_at)
        select ${organization}::uuid, id, ${workflow}::uuid, version_id, number, project_id, environment_id, 'webhook', 'hook', id, status,
          jsonb_build_object('body', jsonb_build_object('order', n, 'price', n % 90, 'quantity', 2)), jsonb_build_object('total', n % 180),
          case when status = 'failed' then '{"class":"transient","code":"http.503","message":"The shop answered 503.","path":"answer","nodeTitle":"Answer"}'::jsonb end,
          case when status = 'failed' then 'bench-' || n % 7 end, 4, at, at, at + interval '40 milliseconds'
        from made`
      await tx`insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, epoch, seq, started_at, duration_us)
        select ${organization}::uuid, id, path, 1, case when path = 'answer' then status else 'succeeded' end, 'main',
          jsonb_build_object('order', n, 'price', n % 90), jsonb_build_object('order', n, 'total', n % 180), 1, seq, at, 900
        from made cross join (values ('hook', 1), ('sum', 2), ('large', 3), ('answer', 4)) as steps (path, seq)`
      await tx`insert into dead_letters (organization_id, id, run_id, workflow_id, project_id, signature, class, failed_path, node_title, message, opened_at)
        select ${organization}::uuid, id, id, ${workflow}::uuid, project_id, 'bench-' || n % 7, 'transient', 'answer', 'Answer', 'The shop answered 503.', at
        from made where status = 'failed'`
      await tx`insert into usage_hourly (organization_id, hour, workflow_id, model, currency, runs, failed, steps)
        select ${organization}::uuid, date_trunc('hour', at), ${workflow}::uuid, '', 'USD', count(*), count(*) filter (where status = 'failed'), count(*) * 4
        from made group by 2 on conflict do nothing`
    })
    // As autovacuum would within minutes.
    for (const table of ['runs', 'run_steps', 'dead_letters', 'usage_hourly']) await sql`vacuum analyze ${sql(table)}`
  } finally {
    await sql.end({ timeout: 5 })
  }
}
