CREATE TABLE "run_sequels" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"workflow_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"tried_at" timestamp with time zone,
	CONSTRAINT "run_sequels_organization_id_run_id_kind_pk" PRIMARY KEY("organization_id","run_id","kind")
);
--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "parent_run_id" uuid;--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "depth" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "limit_key" text;--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "slot_limit" integer;--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "has_slot" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "supersedes" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "rules" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "keep_until" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "run_sequels_oldest" ON "run_sequels" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "live_runs_parent" ON "live_runs" USING btree ("parent_run_id") WHERE parent_run_id is not null;--> statement-breakpoint
CREATE INDEX "live_runs_limit" ON "live_runs" USING btree ("limit_key","priority","run_id") WHERE limit_key is not null;--> statement-breakpoint
CREATE INDEX "runs_keep" ON "runs" USING btree ("keep_until") WHERE keep_until is not null;--> statement-breakpoint
CREATE INDEX "runs_by_parent" ON "runs" USING btree ("organization_id","parent_run_id") WHERE parent_run_id is not null;--> statement-breakpoint

alter table run_sequels enable row level security, force row level security;
create policy owner on run_sequels to mr_owner using (true) with check (true);
create policy engine on run_sequels to mr_engine using (true) with check (true);
create policy organization on run_sequels to mr_web, mr_worker
  using (organization_id = public.current_organization()) with check (organization_id = public.current_organization());
grant select, insert, update, delete on run_sequels to mr_engine;
grant select, delete on run_sequels to mr_worker;
--> statement-breakpoint
create index run_waits_event on run_waits (organization_id, (detail ->> 'name'), (detail ->> 'key')) where kind = 'event' and settled_at is null;
--> statement-breakpoint

-- What a run's end sets in motion stands in triggers on its rows, so that whichever statement ends a run does all of it. Who ends one asks
-- in the same transaction what to wake: `run_…` a run, `evt_…` a run with sequels to start.

create function engine_wake(p_word text) returns void
  language sql volatile
  as $$ select set_config('millrace.wake', coalesce(current_setting('millrace.wake', true), '') || p_word || ' ', true) $$;
grant execute on function engine_wake(text) to mr_engine;
--> statement-breakpoint
create function engine_wakes() returns jsonb
  language sql volatile
  as $$
  select to_jsonb(array(select distinct word from unnest(string_to_array(coalesce(current_setting('millrace.wake', true), ''), ' ')) as word
    where word <> ''))
$$;
grant execute on function engine_wakes() to mr_engine, mr_worker;
--> statement-breakpoint

create function run_ended() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_child uuid;
  v_keep integer;
begin
  if new.parent_run_id is not null and new.parent_path is not null then perform engine_wake(shown_id('run', new.parent_run_id)); end if;
  -- Whoever ends a child locks it and then its parent, so what is locked here is left to the sweep.
  if new.status <> 'succeeded' then
    for v_child in
      select l.run_id from live_runs l where l.parent_run_id = new.id and l.cancel_at is null for no key update skip locked
    loop
      update live_runs set cancel_at = clock_timestamp(), cancel_reason = 'The run that waited for this one ended.', wake_seq = wake_seq + 1
        where run_id = v_child;
      perform engine_wake(shown_id('run', v_child));
    end loop;
  end if;
  if new.rules is null then return new; end if;
  v_keep := (new.rules ->> case when new.status = 'succeeded' then 'keepSucceeded' else 'keepFailed' end)::integer;
  if v_keep is not null then new.keep_until := new.finished_at + make_interval(days => v_keep); end if;
  -- A run that was started by a failure tells nobody of its own.
  if new.status = 'failed' and new.rules ? 'errorWorkflow' and new.trigger not in ('error', 'test') then
    insert into run_sequels (organization_id, run_id, kind, workflow_id)
      values (new.organization_id, new.id, 'error', replace(new.rules ->> 'errorWorkflow', 'wf_', '')::uuid) on conflict do nothing;
    perform engine_wake(shown_id('evt', new.id));
  end if;
  return new;
end $$;
--> statement-breakpoint
alter function run_ended() owner to mr_engine;
revoke execute on function run_ended() from public;
create trigger run_ended before update of finished_at on runs for each row
  when (old.finished_at is null and new.finished_at is not null
    and (new.status <> 'succeeded' or new.rules is not null or new.parent_path is not null))
  execute function run_ended();
--> statement-breakpoint

-- What a successful run's steps took and gave is not kept where nobody wants it. Without its hash a step is not taken over by a later run.
create function forget_steps() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  update run_steps set input = null, output = null, logs = null, blob_hash = null, input_hash = null
    where organization_id = new.organization_id and run_id = new.id;
  return null;
end $$;
--> statement-breakpoint
alter function forget_steps() owner to mr_engine;
revoke execute on function forget_steps() from public;
create trigger forget_steps after update of finished_at on runs for each row
  when (old.finished_at is null and new.finished_at is not null and new.status = 'succeeded' and new.rules ->> 'record' = 'failures')
  execute function forget_steps();
--> statement-breakpoint

-- A failure that a waiting parent takes is the parent's: one dead letter, not one a level.
create function dead_letter_of_child() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  if exists (select from runs r where r.organization_id = new.organization_id and r.id = new.run_id and r.parent_path is not null) then
    return null;
  end if;
  return new;
end $$;
--> statement-breakpoint
alter function dead_letter_of_child() owner to mr_engine;
revoke execute on function dead_letter_of_child() from public;
create trigger dead_letter_of_child before insert on dead_letters for each row execute function dead_letter_of_child();
--> statement-breakpoint

-- Slots ---------------------------------------------------------------------------------------------------------------------------------

-- A run without a slot is woken by nothing but a cancel.
create function hold_without_slot() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  new.wake_seen := new.wake_seq;
  return new;
end $$;
--> statement-breakpoint
alter function hold_without_slot() owner to mr_engine;
revoke execute on function hold_without_slot() from public;
create trigger hold_without_slot before update on live_runs for each row
  when (not old.has_slot and not new.has_slot and new.cancel_at is null and new.wake_seq > new.wake_seen)
  execute function hold_without_slot();
--> statement-breakpoint
-- Gives free slots of a key to those that wait for one, the most urgent and oldest first. The caller holds the key's lock.
create function engine_fill_slots(p_key text) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  q live_runs;
  v_held integer := (select count(*) from live_runs where limit_key = p_key and has_slot);
begin
  for q in
    select * from live_runs where limit_key = p_key and not has_slot and cancel_at is null
      order by priority, run_id limit 50 for no key update skip locked
  loop
    exit when v_held >= q.slot_limit;
    update live_runs set has_slot = true, state = 'accepted', driver = 'none', changed_at = clock_timestamp() where run_id = q.run_id;
    update runs set status = 'accepted', waiting_for = null where organization_id = q.organization_id and id = q.run_id;
    insert into outbox (organization_id, kind, ids) values (q.organization_id, 'run', array[shown_id('run', q.run_id)]);
    perform engine_wake(shown_id('run', q.run_id));
    perform pg_notify('millrace_lane', '');
    v_held := v_held + 1;
  end loop;
end $$;
--> statement-breakpoint
create function slot_freed() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('millrace:limit:' || old.limit_key, 0));
  perform engine_fill_slots(old.limit_key);
  return null;
end $$;
--> statement-breakpoint
alter function engine_fill_slots(text) owner to mr_engine;
alter function slot_freed() owner to mr_engine;
revoke execute on function engine_fill_slots(text), slot_freed() from public;
create trigger slot_freed after delete on live_runs for each row
  when (old.limit_key is not null and old.has_slot) execute function slot_freed();
--> statement-breakpoint

-- What an end left undone because a row was locked or a process died; answers what to wake. Empty when another sweeps.
create function engine_sweep_links(p_limit integer) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_run uuid;
  v_key text;
  v_now timestamptz := clock_timestamp();
begin
  if not pg_try_advisory_xact_lock(hashtextextended('millrace:sweep-links', 0)) then return '[]'; end if;
  -- Children of whom nobody waits any more, and older runs that a newer one takes the place of.
  for v_run in
    select c.run_id from live_runs c where c.parent_run_id is not null and c.cancel_at is null
        and not exists (select from live_runs p where p.run_id = c.parent_run_id)
      limit p_limit for no key update of c skip locked
  loop
    update live_runs set cancel_at = v_now, cancel_reason = 'The run that waited for this one ended.', wake_seq = wake_seq + 1
      where run_id = v_run;
    perform engine_wake(shown_id('run', v_run));
  end loop;
  for v_run in
    select o.run_id from live_runs o where o.limit_key is not null and o.cancel_at is null
        and exists (select from live_runs n where n.limit_key = o.limit_key and n.supersedes and not n.has_slot and n.cancel_at is null
          and n.run_id > o.run_id)
      limit p_limit for no key update of o skip locked
  loop
    update live_runs set cancel_at = v_now, cancel_reason = 'A newer run took its place.', wake_seq = wake_seq + 1 where run_id = v_run;
    perform engine_wake(shown_id('run', v_run));
  end loop;
  for v_key in select distinct l.limit_key from live_runs l where l.limit_key is not null and not l.has_slot limit p_limit loop
    if pg_try_advisory_xact_lock(hashtextextended('millrace:limit:' || v_key, 0)) then perform engine_fill_slots(v_key); end if;
  end loop;
  for v_run in
    update run_sequels s set tried_at = v_now
      where (s.organization_id, s.run_id, s.kind) in (
        select t.organization_id, t.run_id, t.kind from run_sequels t
        where coalesce(t.tried_at, t.created_at) < v_now - interval '5 seconds' order by t.created_at limit p_limit)
      returning s.run_id
  loop
    perform engine_wake(shown_id('evt', v_run));
  end loop;
  return engine_wakes();
end $$;
--> statement-breakpoint
create function engine_find_sequel(p_run uuid) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select organization_id from run_sequels where run_id = p_run limit 1 $$;
--> statement-breakpoint
-- Runs past their own keep-days; not one that a dead letter still needs.
create function engine_tidy_kept(p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_count integer;
begin
  with old as materialized (
    select r.organization_id, r.id from runs r
    where r.keep_until < now() and not exists (select from dead_letters d where d.organization_id = r.organization_id
      and d.state in ('open', 'retried') and (d.run_id = r.id or d.retry_run_id = r.id))
    limit p_limit
  ), s as (delete from run_steps d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), e as (delete from run_events d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), t as (delete from run_waits d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), p as (delete from run_responses d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), k as (delete from tasks d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ) delete from runs d using old where d.organization_id = old.organization_id and d.id = old.id;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
--> statement-breakpoint

-- Settles every wait for this event in projects where the caller may; answers the runs. Each run is locked before its wait, as
-- everybody does.
create function engine_tell_event(p_organization uuid, p_name text, p_key text, p_result jsonb, p_only uuid[],
    p_except uuid[], p_limit integer) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  w record;
  v_now timestamptz := clock_timestamp();
  v_runs uuid[] := '{}';
begin
  for w in
    select x.run_id, x.path, x.attempt from run_waits x join runs r on r.organization_id = x.organization_id and r.id = x.run_id
    where x.organization_id = p_organization and x.kind = 'event' and x.settled_at is null
      and x.detail ->> 'name' = p_name and x.detail ->> 'key' = p_key
      and (p_only is null or r.project_id = any (p_only)) and (p_except is null or r.project_id <> all (p_except))
    order by x.run_id, x.path limit p_limit
  loop
    perform from live_runs where run_id = w.run_id and organization_id = p_organization for no key update;
    continue when not found;
    update run_waits set settled_at = v_now, settled_by = 'event', result = p_result
      where organization_id = p_organization and run_id = w.run_id and path = w.path and attempt = w.attempt and settled_at is null;
    continue when not found;
    update live_runs set wake_seq = wake_seq + 1 where run_id = w.run_id;
    insert into run_events (organization_id, run_id, id, kind, detail)
      values (p_organization, w.run_id, new_uuid(), 'event', jsonb_build_object('path', w.path, 'name', p_name, 'key', p_key));
    v_runs := v_runs || w.run_id;
  end loop;
  if cardinality(v_runs) > 0 then
    insert into outbox (organization_id, kind, ids)
      select p_organization, 'run', array_agg(distinct shown_id('run', r)) from unnest(v_runs) as r;
  end if;
  return to_jsonb(array(select distinct shown_id('run', r) from unnest(v_runs) as r));
end $$;
--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array[
    'engine_sweep_links(integer)',
    'engine_find_sequel(uuid)',
    'engine_tidy_kept(integer)',
    'engine_tell_event(uuid, text, text, jsonb, uuid[], uuid[], integer)'
  ] loop
    execute format('alter function public.%s owner to mr_engine', named);
    execute format('revoke execute on function public.%s from public', named);
    execute format('grant execute on function public.%s to mr_worker', named);
  end loop;
end $$;
--> statement-breakpoint
grant execute on function engine_tell_event(uuid, text, text, jsonb, uuid[], uuid[], integer) to mr_web;
