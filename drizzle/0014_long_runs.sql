-- The newest attempt of each path but of what stands below those of the containers that are settled: nobody reads it any more.
create function engine_log(p_organization uuid, p_run uuid, p_containers text[])
  returns table (path text, attempt integer, status text, port text, input jsonb, output jsonb, error jsonb, input_hash text, blob_hash text,
    origin_run_id uuid, seq integer, started_at timestamptz, duration_us bigint, retry_at timestamptz, model text, input_tokens integer,
    output_tokens integer, practice boolean, currency text, cost_micros bigint, last_seq integer)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  with done as materialized (
    select s.path || '/' as below from run_steps s
    where s.organization_id = p_organization and s.run_id = p_run and s.path = any (p_containers)
      and (s.status in ('succeeded', 'skipped') or (s.status = 'failed' and s.port is not null))
  )
  select distinct on (s.path) s.path, s.attempt, s.status, s.port,
    case when s.status in ('succeeded', 'skipped') then null else s.input end, s.output, s.error, s.input_hash, encode(s.blob_hash, 'hex'),
    s.origin_run_id, s.seq, s.started_at, s.duration_us, s.retry_at, s.model, s.input_tokens, s.output_tokens, s.practice, s.currency,
    s.cost_micros, (select max(m.seq) from run_steps m where m.organization_id = p_organization and m.run_id = p_run)
  from run_steps s
  where s.organization_id = p_organization and s.run_id = p_run and not exists (select from done d where starts_with(s.path, d.below))
  order by s.path, s.attempt desc
$$;
--> statement-breakpoint
alter function public.engine_log(uuid, uuid, text[]) owner to mr_engine;
--> statement-breakpoint
revoke execute on function public.engine_log(uuid, uuid, text[]) from public;
--> statement-breakpoint
grant execute on function public.engine_log(uuid, uuid, text[]) to mr_worker;
