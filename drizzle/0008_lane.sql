-- The lane: short runs are claimed by a worker in batches and mostly finished in one further statement. Tables that are nearly empty one
-- minute and full the next mislead the planner, so where it says `plan_cache_mode` plans are made once and go by indexes.

-- What taking a run does, once its live row is locked: the one rule for the lane, for Temporal and for what was left behind.
create function engine_take_locked(l live_runs, p_holder uuid, p_driver text) returns jsonb
  language plpgsql
  as $$
declare
  p_run uuid := l.run_id;
  r runs;
  v_names record;
  v_now timestamptz := clock_timestamp();
  v_lease timestamptz;
  v_moved boolean := false;
  v_quiet boolean;
  v_from text;
  v_settled integer;
begin
  if l.state = 'running' and l.holder_id is distinct from p_holder then
    select h.lease_until, h.host into v_lease, v_from from holders h where h.id = l.holder_id;
    if v_lease > v_now then return jsonb_build_object('outcome', 'held', 'until', v_lease); end if;
    v_moved := true;
  end if;
  if l.pause_at is not null and l.cancel_at is null then
    if l.state = 'running' then
      update live_runs set state = 'accepted', holder_id = null, epoch = epoch + 1, changed_at = v_now where run_id = p_run;
      update runs set status = 'waiting', waiting_for = jsonb_build_object('kind', 'pause', 'path', null, 'dueAt', null)
        where organization_id = l.organization_id and id = p_run;
    end if;
    return jsonb_build_object('outcome', 'paused');
  end if;
  if l.state = 'waiting' and l.cancel_at is null and l.wake_seq <= l.wake_seen and (l.due_at is null or l.due_at > v_now) then
    return jsonb_build_object('outcome', 'waiting', 'until', l.due_at);
  end if;
  if l.state = 'waiting' then
    update run_waits set settled_at = v_now, settled_by = 'timer'
      where organization_id = l.organization_id and run_id = p_run and settled_at is null and due_at <= v_now;
    get diagnostics v_settled = row_count;
    if v_settled > 0 then
      update tasks t set state = 'expired', decided_at = v_now
        where t.organization_id = l.organization_id and t.run_id = p_run and t.state = 'open' and exists (
          select from run_waits w where w.organization_id = t.organization_id and w.run_id = t.run_id and w.path = t.path
            and w.attempt = t.attempt and w.settled_by = 'timer');
    end if;
  end if;
  select * into r from runs where organization_id = l.organization_id and id = p_run;
  if not found then
    delete from live_runs where run_id = p_run;
    return jsonb_build_object('outcome', 'gone');
  end if;
  -- A crash is a lease that ran out; one that happened to a run that executed by itself proves that the run did it.
  update live_runs set state = 'running', driver = p_driver, epoch = epoch + 1, holder_id = p_holder, wake_seen = wake_seq,
      crashes = crashes + v_moved::integer, solo_crashes = solo_crashes + (v_moved and crashes > 0)::integer, changed_at = v_now
    where run_id = p_run returning * into l;
  -- A run that rides in a lane is mostly finished before anybody could see it running: its first write says so, if it needs one.
  v_quiet := p_driver = 'lane' and r.status = 'accepted' and not v_moved;
  if not v_quiet and (r.status <> 'running' or v_moved) then
    update runs set status = 'running', started_at = coalesce(started_at, v_now), waiting_for = null, moves = moves + v_moved::integer
      where organization_id = l.organization_id and id = p_run returning * into r;
  end if;
  if v_moved or (not v_quiet and r.started_at = v_now) then
    insert into run_events (organization_id, run_id, id, kind, detail)
      values (l.organization_id, p_run, new_uuid(), case when v_moved then 'moved' else 'taken' end,
        jsonb_build_object('from', v_from, 'host', (select host from holders where id = p_holder)));
  end if;
  select w.name, o.time_zone, o.currency into v_names
    from workflows w join organizations o on o.id = w.organization_id where w.organization_id = r.organization_id and w.id = r.workflow_id;
  return jsonb_build_object(
    'outcome', 'taken', 'runId', p_run, 'begun', not v_quiet, 'child', r.parent_run_id is not null,
    'limited', l.limit_key is not null, 'organizationId', l.organization_id, 'epoch', l.epoch, 'wakeSeq', l.wake_seq, 'cancel', l.cancel_at is not null,
    'cancelReason', l.cancel_reason, 'moved', v_moved, 'crashes', l.crashes, 'soloCrashes', l.solo_crashes,
    'stepped', l.epoch > 1 or r.replay_of_id is not null, 'workflowId', r.workflow_id,
    'workflowName', v_names.name, 'timeZone', v_names.time_zone, 'currency', v_names.currency,
    'versionId', r.version_id, 'versionNumber', r.version_number, 'projectId', r.project_id, 'environmentId', r.environment_id,
    'trigger', r.trigger, 'triggerNodeId', r.trigger_node_id, 'rootId', r.root_id, 'generation', r.generation, 'input', r.input,
    'startedAt', coalesce(r.started_at, v_now));
end $$;
--> statement-breakpoint
create or replace function engine_take(p_run uuid, p_holder uuid) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
begin
  select * into l from live_runs where run_id = p_run for no key update;
  if not found then return jsonb_build_object('outcome', 'gone'); end if;
  return engine_take_locked(l, p_holder, 'temporal');
end $$;
--> statement-breakpoint

-- Takes up to so many runs for a lane: accepted ones, first in turn of their organization and by priority, and, where asked, those
-- of holders whose lease is over. A row that another lane looks at in this moment is passed over.
create function engine_claim(p_holder uuid, p_limit integer, p_after uuid, p_lost boolean) returns setof jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
  as $$
declare
  l live_runs;
  v_lost live_runs[];
  v_found live_runs[];
  v_turns uuid[];
  v_each integer;
begin
  if p_lost then
    v_lost := array(
      select x from live_runs x join holders h on h.id = x.holder_id
      where x.state = 'running' and h.lease_until < clock_timestamp() and h.id <> p_holder
      limit p_limit for no key update of x skip locked);
  end if;
  -- One step through the index for each organization that has something, behind the one that was last, then from the first again.
  v_turns := array(
    with recursive behind (id, n) as (
      (select a.organization_id, 1 from live_runs a where a.state = 'accepted' and a.organization_id > p_after order by a.organization_id limit 1)
      union all
      select next.organization_id, n + 1 from behind cross join lateral (
        select a.organization_id from live_runs a where a.state = 'accepted' and a.organization_id > behind.id
        order by a.organization_id limit 1) next
      where n < p_limit
    ), before (id, n) as (
      (select a.organization_id, 1 from live_runs a where a.state = 'accepted' and a.organization_id <= p_after order by a.organization_id limit 1)
      union all
      select next.organization_id, n + 1 from before cross join lateral (
        select a.organization_id from live_runs a where a.state = 'accepted' and a.organization_id > before.id and a.organization_id <= p_after
        order by a.organization_id limit 1) next
      where n < p_limit
    )
    select id from (select 1 as side, n, id from behind union all select 2, n, id from before) turns order by side, n limit p_limit);
  if cardinality(v_turns) > 0 then
    v_each := greatest(1, p_limit / cardinality(v_turns));
    v_found := array(
      select x from unnest(v_turns) with ordinality as turns (id, n) cross join lateral (
        select a.* from live_runs a
        where a.state = 'accepted' and a.organization_id = turns.id and a.driver <> 'temporal' and (a.pause_at is null or a.cancel_at is not null)
        order by a.priority, a.run_id limit v_each for no key update skip locked) x
      order by turns.n, x.priority, x.run_id
      limit p_limit);
  end if;
  foreach l in array coalesce(v_lost, '{}') || coalesce(v_found, '{}') loop
    return next engine_take_locked(l, p_holder, 'lane');
  end loop;
  if cardinality(v_turns) >= p_limit or exists (select from unnest(v_found) as t group by t.organization_id having count(*) >= v_each) then
    return next jsonb_build_object('outcome', 'more');
  end if;
end $$;
--> statement-breakpoint

drop function engine_record(uuid, uuid, integer, jsonb);
--> statement-breakpoint
-- Null when fenced. A finished attempt is never changed. The first write of a run that was claimed by a lane says that it begins.
create function engine_record(p_organization uuid, p_run uuid, p_epoch integer, p_steps jsonb, p_begins boolean default false) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_answer jsonb;
begin
  with f as materialized (
    select l.* from live_runs l
    where l.run_id = p_run and l.organization_id = p_organization and l.epoch = p_epoch and l.state = 'running' for no key update
  ), x as materialized (
    select t.* from f cross join jsonb_to_recordset(p_steps) as t (path text, attempt integer, status text, port text, input jsonb, output jsonb,
      error jsonb, input_hash text, blob_hash text, origin_run_id uuid, seq integer, started_at timestamptz, duration_us bigint,
      retry_at timestamptz, model text, input_tokens integer, output_tokens integer, practice boolean, currency text, cost_micros bigint,
      logs jsonb, wait jsonb, response jsonb)
  ), s as (
    insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, error, input_hash, blob_hash, origin_run_id,
        epoch, seq, started_at, duration_us, retry_at, model, input_tokens, output_tokens, practice, currency, cost_micros, logs)
      select f.organization_id, f.run_id, x.path, x.attempt, x.status, x.port, x.input, x.output, x.error, x.input_hash,
        decode(x.blob_hash, 'hex'), x.origin_run_id, f.epoch, x.seq, x.started_at, x.duration_us, x.retry_at, x.model, x.input_tokens,
        x.output_tokens, x.practice, x.currency, coalesce(x.cost_micros, 0), x.logs
      from f cross join x
      on conflict (organization_id, run_id, path, attempt) do update set status = excluded.status, port = excluded.port,
        input = coalesce(excluded.input, run_steps.input), output = excluded.output, error = excluded.error,
        input_hash = coalesce(excluded.input_hash, run_steps.input_hash), blob_hash = excluded.blob_hash, epoch = excluded.epoch,
        seq = excluded.seq, started_at = excluded.started_at, duration_us = excluded.duration_us, retry_at = excluded.retry_at,
        model = excluded.model, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, practice = excluded.practice,
        currency = excluded.currency, cost_micros = excluded.cost_micros, logs = excluded.logs
      where run_steps.status in ('started', 'waiting')
      returning cost_micros, currency
  ), w as (
    insert into run_waits (organization_id, run_id, path, attempt, kind, due_at, detail)
      select f.organization_id, f.run_id, x.path, x.attempt, x.wait ->> 'kind', (x.wait ->> 'dueAt')::timestamptz, x.wait -> 'detail'
      from f cross join x where x.wait is not null
      on conflict do nothing
  ), t as (
    insert into tasks (organization_id, id, run_id, path, attempt, workflow_id, project_id, kind, title, description, facts, assignee_ids, due_at)
      select f.organization_id, new_uuid(), f.run_id, x.path, x.attempt, f.workflow_id, r.project_id, 'approval',
        x.wait -> 'task' ->> 'title', x.wait -> 'task' ->> 'description', x.wait -> 'task' -> 'facts',
        array(select jsonb_array_elements_text(x.wait -> 'task' -> 'assigneeIds')), (x.wait ->> 'dueAt')::timestamptz
      from f cross join x join runs r on r.organization_id = f.organization_id and r.id = f.run_id
      where x.wait ->> 'kind' = 'approval'
      on conflict (organization_id, run_id, path, attempt) do nothing
      returning id
  ), o as (
    insert into outbox (organization_id, kind, ids) select f.organization_id, 'task', array[shown_id('task', t.id)] from f cross join t
      returning seq, ids
  ), a as (
    insert into run_responses (organization_id, run_id, status, headers, body)
      select f.organization_id, f.run_id, (x.response ->> 'status')::integer, x.response -> 'headers', x.response -> 'body'
      from f cross join x where x.response is not null order by x.seq
      on conflict do nothing
  ), b as (
    insert into run_events (organization_id, run_id, id, kind, detail)
      select f.organization_id, f.run_id, new_uuid(), 'taken', jsonb_build_object('from', null, 'host', h.host)
      from f left join holders h on h.id = f.holder_id where p_begins
  ), c as (
    update runs r set cost_micros = r.cost_micros + coalesce(spent.micros, 0), currency = coalesce(spent.currency, r.currency),
        status = case when p_begins then 'running' else r.status end,
        started_at = case when p_begins then coalesce(r.started_at, f.changed_at) else r.started_at end
      from f, (select sum(s.cost_micros)::bigint as micros, min(s.currency) as currency from s where s.cost_micros > 0) spent
      where (p_begins or spent.micros > 0) and r.organization_id = f.organization_id and r.id = f.run_id
  )
  select jsonb_build_object('cancel', f.cancel_at is not null, 'pause', f.pause_at is not null,
      'told', (select jsonb_agg(jsonb_build_object('kind', 'task', 'ids', to_jsonb(o.ids), 'seq', o.seq)) from o))
    into v_answer from f;
  return v_answer;
end $$;
--> statement-breakpoint
drop function engine_wait(uuid, uuid, integer, integer, timestamptz, jsonb);
--> statement-breakpoint
-- waiting | woken | fenced. Refused when something woke the run since it was taken: its holder looks again. A lane hands it over: with
-- the driver `none` it is Temporal's as soon as a start was acknowledged, and the sweep's until then.
create function engine_wait(p_organization uuid, p_run uuid, p_epoch integer, p_wake_seen integer, p_due timestamptz, p_waiting_for jsonb,
    p_driver text default 'temporal')
  returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
  v_now timestamptz;
  v_seq bigint;
begin
  select * into l from live_runs
    where run_id = p_run and organization_id = p_organization and epoch = p_epoch and state = 'running' for no key update;
  if not found then return jsonb_build_object('outcome', 'fenced'); end if;
  v_now := clock_timestamp();
  if l.wake_seq <> p_wake_seen or l.cancel_at is not null then
    update live_runs set state = 'accepted', driver = p_driver, holder_id = null, changed_at = v_now where run_id = p_run;
    return jsonb_build_object('outcome', 'woken');
  end if;
  update live_runs set state = 'waiting', driver = p_driver, holder_id = null, due_at = p_due, crashes = 0, solo_crashes = 0, changed_at = v_now
    where run_id = p_run;
  update runs set status = 'waiting', started_at = coalesce(started_at, l.changed_at), waiting_for = p_waiting_for, steps_done = (
      select count(distinct s.path) from run_steps s where s.organization_id = p_organization and s.run_id = p_run and s.status = 'succeeded')
    where organization_id = p_organization and id = p_run;
  insert into run_events (organization_id, run_id, id, kind, detail) values (p_organization, p_run, new_uuid(), 'waiting', p_waiting_for);
  insert into outbox (organization_id, kind, ids) values (p_organization, 'run', array[shown_id('run', p_run)]) returning seq into v_seq;
  return jsonb_build_object('outcome', 'waiting', 'seq', v_seq);
end $$;
--> statement-breakpoint
-- `more` and `queue` go on at once, `paused` when somebody resumes, `shutdown` elsewhere. A lane hands over to Temporal what is `handed`,
-- and what met an error goes on there too, with longer and longer rests. No crash is counted.
create or replace function engine_give_back(p_run uuid, p_epoch integer, p_reason text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
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
  if p_reason = 'handed' then
    update runs set status = 'running', started_at = coalesce(started_at, clock_timestamp()) where organization_id = l.organization_id and id = p_run
      and status = 'accepted';
  end if;
  return true;
end $$;
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
      where l.state = 'accepted' and (l.pause_at is null or l.cancel_at is not null)
        and l.changed_at < v_now - case when l.driver = 'none' and not v_lanes then interval '5 seconds' else interval '30 seconds' end
        and (l.driver <> 'none' or not v_moves)
      order by l.run_id limit p_limit)
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
--> statement-breakpoint

-- The last steps and the end of a run in one statement and one fence.
create function engine_end(p_organization uuid, p_run uuid, p_epoch integer, p_steps jsonb, p_begins boolean, p_status text, p_output jsonb,
    p_error jsonb, p_signature text) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_recorded jsonb;
  v_end jsonb;
begin
  v_recorded := engine_record(p_organization, p_run, p_epoch, p_steps, p_begins);
  if v_recorded is null then return jsonb_build_object('outcome', 'fenced'); end if;
  v_end := engine_finish(p_organization, p_run, p_epoch, p_status, p_output, p_error, p_signature);
  if jsonb_typeof(v_recorded -> 'told') = 'array' then
    v_end := jsonb_set(v_end, '{told}', (v_recorded -> 'told') || (v_end -> 'told'));
  end if;
  if v_end ->> 'outcome' = 'finished' then v_end := v_end || jsonb_build_object('wake', engine_wakes()); end if;
  return v_end;
end $$;
--> statement-breakpoint
-- Many runs that a lane took and that succeeded in their first slice: steps, answers and ends in one statement. Only for runs that never
-- waited, spent nothing on models, repair nothing, have no parent and no limit of runs at once. `a` is what whoever waits for the answer hears. Answers which
-- runs ended; the others are fenced.
create function engine_succeed(p_runs jsonb, p_host text) returns uuid[]
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_hashjoin = off set enable_mergejoin = off
    set enable_seqscan = off set enable_bitmapscan = off set enable_material = off set plan_cache_mode = force_generic_plan
  as $$
declare
  v_now timestamptz := clock_timestamp();
  v_done uuid[];
  v_told text[];
  v_text text;
begin
  with i as materialized (
    select * from jsonb_to_recordset(p_runs) as t (o uuid, r uuid, e integer, d integer, x jsonb, s jsonb, a text)
  ), f as materialized (
    select l.organization_id, l.run_id, l.epoch, l.changed_at, i.d, i.x, i.s, i.a from i join live_runs l on l.run_id = i.r
    where l.organization_id = i.o and l.epoch = i.e and l.state = 'running' for no key update of l
  ), x as materialized (
    select f.organization_id, f.run_id, f.epoch, t.* from f cross join lateral jsonb_to_recordset(f.s) as t (path text, attempt integer, status text, port text, input jsonb, output jsonb,
      error jsonb, input_hash text, blob_hash text, origin_run_id uuid, seq integer, started_at timestamptz, duration_us bigint,
      retry_at timestamptz, model text, input_tokens integer, output_tokens integer, practice boolean, currency text, cost_micros bigint,
      logs jsonb, wait jsonb, response jsonb)
  ), gone as (
    delete from live_runs l using f where l.run_id = f.run_id
  ), s as (
    insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, error, input_hash, blob_hash, origin_run_id,
        epoch, seq, started_at, duration_us, retry_at, model, input_tokens, output_tokens, practice, currency, cost_micros, logs)
      select x.organization_id, x.run_id, x.path, x.attempt, x.status, x.port, x.input, x.output, x.error, x.input_hash,
        decode(x.blob_hash, 'hex'), x.origin_run_id, x.epoch, x.seq, x.started_at, x.duration_us, x.retry_at, x.model, x.input_tokens,
        x.output_tokens, x.practice, x.currency, coalesce(x.cost_micros, 0), x.logs
      from x
      on conflict (organization_id, run_id, path, attempt) do update set status = excluded.status, port = excluded.port,
        input = coalesce(excluded.input, run_steps.input), output = excluded.output, error = excluded.error,
        input_hash = coalesce(excluded.input_hash, run_steps.input_hash), blob_hash = excluded.blob_hash, epoch = excluded.epoch,
        seq = excluded.seq, started_at = excluded.started_at, duration_us = excluded.duration_us, retry_at = excluded.retry_at,
        model = excluded.model, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, practice = excluded.practice,
        currency = excluded.currency, cost_micros = excluded.cost_micros, logs = excluded.logs
      where run_steps.status in ('started', 'waiting')
  ), a as (
    insert into run_responses (organization_id, run_id, status, headers, body)
      select x.organization_id, x.run_id, (x.response ->> 'status')::integer, x.response -> 'headers', x.response -> 'body'
      from x where x.response is not null order by x.seq
      on conflict do nothing
  ), r as (
    update runs r set status = 'succeeded', output = f.x, waiting_for = null, started_at = coalesce(r.started_at, f.changed_at),
        finished_at = v_now, steps_done = f.d
      from f where r.organization_id = f.organization_id and r.id = f.run_id
      returning r.organization_id, r.id, r.workflow_id, r.currency, r.steps_done, r.started_at
  ), e as (
    insert into run_events (organization_id, run_id, id, kind, detail)
      select r.organization_id, r.id, new_uuid(), 'finished', jsonb_build_object('status', 'succeeded', 'host', p_host) from r
  ), u as (
    insert into usage_hourly as u (organization_id, hour, workflow_id, model, currency, runs, steps, duration_ms)
      select r.organization_id, date_trunc('hour', v_now), r.workflow_id, '', r.currency, count(*), sum(r.steps_done),
        sum(greatest(0, (extract(epoch from v_now - r.started_at) * 1000)::bigint))
      from r group by r.organization_id, r.workflow_id, r.currency order by r.organization_id, r.workflow_id, r.currency
      on conflict (organization_id, hour, workflow_id, model, currency) do update set runs = u.runs + excluded.runs,
        steps = u.steps + excluded.steps, duration_ms = u.duration_ms + excluded.duration_ms
  ), o as (
    insert into outbox (organization_id, kind, ids)
      select r.organization_id, 'run', array_agg(shown_id('run', r.id)) from r group by r.organization_id
      returning organization_id, ids, seq
  )
  select array(select f.run_id from f), array(
      select json_build_object('o', o.organization_id, 'k', 'run', 'i', o.ids, 's', o.seq)::text from o
      union all select json_build_object('o', o.organization_id, 'k', 'step', 'i', o.ids, 's', 0)::text from o)
    into v_done, v_told;
  for v_text in
    select t.a from jsonb_to_recordset(p_runs) as t (r uuid, a text) where t.a is not null and t.r = any (v_done)
  loop
    perform pg_notify('millrace_answers', v_text);
  end loop;
  foreach v_text in array v_told loop
    perform pg_notify('millrace', v_text);
  end loop;
  return v_done;
end $$;
--> statement-breakpoint
-- Calls of webhooks become runs, many in one statement: each belongs to the organization of its token. Whoever asks knows from before what
-- the token leads to; where that is no longer true, or where the call is wanted as test data, the answer leaves it out and nothing
-- happens. Two of one statement never have the same delivery key.
create function accept_deliveries(p_calls jsonb) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_hashjoin = off set enable_mergejoin = off
    set enable_seqscan = off set plan_cache_mode = force_generic_plan
  as $$
declare
  v_answer jsonb;
  v_told text[];
  v_text text;
begin
  with i as materialized (
    select decode(t.t, 'hex') as token_hash, t.v, t.r, t.d, decode(t.k, 'hex') as key_hash
    from jsonb_to_recordset(p_calls) as t (t text, v uuid, r uuid, d jsonb, k text)
  ), c as materialized (
    select i.r, i.d, i.key_hash, e.organization_id, e.id as endpoint_id, e.workflow_id, e.node_id, e.last_called_at, v.id as version_id, v.number,
      w.project_id, o.currency, 'webhook:' || shown_id('hook', e.id) as source
    from i join webhook_endpoints e on e.token_hash = i.token_hash
      join organizations o on o.id = e.organization_id
      join workflows w on w.organization_id = e.organization_id and w.id = e.workflow_id
      join workflow_tags g on g.organization_id = e.organization_id and g.workflow_id = e.workflow_id and g.name = 'live'
      join workflow_versions v on v.organization_id = g.organization_id and v.id = g.version_id
    where e.active and (e.capture_until is null or e.capture_until <= now()) and o.deleted_at is null and w.deleted_at is null
      and g.version_id = i.v
  ), d as (
    insert into run_dedupe as d (organization_id, source, key_hash, run_id, expires_at)
      select c.organization_id, c.source, c.key_hash, c.r, now() + interval '30 days' from c where c.key_hash is not null
      order by c.organization_id, c.source, c.key_hash
      on conflict (organization_id, source, key_hash) do update
        set run_id = case when d.expires_at < now() then excluded.run_id else d.run_id end,
          expires_at = case when d.expires_at < now() then excluded.expires_at else d.expires_at end
      returning organization_id, source, key_hash, run_id
  ), k as materialized (
    select c.*, coalesce(d.run_id, c.r) as accepted_id
    from c left join d on d.organization_id = c.organization_id and d.source = c.source and d.key_hash = c.key_hash
  ), n as materialized (
    select * from k where k.accepted_id = k.r
  ), r as (
    insert into runs (organization_id, id, workflow_id, version_id, version_number, project_id, environment_id, trigger, trigger_node_id,
        trigger_ref, root_id, status, input, currency)
      select n.organization_id, n.r, n.workflow_id, n.version_id, case when n.number > 0 then n.number end, n.project_id,
        (select e.id from environments e where e.organization_id = n.organization_id order by e.id limit 1), 'webhook', n.node_id,
        shown_id('hook', n.endpoint_id), n.r, 'accepted', n.d, n.currency
      from n
  ), l as (
    insert into live_runs (run_id, organization_id, workflow_id, state) select n.r, n.organization_id, n.workflow_id, 'accepted' from n
  ), e as (
    insert into run_events (organization_id, run_id, id, kind) select n.organization_id, n.r, new_uuid(), 'accepted' from n
  ), called as (
    -- At most once a minute: a busy endpoint must not become a hot row.
    update webhook_endpoints e set last_called_at = now() from (select distinct n.organization_id, n.endpoint_id from n
        where n.last_called_at is null or n.last_called_at < now() - interval '1 minute') as named
      where e.organization_id = named.organization_id and e.id = named.endpoint_id
        and (e.last_called_at is null or e.last_called_at < now() - interval '1 minute')
  ), o as (
    insert into outbox (organization_id, kind, ids)
      select n.organization_id, 'run', array_agg(shown_id('run', n.r)) from n group by n.organization_id returning organization_id, ids, seq
  )
  select (select jsonb_object_agg(k.r, k.accepted_id) from k),
      array(select json_build_object('o', o.organization_id, 'k', 'run', 'i', o.ids, 's', o.seq)::text from o)
    into v_answer, v_told;
  foreach v_text in array v_told loop
    perform pg_notify('millrace', v_text);
  end loop;
  if cardinality(v_told) > 0 then perform pg_notify('millrace_lane', ''); end if;
  return coalesce(v_answer, '{}');
end $$;
--> statement-breakpoint
-- What a lane asks for at a time.
create function engine_turn(p_ended jsonb, p_host text, p_holder uuid, p_limit integer, p_after uuid, p_lost boolean, out done uuid[],
    out runs jsonb, out wake jsonb)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  if p_ended is not null then
    done := engine_succeed(p_ended, p_host);
    wake := engine_wakes();
  end if;
  if p_limit > 0 then select jsonb_agg(run) into runs from engine_claim(p_holder, p_limit, p_after, p_lost) as run; end if;
end $$;
--> statement-breakpoint

-- Without a lane: accepted runs that are to be started in Temporal now, each given to one worker.
create function engine_starts(p_limit integer) returns setof uuid
  language sql volatile security definer set search_path = pg_catalog, public, pg_temp
  as $$
  update live_runs set driver = 'temporal', changed_at = clock_timestamp() where run_id = any (array(
    select l.run_id from live_runs l
    where l.state = 'accepted' and l.driver <> 'temporal' and (l.pause_at is null or l.cancel_at is not null)
    order by l.priority, l.run_id limit p_limit for no key update skip locked))
  returning run_id
$$;
--> statement-breakpoint
-- What a holder has, so that it finds what it let fall when an answer of the database was lost.
create function engine_held(p_holder uuid) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select run_id from live_runs where holder_id = p_holder and state = 'running' $$;
--> statement-breakpoint
-- Their start did not work: the sweep tries again.
create function engine_not_driven(p_runs uuid[]) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$ update live_runs set driver = 'none' where run_id = any (p_runs) and state = 'accepted' and driver = 'temporal' $$;
--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array[
    'engine_take_locked(live_runs, uuid, text)',
    'engine_claim(uuid, integer, uuid, boolean)',
    'engine_record(uuid, uuid, integer, jsonb, boolean)',
    'engine_wait(uuid, uuid, integer, integer, timestamptz, jsonb, text)',
    'engine_end(uuid, uuid, integer, jsonb, boolean, text, jsonb, jsonb, text)',
    'engine_succeed(jsonb, text)',
    'engine_turn(jsonb, text, uuid, integer, uuid, boolean)',
    'engine_starts(integer)',
    'engine_held(uuid)',
    'engine_not_driven(uuid[])'
  ] loop
    execute format('alter function public.%s owner to mr_engine', named);
    execute format('revoke execute on function public.%s from public', named);
    execute format('grant execute on function public.%s to mr_worker', named);
  end loop;
  alter function public.accept_deliveries(jsonb) owner to mr_engine;
  revoke execute on function public.accept_deliveries(jsonb) from public;
  grant execute on function public.accept_deliveries(jsonb) to mr_web;
  -- Only the functions above call these.
  revoke execute on function engine_take_locked(live_runs, uuid, text), engine_claim(uuid, integer, uuid, boolean), engine_succeed(jsonb, text)
    from mr_worker;
end $$;
