CREATE TABLE "kept_results" (
	"organization_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"run_id" uuid NOT NULL,
	"port" text NOT NULL,
	"output" jsonb,
	"blob_hash" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "kept_results_organization_id_workflow_id_node_id_key_hash_pk" PRIMARY KEY("organization_id","workflow_id","node_id","key_hash")
);
--> statement-breakpoint
CREATE TABLE "run_starts" (
	"organization_id" uuid NOT NULL,
	"rate_key" text NOT NULL,
	"start_at" timestamp with time zone NOT NULL,
	"run_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "run_starts_organization_id_rate_key_start_at_run_id_pk" PRIMARY KEY("organization_id","rate_key","start_at","run_id")
);
--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "not_before" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "vars" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "step_inputs" jsonb;--> statement-breakpoint
ALTER TABLE "workflows" ADD COLUMN "tidied_to" uuid;--> statement-breakpoint
CREATE INDEX "kept_results_expires" ON "kept_results" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "kept_results_blob" ON "kept_results" USING btree ("organization_id","blob_hash") WHERE blob_hash is not null;--> statement-breakpoint
CREATE INDEX "run_starts_expires" ON "run_starts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "dead_letters_owner" ON "dead_letters" USING btree ("organization_id","owner_id") WHERE state = 'open' and owner_id is not null;--> statement-breakpoint
CREATE INDEX "live_runs_not_before" ON "live_runs" USING btree ("not_before") WHERE not_before is not null and not has_slot;--> statement-breakpoint
CREATE INDEX "run_steps_blob" ON "run_steps" USING btree ("organization_id","blob_hash") WHERE blob_hash is not null;--> statement-breakpoint

alter table run_starts enable row level security, force row level security;
create policy owner on run_starts to mr_owner using (true) with check (true);
create policy engine on run_starts to mr_engine using (true) with check (true);
create policy organization on run_starts to mr_web, mr_worker
  using (organization_id = public.current_organization()) with check (organization_id = public.current_organization());
grant select, delete on run_starts to mr_engine;
grant select, insert on run_starts to mr_web, mr_worker;
alter table kept_results enable row level security, force row level security;
create policy owner on kept_results to mr_owner using (true) with check (true);
create policy engine on kept_results to mr_engine using (true) with check (true);
create policy organization on kept_results to mr_web, mr_worker
  using (organization_id = public.current_organization()) with check (organization_id = public.current_organization());
grant select (organization_id, workflow_id, node_id, key_hash, blob_hash, expires_at), delete on kept_results to mr_engine;
grant select, insert, update, delete on kept_results to mr_worker;
-- Retention takes values along that nothing refers to any more. It sees which there are, and never what they are.
create policy engine on blobs to mr_engine using (true) with check (true);
create policy engine on draft_results for select to mr_engine using (true);
create policy engine on idempotency_keys to mr_engine using (true) with check (true);
grant select (organization_id, hash, created_at), delete on blobs to mr_engine;
grant select (organization_id, blob_hash) on draft_results to mr_engine;
grant select (organization_id, key_hash, expires_at), delete on idempotency_keys to mr_engine;
grant update (created_at) on blobs to mr_web, mr_worker;
--> statement-breakpoint

-- Retention -----------------------------------------------------------------------------------------------------------------------------

-- A dead letter that waits for a person still wants its run, and the one that repairs it.
create function run_is_wanted(p_organization uuid, p_run uuid) returns boolean
  language sql stable
  as $$
  select exists (select from dead_letters d where d.organization_id = p_organization and d.run_id = p_run and d.state in ('open', 'retried'))
    or exists (select from dead_letters d where d.retry_run_id = p_run and d.organization_id = p_organization and d.state in ('open', 'retried'))
$$;
grant execute on function run_is_wanted(uuid, uuid) to mr_engine;
--> statement-breakpoint
-- Values that stood apart and to which nothing refers now. A young one may be about to be referred to.
create function engine_forget_blobs(p_organizations uuid[], p_hashes bytea[]) returns void
  language sql volatile set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
  as $$
  delete from blobs b using (select distinct o, h from unnest(p_organizations, p_hashes) as t (o, h)) as gone
    where b.organization_id = gone.o and b.hash = gone.h and b.created_at < now() - interval '1 hour'
      and not exists (select from run_steps s where s.organization_id = gone.o and s.blob_hash = gone.h)
      and not exists (select from kept_results k where k.organization_id = gone.o and k.blob_hash = gone.h)
      and not exists (select from draft_results d where d.organization_id = gone.o and d.blob_hash = gone.h)
$$;
--> statement-breakpoint
-- Runs with all that belongs to them.
create function engine_forget_runs(p_organizations uuid[], p_runs uuid[]) returns integer
  language plpgsql volatile set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
  as $$
declare
  v_count integer;
  v_organizations uuid[];
  v_hashes bytea[];
begin
  with old as materialized (
    select * from unnest(p_organizations, p_runs) as t (o, r)
  ), s as (
    delete from run_steps d using old where d.organization_id = old.o and d.run_id = old.r returning d.organization_id, d.blob_hash
  ), e as (delete from run_events d using old where d.organization_id = old.o and d.run_id = old.r
  ), t as (delete from run_waits d using old where d.organization_id = old.o and d.run_id = old.r
  ), p as (delete from run_responses d using old where d.organization_id = old.o and d.run_id = old.r
  ), k as (delete from tasks d using old where d.organization_id = old.o and d.run_id = old.r
  ) select array_agg(s.organization_id), array_agg(s.blob_hash) into v_organizations, v_hashes from s where s.blob_hash is not null;
  delete from runs d using (select * from unnest(p_organizations, p_runs) as t (o, r)) as old where d.organization_id = old.o and d.id = old.r;
  get diagnostics v_count = row_count;
  if v_hashes is not null then perform engine_forget_blobs(v_organizations, v_hashes); end if;
  return v_count;
end $$;
--> statement-breakpoint
-- Deletes runs that had their days: those of their version's settings for how they ended, else the workflow's. What cannot go yet is looked
-- at again on its day; what was passed over once is not read again. Answers how many it looked at; fewer than the limit means: no more now.
create or replace function engine_tidy_kept(p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off set enable_bitmapscan = off
  as $$
declare
  v_now timestamptz := clock_timestamp();
  v_seen integer;
  v_passed integer;
  v_organizations uuid[];
  v_runs uuid[];
begin
  if not pg_try_advisory_xact_lock(hashtextextended('millrace:tidy-runs', 0)) then return 0; end if;

  with due as materialized (
    select x.organization_id, x.id, case
        when x.finished_at is null or run_is_wanted(x.organization_id, x.id) then v_now + interval '1 day'
        when x.rules ->> case when x.status = 'succeeded' then 'keepSucceeded' else 'keepFailed' end is null
          then x.finished_at + make_interval(days => coalesce(w.keep_days, 0))
      end as later
    from (select * from runs where keep_until < v_now order by keep_until limit p_limit) x
      left join workflows w on w.organization_id = x.organization_id and w.id = x.workflow_id
  ), put_off as (
    update runs r set keep_until = d.later from due d where r.organization_id = d.organization_id and r.id = d.id and d.later > v_now
  )
  select count(*), array_agg(d.organization_id) filter (where d.later is null or d.later <= v_now),
      array_agg(d.id) filter (where d.later is null or d.later <= v_now)
    into v_seen, v_organizations, v_runs from due d;
  if v_runs is not null then perform engine_forget_runs(v_organizations, v_runs); end if;

  with found as materialized (
    select x.* from workflows w cross join lateral (
      select r.organization_id, r.workflow_id, r.id, r.keep_until is null as open,
        r.keep_until is null and r.finished_at < v_now - make_interval(days => w.keep_days) and not run_is_wanted(r.organization_id, r.id) as gone
      from runs r
      where r.organization_id = w.organization_id and r.workflow_id = w.id
        and r.id > coalesce(w.tidied_to, '00000000-0000-0000-0000-000000000000')
        and r.id < first_uuid_of(v_now - make_interval(days => w.keep_days))
      order by r.id limit 200) x
    limit p_limit
  ), kept as (
    update runs r set keep_until = v_now from found f
      where r.organization_id = f.organization_id and r.id = f.id and f.open and f.gone is not true
  ), passed as (
    update workflows w set tidied_to = p.last
      from (select f.organization_id, f.workflow_id, (array_agg(f.id order by f.id desc))[1] as last from found f group by 1, 2) p
      where w.organization_id = p.organization_id and w.id = p.workflow_id
  )
  select count(*), array_agg(f.organization_id) filter (where f.gone), array_agg(f.id) filter (where f.gone)
    into v_passed, v_organizations, v_runs from found f;
  if v_runs is not null then perform engine_forget_runs(v_organizations, v_runs); end if;
  return greatest(v_seen, v_passed);
end $$;
--> statement-breakpoint
-- What has had its time: old news, old delivery ids and keys, kept results, holders that are long gone.
create or replace function engine_tidy() returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_count integer := 0;
  v_some integer;
  v_organizations uuid[];
  v_hashes bytea[];
begin
  delete from outbox where seq in (select seq from outbox where at < now() - interval '7 days' order by seq limit 5000);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  delete from run_dedupe d where (d.organization_id, d.source, d.key_hash) in (
    select e.organization_id, e.source, e.key_hash from run_dedupe e where e.expires_at < now() order by e.expires_at limit 5000);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  delete from run_starts s where (s.organization_id, s.rate_key, s.start_at, s.run_id) in (
    select e.organization_id, e.rate_key, e.start_at, e.run_id from run_starts e where e.expires_at < now() order by e.expires_at limit 5000);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  delete from idempotency_keys k where (k.organization_id, k.key_hash) in (
    select e.organization_id, e.key_hash from idempotency_keys e where e.expires_at < now() order by e.expires_at limit 1000);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  with gone as (
    delete from kept_results k where (k.organization_id, k.workflow_id, k.node_id, k.key_hash) in (
      select e.organization_id, e.workflow_id, e.node_id, e.key_hash from kept_results e where e.expires_at < now() order by e.expires_at limit 1000)
      returning k.organization_id, k.blob_hash
  ) select count(*), array_agg(organization_id) filter (where blob_hash is not null), array_agg(blob_hash) filter (where blob_hash is not null)
    into v_some, v_organizations, v_hashes from gone;
  v_count := v_count + v_some;
  if v_hashes is not null then perform engine_forget_blobs(v_organizations, v_hashes); end if;
  delete from holders h where h.lease_until < now() - interval '1 hour' and not exists (select from live_runs l where l.holder_id = h.id);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  return v_count;
end $$;
--> statement-breakpoint
alter function run_is_wanted(uuid, uuid) owner to mr_engine;
alter function engine_forget_blobs(uuid[], bytea[]) owner to mr_engine;
alter function engine_forget_runs(uuid[], uuid[]) owner to mr_engine;
revoke execute on function run_is_wanted(uuid, uuid), engine_forget_blobs(uuid[], bytea[]), engine_forget_runs(uuid[], uuid[]) from public;
grant execute on function run_is_wanted(uuid, uuid), engine_forget_blobs(uuid[], bytea[]) to mr_owner;
--> statement-breakpoint
-- Whether a month of runs holds something that is live, open, or within its days and so may be run again.
create function month_is_wanted(p_runs text, p_from uuid, p_to uuid) returns boolean
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
      (r.rules ->> case when r.status = ''succeeded'' then ''keepSucceeded'' else ''keepFailed'' end)::integer, w.keep_days, 0)) > now())', p_runs)
    into v_wanted;
  return v_wanted;
end $$;
--> statement-breakpoint
-- Drops months before the last one in which nothing is wanted any more, steps first, with what belongs to their runs. A busy table is tried
-- again the next time. Answers how many went.
create function drop_months() returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_month text;
  v_runs text;
  v_steps text;
  v_start timestamp;
  v_from uuid;
  v_to uuid;
  v_organization uuid;
  v_organizations uuid[];
  v_hashes bytea[];
  v_dropped integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('millrace:partitions', 0)) then return 0; end if;
  perform set_config('lock_timeout', '2s', true);
  for v_month in
    select right(c.relname, 7) from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'public.runs'::regclass and c.relname ~ '^runs_\d{4}_\d{2}$'
      and right(c.relname, 7) < to_char(now() at time zone 'UTC' - interval '1 month', 'YYYY_MM')
    order by 1
  loop
    v_runs := 'runs_' || v_month;
    v_steps := 'run_steps_' || v_month;
    v_start := to_timestamp(v_month || '_01', 'YYYY_MM_DD')::timestamp;
    v_from := public.first_uuid_of(v_start at time zone 'UTC');
    v_to := public.first_uuid_of((v_start + interval '1 month') at time zone 'UTC');
    continue when public.month_is_wanted(v_runs, v_from, v_to);
    begin
      if to_regclass('public.' || v_steps) is not null then
        execute format('select array_agg(s.organization_id), array_agg(s.blob_hash) from public.%I s where s.blob_hash is not null', v_steps)
          into v_organizations, v_hashes;
      end if;
      for v_organization in execute format('select distinct organization_id from public.%I', v_runs) loop
        delete from public.run_events where organization_id = v_organization and run_id >= v_from and run_id < v_to;
        delete from public.run_waits where organization_id = v_organization and run_id >= v_from and run_id < v_to;
        delete from public.run_responses where organization_id = v_organization and run_id >= v_from and run_id < v_to;
        delete from public.tasks where organization_id = v_organization and run_id >= v_from and run_id < v_to;
      end loop;
      -- Runs before dead letters, as everybody locks them; then nobody can want it any more.
      lock table public.runs, public.run_steps in access exclusive mode;
      lock table public.dead_letters in share mode;
      if public.month_is_wanted(v_runs, v_from, v_to) then raise exception 'wanted again' using errcode = 'lock_not_available'; end if;
      execute format('drop table if exists public.%I', v_steps);
      execute format('drop table public.%I', v_runs);
      v_dropped := v_dropped + 1;
    exception when lock_not_available or deadlock_detected then
      raise warning 'the month % could not be dropped now', v_month;
      continue;
    end;
    if v_hashes is not null then perform public.engine_forget_blobs(v_organizations, v_hashes); end if;
  end loop;
  return v_dropped;
end $$;
grant execute on function drop_months() to mr_worker;
--> statement-breakpoint

-- What the settings of a version ask ------------------------------------------------------------------------------------------------------

-- The values of steps that somebody marked, and of what follows them, go when the run ends.
create function forget_marked() returns trigger
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
    update run_steps set input = null, output = null, logs = null, blob_hash = null, input_hash = null, error = error - 'details'
      where organization_id = new.organization_id and run_id = new.id and path = v_path;
    update run_waits set result = null, detail = null where organization_id = new.organization_id and run_id = new.id and path = v_path;
    update tasks set facts = '[]' where organization_id = new.organization_id and run_id = new.id and path = v_path;
  end loop;
  return null;
end $$;
--> statement-breakpoint
alter function forget_marked() owner to mr_engine;
revoke execute on function forget_marked() from public;
create trigger forget_marked after update of finished_at on runs for each row
  when (old.finished_at is null and new.finished_at is not null and new.rules ? 'forget')
  execute function forget_marked();
--> statement-breakpoint
-- A failure is given to whom the workflow names, as long as they belong to the organization.
create function dead_letter_owner() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  select m.user_id into new.owner_id from runs r
    join memberships m on m.organization_id = r.organization_id and m.status = 'active' and m.user_id = replace(r.rules ->> 'owner', 'usr_', '')::uuid
    where r.organization_id = new.organization_id and r.id = new.run_id;
  return new;
end $$;
--> statement-breakpoint
alter function dead_letter_owner() owner to mr_engine;
revoke execute on function dead_letter_owner() from public;
create trigger dead_letter_owner before insert on dead_letters for each row when (new.owner_id is null) execute function dead_letter_owner();
--> statement-breakpoint
-- Gives free slots of a key to those that wait for one and whose time has come, the most urgent and oldest first. The caller holds the key's lock.
create or replace function engine_fill_slots(p_key text) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  q live_runs;
  v_now timestamptz := clock_timestamp();
  v_held integer := (select count(*) from live_runs where limit_key = p_key and has_slot);
begin
  for q in
    select * from live_runs where limit_key = p_key and not has_slot and cancel_at is null and (not_before is null or not_before <= v_now)
      order by priority, run_id limit 50 for no key update skip locked
  loop
    exit when v_held >= q.slot_limit;
    perform engine_let_start(q.run_id, q.organization_id);
    perform engine_wake(shown_id('run', q.run_id));
    v_held := v_held + 1;
  end loop;
end $$;
--> statement-breakpoint
-- A run that was held before its first step may begin. The caller has its live row.
create function engine_let_start(p_run uuid, p_organization uuid) returns void
  language plpgsql volatile
  as $$
begin
  update live_runs set has_slot = true, state = 'accepted', driver = 'none', changed_at = clock_timestamp() where run_id = p_run;
  update runs set status = 'accepted', waiting_for = null where organization_id = p_organization and id = p_run;
  insert into outbox (organization_id, kind, ids) values (p_organization, 'run', array[shown_id('run', p_run)]);
  perform pg_notify('millrace_lane', '');
end $$;
--> statement-breakpoint
alter function engine_let_start(uuid, uuid) owner to mr_engine;
revoke execute on function engine_let_start(uuid, uuid) from public;
--> statement-breakpoint
-- Runs whose workflow has a rate and no limit of runs at once, when their time has come: they are accepted like new ones. Answers how many.
create function engine_start_due(p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  q record;
  v_count integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('millrace:start-due', 0)) then return 0; end if;
  for q in
    select l.run_id, l.organization_id from live_runs l
      where l.not_before <= clock_timestamp() and not l.has_slot and l.limit_key is null and l.cancel_at is null
      order by l.not_before limit p_limit for no key update skip locked
  loop
    perform engine_let_start(q.run_id, q.organization_id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
--> statement-breakpoint
alter function engine_start_due(integer) owner to mr_engine;
revoke execute on function engine_start_due(integer) from public;
grant execute on function engine_start_due(integer) to mr_worker;
--> statement-breakpoint

-- A person's hand -----------------------------------------------------------------------------------------------------------------------

-- Gives a step that waits, or that waits for its next try, what it would have given; whatever it waited for is over. Answers `given`, `ended`
-- where the run is over, `busy` while somebody executes it, and `done` where the step does not wait. Rights were checked before.
create function give_step(p_run uuid, p_path text, p_port text, p_output jsonb, p_blob bytea, p_actor text, p_reason text) returns text
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
  s run_steps;
  v_now timestamptz;
  v_child uuid;
  v_seq bigint;
begin
  select * into l from live_runs where run_id = p_run and organization_id = current_organization() for no key update;
  if not found then return 'ended'; end if;
  if l.state = 'running' then return 'busy'; end if;
  if not l.has_slot then return 'done'; end if;
  v_now := clock_timestamp();
  select * into s from run_steps where organization_id = l.organization_id and run_id = p_run and path = p_path order by attempt desc limit 1;
  if not found or not (s.status = 'waiting' or (s.status = 'failed' and s.retry_at is not null)) then return 'done'; end if;
  -- Somebody decided, or it was called back, a moment ago.
  if s.status = 'waiting' and exists (select from run_waits w where w.organization_id = l.organization_id and w.run_id = p_run
    and w.path = p_path and w.attempt = s.attempt and w.settled_at is not null) then return 'done'; end if;
  if s.status = 'waiting' then
    update run_steps set status = 'succeeded', port = p_port, output = p_output, blob_hash = p_blob, error = null, retry_at = null, epoch = l.epoch,
        duration_us = greatest(0, (extract(epoch from v_now - started_at) * 1000000)::bigint),
        seq = (select max(m.seq) + 1 from run_steps m where m.organization_id = l.organization_id and m.run_id = p_run)
      where organization_id = l.organization_id and run_id = p_run and path = p_path and attempt = s.attempt;
  else
    insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, blob_hash, input_hash, epoch, seq, started_at)
      select l.organization_id, p_run, p_path, s.attempt + 1, 'succeeded', p_port, s.input, p_output, p_blob, s.input_hash, l.epoch,
        (select max(m.seq) + 1 from run_steps m where m.organization_id = l.organization_id and m.run_id = p_run), v_now;
  end if;
  update run_waits set settled_at = v_now, settled_by = 'given'
    where organization_id = l.organization_id and run_id = p_run and path = p_path and settled_at is null;
  update tasks set state = 'cancelled', decided_at = v_now
    where organization_id = l.organization_id and run_id = p_run and path = p_path and state = 'open';
  for v_child in
    select c.run_id from live_runs c join runs r on r.organization_id = c.organization_id and r.id = c.run_id
      where c.parent_run_id = p_run and r.parent_path = p_path and c.cancel_at is null for no key update of c skip locked
  loop
    update live_runs set cancel_at = v_now, cancel_reason = 'Somebody gave the step that waited for this run its result.', wake_seq = wake_seq + 1
      where run_id = v_child;
  end loop;
  update live_runs set wake_seq = wake_seq + 1 where run_id = p_run;
  insert into run_events (organization_id, run_id, id, kind, actor_id, detail)
    values (l.organization_id, p_run, new_uuid(), 'given', p_actor,
      jsonb_strip_nulls(jsonb_build_object('path', p_path, 'port', p_port, 'reason', p_reason)));
  return 'given';
end $$;
--> statement-breakpoint
alter function give_step(uuid, text, text, jsonb, bytea, text, text) owner to mr_engine;
revoke execute on function give_step(uuid, text, text, jsonb, bytea, text, text) from public;
grant execute on function give_step(uuid, text, text, jsonb, bytea, text, text) to mr_web;
