-- A call that a lane has room for stands as that lane's from the moment on in which it is accepted: it is written once, and what the lane
-- hears of it is what was written. Who watches hears of it with its first step, or with its end: mostly that is a moment later.
create or replace function accept_deliveries(p_calls jsonb) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_hashjoin = off set enable_mergejoin = off
    set enable_seqscan = off set plan_cache_mode = force_generic_plan
  as $$
declare
  v_answer jsonb;
  v_told text[];
  v_handed text[];
  v_accepted integer;
  v_text text;
  v_now timestamptz := clock_timestamp();
  v_holder uuid;
  v_room integer;
begin
  -- The lane with the most room, unless runs wait for their turn.
  select h.id, h.room - held.runs into v_holder, v_room
    from holders h cross join lateral (
      select count(*)::integer as runs from live_runs x where x.holder_id = h.id and x.state = 'running') held
    where h.room > held.runs and least(h.room_until, h.lease_until) > v_now and not exists (
      select from (select * from live_runs w where w.state = 'accepted' limit 20) w
      where w.driver <> 'temporal' and (w.pause_at is null or w.cancel_at is not null))
    order by h.room - held.runs desc, random() limit 1;
  if v_holder is null or pg_try_advisory_xact_lock_shared(lane_key(v_holder)) then v_room := 0; end if;
  with i as materialized (
    select decode(t.t, 'hex') as token_hash, t.v, t.r, t.d, decode(t.k, 'hex') as key_hash
    from jsonb_to_recordset(p_calls) as t (t text, v uuid, r uuid, d jsonb, k text)
  ), c as materialized (
    select i.r, i.d, i.key_hash, e.organization_id, e.id as endpoint_id, e.workflow_id, e.node_id, e.last_called_at, v.id as version_id, v.number,
      w.project_id, w.name, o.time_zone, o.currency, 'webhook:' || shown_id('hook', e.id) as source
    from i
      -- One after the other by its key: of thousands of endpoints and live versions no other is looked at.
      cross join lateral (select * from webhook_endpoints e where e.token_hash = i.token_hash limit 1) e
      cross join lateral (select * from organizations o where o.id = e.organization_id limit 1) o
      cross join lateral (select * from workflows w where w.organization_id = e.organization_id and w.id = e.workflow_id limit 1) w
      cross join lateral (
        select * from workflow_tags g where g.organization_id = e.organization_id and g.workflow_id = e.workflow_id
          and g.name = 'live' and g.version_id = i.v limit 1) g
      cross join lateral (select * from workflow_versions v where v.organization_id = g.organization_id and v.id = g.version_id limit 1) v
    where e.active and (e.capture_until is null or e.capture_until <= now()) and o.deleted_at is null and w.deleted_at is null
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
    select k.*, row_number() over (order by k.r) <= v_room as handed,
      (select e.id from environments e where e.organization_id = k.organization_id order by e.id limit 1) as environment_id
    from k where k.accepted_id = k.r
  ), r as (
    insert into runs (organization_id, id, workflow_id, version_id, version_number, project_id, environment_id, trigger, trigger_node_id,
        trigger_ref, root_id, status, input, currency)
      select n.organization_id, n.r, n.workflow_id, n.version_id, case when n.number > 0 then n.number end, n.project_id,
        n.environment_id, 'webhook', n.node_id,
        shown_id('hook', n.endpoint_id), n.r, 'accepted', n.d, n.currency
      from n
  ), l as (
    insert into live_runs (run_id, organization_id, workflow_id, state, driver, holder_id, epoch, changed_at)
      select n.r, n.organization_id, n.workflow_id, case when n.handed then 'running' else 'accepted' end,
        case when n.handed then 'lane' else 'none' end, case when n.handed then v_holder end, n.handed::integer, v_now
      from n
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
      select n.organization_id, 'run', array_agg(shown_id('run', n.r)) from n where not n.handed group by n.organization_id
      returning organization_id, ids, seq
  )
  select (select jsonb_object_agg(k.r, k.accepted_id) from k),
      array(select json_build_object('o', o.organization_id, 'k', 'run', 'i', o.ids, 's', o.seq)::text from o), (select count(*) from n),
      -- What engine_take_locked says of a run that it took.
      array(select jsonb_build_object(
          'outcome', 'taken', 'runId', n.r, 'begun', false, 'child', false, 'limited', false, 'organizationId', n.organization_id, 'epoch', 1,
          'wakeSeq', 0, 'cancel', false, 'cancelReason', null, 'moved', false, 'crashes', 0, 'soloCrashes', 0, 'stepped', false,
          'workflowId', n.workflow_id, 'workflowName', n.name, 'timeZone', n.time_zone, 'currency', n.currency,
          'versionId', n.version_id, 'versionNumber', case when n.number > 0 then n.number end, 'projectId', n.project_id,
          'environmentId', n.environment_id, 'trigger', 'webhook', 'triggerNodeId', n.node_id, 'rootId', n.r, 'generation', 0,
          'input', n.d, 'startedAt', v_now)::text from n where n.handed order by n.r)
    into v_answer, v_told, v_accepted, v_handed;
  foreach v_text in array v_told loop
    perform pg_notify('millrace', v_text);
  end loop;
  foreach v_text in array v_handed loop
    if octet_length(v_text) > 7900 then v_text := jsonb_build_object('runId', v_text::jsonb -> 'runId')::text; end if;
    perform pg_notify('millrace_lane_' || replace(v_holder::text, '-', ''), v_text);
  end loop;
  if cardinality(v_handed) < v_accepted then perform pg_notify('millrace_lane', ''); end if;
  return coalesce(v_answer, '{}');
end $$;
--> statement-breakpoint
drop function engine_hand(uuid[]);
--> statement-breakpoint

-- What is told of runs that ended comes out of the statement that ends them, and whom to wake is asked only where somebody is.
create or replace function engine_succeed(p_runs jsonb, p_host text) returns uuid[]
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_hashjoin = off set enable_mergejoin = off
    set enable_seqscan = off set enable_bitmapscan = off set enable_material = off set plan_cache_mode = force_generic_plan
  as $$
declare
  v_now timestamptz := clock_timestamp();
  v_done uuid[];
  v_told text[];
  v_answers text[];
  v_first uuid := '00000000-0000-0000-0000-000000000000';
  v_last uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  v_text text;
begin
  -- One run stands in one month's table: the others need not be opened.
  if jsonb_array_length(p_runs) = 1 then
    v_first := p_runs -> 0 ->> 'r';
    v_last := v_first;
  end if;
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
      from f where r.organization_id = f.organization_id and r.id = f.run_id and r.id between v_first and v_last
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
      union all select json_build_object('o', o.organization_id, 'k', 'step', 'i', o.ids, 's', 0)::text from o),
      array(select f.a from f where f.a is not null)
    into v_done, v_told, v_answers;
  foreach v_text in array v_answers loop
    perform pg_notify('millrace_answers', v_text);
  end loop;
  foreach v_text in array v_told loop
    perform pg_notify('millrace', v_text);
  end loop;
  return v_done;
end $$;
--> statement-breakpoint
create or replace function engine_turn(p_ended jsonb, p_host text, p_holder uuid, p_limit integer, p_after uuid, p_lost boolean, out done uuid[],
    out runs jsonb, out wake jsonb)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  if p_ended is not null then
    done := engine_succeed(p_ended, p_host);
    if current_setting('millrace.wake', true) <> '' then wake := engine_wakes(); end if;
  end if;
  if p_limit > 0 then select jsonb_agg(run) into runs from engine_claim(p_holder, p_limit, p_after, p_lost) as run; end if;
end $$;
--> statement-breakpoint

-- The first steps tell that the run is there.
create or replace function engine_record(p_organization uuid, p_run uuid, p_epoch integer, p_steps jsonb, p_begins boolean default false) returns jsonb
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
      returning kind, seq, ids
  ), n as (
    insert into outbox (organization_id, kind, ids) select f.organization_id, 'run', array[shown_id('run', f.run_id)] from f where p_begins
      returning kind, seq, ids
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
      'told', (select jsonb_agg(jsonb_build_object('kind', t.kind, 'ids', to_jsonb(t.ids), 'seq', t.seq))
        from (select * from o union all select * from n) t))
    into v_answer from f;
  return v_answer;
end $$;
