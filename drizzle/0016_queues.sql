-- A run that is given back for a queue of long or heavy work says which workers it waits for, and since when. The epoch tells whether that
-- still holds: whoever takes the run raises it.
drop function engine_give_back(uuid, integer, text);
--> statement-breakpoint
-- `more` and `queue` go on at once, `paused` when somebody resumes, `shutdown` elsewhere. A lane hands over to Temporal what is `handed`,
-- and what met an error goes on there too, with longer and longer rests. No crash is counted.
create function engine_give_back(p_run uuid, p_epoch integer, p_reason text, p_queue text default null) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
  v_waits jsonb;
begin
  update live_runs set holder_id = null, changed_at = clock_timestamp(),
      state = case when p_reason in ('handed', 'error') then 'waiting' else 'accepted' end,
      driver = case when p_reason in ('more', 'queue', 'error') and driver = 'temporal' then driver else 'none' end,
      due_at = case when p_reason in ('handed', 'error') then null else due_at end,
      wake_seq = wake_seq + (p_reason in ('handed', 'error'))::integer,
      crashes = case when p_reason in ('more', 'queue', 'paused', 'handed') then 0 else crashes end,
      solo_crashes = case when p_reason in ('more', 'queue', 'paused', 'handed') then 0 else solo_crashes end
    where run_id = p_run and epoch = p_epoch and state = 'running' returning * into l;
  if not found then return false; end if;
  if p_reason in ('shutdown', 'paused') then
    update runs set status = case when p_reason = 'paused' then 'waiting' else 'accepted' end,
        waiting_for = case when p_reason = 'paused' then jsonb_build_object('kind', 'pause', 'path', null, 'dueAt', null) end
      where organization_id = l.organization_id and id = p_run;
  end if;
  if p_reason in ('queue', 'handed') and p_queue <> 'default' then
    v_waits := jsonb_build_object('kind', 'worker', 'path', null, 'dueAt', null, 'queue', p_queue, 'epoch', l.epoch, 'since', l.changed_at);
  end if;
  if v_waits is not null or p_reason = 'handed' then
    update runs set status = 'running', started_at = coalesce(started_at, l.changed_at), waiting_for = coalesce(v_waits, waiting_for)
      where organization_id = l.organization_id and id = p_run and (v_waits is not null or status = 'accepted');
  end if;
  return true;
end $$;
--> statement-breakpoint
alter function engine_give_back(uuid, integer, text, text) owner to mr_engine;
revoke execute on function engine_give_back(uuid, integer, text, text) from public;
grant execute on function engine_give_back(uuid, integer, text, text) to mr_worker;
--> statement-breakpoint

-- A start that Temporal has not acknowledged yet is told from one that it has: what only stands in Temporal's line is not started again.
create or replace function engine_starts(p_limit integer) returns setof uuid
  language sql volatile security definer set search_path = pg_catalog, public, pg_temp
  as $$
  update live_runs set driver = 'starting', changed_at = clock_timestamp() where run_id = any (array(
    select l.run_id from live_runs l
    where l.state = 'accepted' and l.driver not in ('temporal', 'starting') and (l.pause_at is null or l.cancel_at is not null)
    order by l.priority, l.run_id limit p_limit for no key update skip locked))
  returning run_id
$$;
--> statement-breakpoint
create or replace function engine_driven(p_runs uuid[]) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$ update live_runs set driver = 'temporal' where run_id = any (p_runs) and driver in ('none', 'starting') $$;
--> statement-breakpoint
create or replace function engine_not_driven(p_runs uuid[]) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$ update live_runs set driver = 'none' where run_id = any (p_runs) and state = 'accepted' and driver in ('temporal', 'starting') $$;
--> statement-breakpoint
-- Unfinished runs that are to have a workflow, in pages, for the comparison with Temporal. What is accepted and not Temporal's is taken by
-- the workers anyway.
create or replace function engine_unfinished(p_after uuid, p_limit integer) returns table (run_id uuid, state text)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select l.run_id, l.state from live_runs l
    where (p_after is null or l.run_id > p_after) and (l.state = 'waiting' or l.state = 'accepted' and l.driver = 'temporal')
    order by l.run_id limit p_limit
$$;
--> statement-breakpoint
-- Runs that nobody moves although they could move, for one worker at a time; nothing when another sweeps. A mere backlog is left alone:
-- while a lane lives, accepted runs wait for it, and only when no lane took anything for 30 seconds they are started in Temporal.
create or replace function engine_sweep(p_limit integer) returns table (run_id uuid, reason text)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
#variable_conflict use_column
declare
  v_now timestamptz := clock_timestamp();
  v_lanes boolean;
  v_moves boolean;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('millrace:sweep', 0)) then return; end if;
  select coalesce(bool_or(true), false), coalesce(bool_or(exists (
      select from live_runs l where l.holder_id = h.id and l.state = 'running' and l.changed_at > v_now - interval '30 seconds')), false)
    into v_lanes, v_moves from holders h where h.kind = 'lane' and h.lease_until > v_now;
  return query
  with found as (
    (select l.run_id, 'woken' as reason from live_runs l
      where l.state = 'waiting' and l.wake_seq > l.wake_seen and (l.pause_at is null or l.cancel_at is not null)
        and l.changed_at < v_now - interval '2 seconds' limit p_limit)
    union all
    (select l.run_id, 'due' from live_runs l
      where l.state = 'waiting' and l.due_at < v_now - interval '5 seconds' and l.wake_seq <= l.wake_seen and l.pause_at is null
        and l.changed_at < v_now - interval '5 seconds' order by l.due_at limit p_limit)
    union all
    (select l.run_id, 'undriven' from live_runs l
      where l.state = 'waiting' and l.driver = 'none' and l.wake_seq <= l.wake_seen and l.changed_at < v_now - interval '5 seconds' limit p_limit)
    union all
    (select l.run_id, 'accepted' from live_runs l
      where l.state = 'accepted' and (l.pause_at is null or l.cancel_at is not null) and (l.driver <> 'temporal' or l.wake_seq > l.wake_seen)
        and l.changed_at < v_now - case when l.driver = 'starting' then interval '10 seconds'
          when l.driver = 'none' and not v_lanes then interval '5 seconds' else interval '30 seconds' end
        and (l.driver <> 'none' or not v_moves)
      order by l.run_id limit p_limit)
    union all
    -- Temporal acknowledged these and has not come to them.
    (select l.run_id, 'queued' from live_runs l
      where l.state = 'accepted' and l.driver = 'temporal' and l.wake_seq <= l.wake_seen and (l.pause_at is null or l.cancel_at is not null)
        and l.changed_at < v_now - interval '30 seconds'
      order by l.changed_at limit p_limit)
    union all
    (select l.run_id, 'lease' from live_runs l left join holders h on h.id = l.holder_id
      where l.state = 'running' and (h.id is null or h.lease_until < v_now - case when v_lanes then interval '5 seconds' else interval '0' end)
        and l.changed_at < v_now - interval '5 seconds' limit p_limit)
  ), touched as (
    -- Looked at again only after the same time has passed.
    update live_runs l set changed_at = v_now from found f where l.run_id = f.run_id returning l.run_id
  )
  select f.run_id, f.reason from found f join touched t on t.run_id = f.run_id;
end $$;
