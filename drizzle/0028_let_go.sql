CREATE TABLE "loose_blobs" (
	"organization_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"run_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "loose_blobs_organization_id_hash_run_id_pk" PRIMARY KEY("organization_id","hash","run_id")
);
--> statement-breakpoint
CREATE INDEX "loose_blobs_oldest" ON "loose_blobs" USING btree ("at");--> statement-breakpoint

alter table loose_blobs enable row level security, force row level security;
create policy owner on loose_blobs to mr_owner using (true) with check (true);
create policy engine on loose_blobs to mr_engine using (true) with check (true);
grant select, insert, delete on loose_blobs to mr_engine;
--> statement-breakpoint
-- The large values of a run, or of these steps of it, are about to be let go of. They may still be too young to go at once: what has the
-- same content may be about to be referred to.
create function engine_let_go_blobs(p_organization uuid, p_run uuid, p_path text) returns void
  language sql volatile
  as $$
  insert into loose_blobs (organization_id, hash, run_id)
    select distinct s.organization_id, s.blob_hash, s.run_id from run_steps s
      where s.organization_id = p_organization and s.run_id = p_run and (p_path is null or s.path = p_path) and s.blob_hash is not null
    on conflict do nothing
$$;
--> statement-breakpoint
alter function engine_let_go_blobs(uuid, uuid, text) owner to mr_engine;
revoke execute on function engine_let_go_blobs(uuid, uuid, text) from public;
--> statement-breakpoint
-- What a successful run's steps took and gave is not kept where nobody wants it. Without its hash a step is not taken over by a later run.
create or replace function forget_steps() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  perform engine_let_go_blobs(new.organization_id, new.id, null);
  update run_steps set input = null, output = null, logs = null, blob_hash = null, input_hash = null
    where organization_id = new.organization_id and run_id = new.id;
  return null;
end $$;
--> statement-breakpoint
-- The values of steps that somebody marked, and of what follows them, go when the run ends.
create or replace function forget_marked() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_nodes text[] := array(select jsonb_array_elements_text(new.rules -> 'forget'));
  v_path text;
begin
  for v_path in
    select distinct s.path from run_steps s where s.organization_id = new.organization_id and s.run_id = new.id
      and exists (select from unnest(string_to_array(s.path, '/')) as part where regexp_replace(part, '^call\.\d+\.', '') = any (v_nodes))
  loop
    perform engine_let_go_blobs(new.organization_id, new.id, v_path);
    update run_steps set input = null, output = null, logs = null, blob_hash = null, input_hash = null, error = error - 'details'
      where organization_id = new.organization_id and run_id = new.id and path = v_path;
    update run_waits set result = null, detail = null where organization_id = new.organization_id and run_id = new.id and path = v_path;
    update tasks set facts = '[]', description = '', comment = null, title = coalesce((
        select n ->> 'title' from workflow_versions v, jsonb_array_elements(v.graph -> 'nodes') as n
          where v.organization_id = new.organization_id and v.id = new.version_id
            and n ->> 'id' = regexp_replace(v_path, '^.*/', '') limit 1), 'Approval')
      where organization_id = new.organization_id and run_id = new.id and path = v_path;
  end loop;
  return null;
end $$;
--> statement-breakpoint
-- A newer result takes the place of one that was large.
create function kept_result_replaced() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  insert into loose_blobs (organization_id, hash, run_id) values (old.organization_id, old.blob_hash, old.run_id) on conflict do nothing;
  return null;
end $$;
--> statement-breakpoint
alter function kept_result_replaced() owner to mr_engine;
revoke execute on function kept_result_replaced() from public;
create trigger kept_result_replaced after update of blob_hash on kept_results for each row
  when (old.blob_hash is not null and old.blob_hash is distinct from new.blob_hash)
  execute function kept_result_replaced();
--> statement-breakpoint
-- Of values that were let go of, those that are no longer young and to which nothing else refers.
create function engine_tidy_blobs(p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_count integer;
  v_organizations uuid[];
  v_hashes bytea[];
begin
  with gone as (
    delete from loose_blobs l where (l.organization_id, l.hash, l.run_id) in (
      select o.organization_id, o.hash, o.run_id from loose_blobs o where o.at < now() - interval '1 hour' order by o.at limit p_limit)
      returning l.organization_id, l.hash
  ) select count(*), array_agg(organization_id), array_agg(hash) into v_count, v_organizations, v_hashes from gone;
  if v_count > 0 then perform engine_forget_blobs(v_organizations, v_hashes); end if;
  return v_count;
end $$;
--> statement-breakpoint
alter function engine_tidy_blobs(integer) owner to mr_engine;
revoke execute on function engine_tidy_blobs(integer) from public;
grant execute on function engine_tidy_blobs(integer) to mr_worker;
--> statement-breakpoint
-- A dead letter that waits for a person still wants its run, the one that repairs it, and the runs that these waited for: a repair goes on
-- where they broke.
create or replace function run_is_wanted(p_organization uuid, p_run uuid) returns boolean
  language sql stable
  as $$
  select exists (select from dead_letters d where d.organization_id = p_organization and d.run_id = p_run and d.state in ('open', 'retried'))
    or exists (select from dead_letters d where d.retry_run_id = p_run and d.organization_id = p_organization and d.state in ('open', 'retried'))
    or exists (select from runs r where r.organization_id = p_organization and r.id = p_run and r.parent_path is not null
      and run_is_wanted(p_organization, r.parent_run_id))
$$;
--> statement-breakpoint
-- Whether a month of runs holds something that is live, open, or within its days and so may be run again, or that a dead letter's run waited for.
create or replace function month_is_wanted(p_runs text, p_from uuid, p_to uuid) returns boolean
  language plpgsql stable
  as $$
declare
  v_wanted boolean;
begin
  if exists (select from public.live_runs l where l.run_id >= p_from and l.run_id < p_to)
    or exists (select from public.dead_letters d where d.state in ('open', 'retried')
      and ((d.run_id >= p_from and d.run_id < p_to) or (d.retry_run_id >= p_from and d.retry_run_id < p_to))) then
    return true;
  end if;
  execute format('select exists (select from public.%I r left join public.workflows w on w.organization_id = r.organization_id and w.id = r.workflow_id
    where r.finished_at is null or r.finished_at + make_interval(days => coalesce(
      (r.rules ->> case when r.status = ''succeeded'' then ''keepSucceeded'' else ''keepFailed'' end)::integer, w.keep_days, 0)) > now()
      or (r.parent_path is not null and public.run_is_wanted(r.organization_id, r.id)))', p_runs)
    into v_wanted;
  return v_wanted;
end $$;
--> statement-breakpoint
-- The run ends: its live row goes, what it waited for is closed, and a dead letter opens or closes, all in one transaction.
create or replace function engine_finish(p_organization uuid, p_run uuid, p_epoch integer, p_status text, p_output jsonb, p_error jsonb, p_signature text)
  returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
  r runs;
  v_now timestamptz;
  v_status text := p_status;
  v_letter uuid;
  v_told jsonb;
begin
  select * into l from live_runs
    where run_id = p_run and organization_id = p_organization and epoch = p_epoch and state = 'running' for no key update;
  if not found then return jsonb_build_object('outcome', 'fenced'); end if;
  v_now := clock_timestamp();
  if l.cancel_at is not null and v_status = 'failed' then v_status := 'cancelled'; end if;
  delete from live_runs where run_id = p_run;
  update run_steps set status = 'failed', duration_us = greatest(0, (extract(epoch from v_now - started_at) * 1000000)::bigint), retry_at = null,
      error = jsonb_build_object('class', 'cancelled', 'code', 'run.ended', 'message',
        case when v_status = 'cancelled' then 'The run was cancelled while this step was under way.'
          else 'The run ended while this step was under way.' end)
    where organization_id = p_organization and run_id = p_run and status in ('started', 'waiting');
  update run_waits set settled_at = v_now, settled_by = 'end' where organization_id = p_organization and run_id = p_run and settled_at is null;
  update tasks set state = 'cancelled', decided_at = v_now where organization_id = p_organization and run_id = p_run and state = 'open';
  update runs set status = v_status, output = case when v_status = 'succeeded' then p_output end,
      error = case when v_status = 'failed' then p_error end, error_signature = case when v_status = 'failed' then p_signature end,
      waiting_for = null, finished_at = v_now, started_at = coalesce(started_at, v_now), steps_done = (
        select count(distinct s.path) from run_steps s where s.organization_id = p_organization and s.run_id = p_run and s.status = 'succeeded')
    where organization_id = p_organization and id = p_run returning * into r;
  insert into run_events (organization_id, run_id, id, kind, detail)
    values (p_organization, p_run, new_uuid(), 'finished', jsonb_build_object('status', v_status));

  -- What people spent in this hour; a test of a draft counts its money too.
  insert into usage_hourly as u (organization_id, hour, workflow_id, model, currency, runs, failed, steps, duration_ms)
    values (p_organization, date_trunc('hour', v_now), r.workflow_id, '', r.currency, 1, (v_status = 'failed')::integer, r.steps_done,
      greatest(0, (extract(epoch from v_now - r.started_at) * 1000)::bigint))
    on conflict (organization_id, hour, workflow_id, model, currency) do update set runs = u.runs + 1, failed = u.failed + excluded.failed,
      steps = u.steps + excluded.steps, duration_ms = u.duration_ms + excluded.duration_ms;
  insert into usage_hourly as u (organization_id, hour, workflow_id, model, currency, steps, input_tokens, output_tokens, cost_micros)
    select p_organization, date_trunc('hour', v_now), r.workflow_id, s.model, coalesce(s.currency, r.currency), count(*),
      coalesce(sum(s.input_tokens), 0), coalesce(sum(s.output_tokens), 0), coalesce(sum(s.cost_micros), 0)
    from run_steps s
    where s.organization_id = p_organization and s.run_id = p_run and s.model is not null and s.model <> '' and s.origin_run_id is null
    group by s.model, coalesce(s.currency, r.currency)
    on conflict (organization_id, hour, workflow_id, model, currency) do update set steps = u.steps + excluded.steps,
      input_tokens = u.input_tokens + excluded.input_tokens, output_tokens = u.output_tokens + excluded.output_tokens,
      cost_micros = u.cost_micros + excluded.cost_micros;

  -- A run that was started to repair a dead letter decides it; any other failure opens one.
  if v_status = 'succeeded' then
    update dead_letters set state = 'resolved', closed_at = v_now, closed_by = r.started_by
      where organization_id = p_organization and retry_run_id = p_run and state = 'retried' returning id into v_letter;
  else
    update dead_letters set state = 'open', closed_at = null, closed_by = null,
        run_id = case when v_status = 'failed' then p_run else run_id end,
        signature = case when v_status = 'failed' then coalesce(p_signature, signature) else signature end,
        class = case when v_status = 'failed' then coalesce(p_error ->> 'class', class) else class end,
        failed_path = case when v_status = 'failed' then coalesce(p_error ->> 'path', failed_path) else failed_path end,
        node_title = case when v_status = 'failed' then coalesce(p_error ->> 'nodeTitle', node_title) else node_title end,
        message = case when v_status = 'failed' then coalesce(p_error ->> 'message', message) else message end,
        hint = case when v_status = 'failed' then p_error ->> 'hint' else hint end
      where organization_id = p_organization and retry_run_id = p_run and state = 'retried' returning id into v_letter;
    if v_letter is null and v_status = 'failed' and r.trigger <> 'test' then
      insert into dead_letters (organization_id, id, run_id, workflow_id, project_id, signature, class, failed_path, node_title, message, hint)
        values (p_organization, new_uuid(), p_run, r.workflow_id, r.project_id, coalesce(p_signature, ''), coalesce(p_error ->> 'class', 'internal'),
          coalesce(p_error ->> 'path', ''), coalesce(p_error ->> 'nodeTitle', ''), coalesce(p_error ->> 'message', ''), p_error ->> 'hint')
        on conflict (organization_id, run_id) do nothing returning id into v_letter;
    end if;
  end if;

  -- A child's end settles what its parent waits for, unless that waits for another one by now.
  if r.parent_run_id is not null then
    perform from live_runs where run_id = r.parent_run_id for no key update;
    update run_waits set settled_at = v_now, settled_by = 'child', result = jsonb_build_object('runId', shown_id('run', p_run), 'status', v_status)
      where organization_id = p_organization and run_id = r.parent_run_id and path = r.parent_path and settled_at is null
        and coalesce(detail ->> 'runId', shown_id('run', p_run)) = shown_id('run', p_run);
    if found then update live_runs set wake_seq = wake_seq + 1 where run_id = r.parent_run_id; end if;
  end if;

  with o as (
    insert into outbox (organization_id, kind, ids)
      select p_organization, told.kind, told.ids
      from (values ('run', array[shown_id('run', p_run)]), ('dead_letter', array[shown_id('dl', v_letter)])) as told (kind, ids)
      where told.ids[1] is not null
      returning seq, kind, ids
  ) select jsonb_agg(jsonb_build_object('kind', o.kind, 'ids', to_jsonb(o.ids), 'seq', o.seq)) into v_told from o;
  return jsonb_build_object('outcome', 'finished', 'status', v_status, 'told', v_told, 'deadLetterId', shown_id('dl', v_letter));
end $$;
--> statement-breakpoint
-- What was let go of before this was looked at again.
insert into loose_blobs (organization_id, hash, run_id)
  select b.organization_id, b.hash, '00000000-0000-0000-0000-000000000000' from blobs b
  where not exists (select from run_steps s where s.organization_id = b.organization_id and s.blob_hash = b.hash)
    and not exists (select from kept_results k where k.organization_id = b.organization_id and k.blob_hash = b.hash)
    and not exists (select from draft_results d where d.organization_id = b.organization_id and d.blob_hash = b.hash);
