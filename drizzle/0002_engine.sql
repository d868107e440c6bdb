-- The engine's functions. Each write to a run is fenced by locking its live row at the epoch of whoever holds it: a take-over waits
-- for a write that has begun and sees it, a late write finds no row and writes nothing.

create function new_uuid() returns uuid
  language sql volatile
  as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;
grant execute on function new_uuid() to mr_engine, mr_web, mr_worker;
--> statement-breakpoint
create function shown_id(p_prefix text, p_id uuid) returns text
  language sql immutable strict
  as $$ select p_prefix || '_' || replace(p_id::text, '-', '') $$;
grant execute on function shown_id(text, uuid) to mr_engine, mr_web, mr_worker;
--> statement-breakpoint

-- taken | held | waiting | paused | gone. Succeeds for an accepted run, for one whose holder's lease is over, and for a waiting one
-- that was woken or is due. Takes back what this same holder let fall: the caller never takes what it has in hand.
create function engine_take(p_run uuid, p_holder uuid) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
  r runs;
  v_now timestamptz;
  v_lease timestamptz;
  v_moved boolean := false;
  v_from text;
  v_settled integer;
begin
  select * into l from live_runs where run_id = p_run for no key update;
  if not found then return jsonb_build_object('outcome', 'gone'); end if;
  v_now := clock_timestamp();
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
  update live_runs set state = 'running', driver = 'temporal', epoch = epoch + 1, holder_id = p_holder, wake_seen = wake_seq,
      crashes = crashes + v_moved::integer, solo_crashes = solo_crashes + (v_moved and crashes > 0)::integer, changed_at = v_now
    where run_id = p_run returning * into l;
  if r.status <> 'running' or v_moved then
    update runs set status = 'running', started_at = coalesce(started_at, v_now), waiting_for = null, moves = moves + v_moved::integer
      where organization_id = l.organization_id and id = p_run returning * into r;
  end if;
  if v_moved or r.started_at = v_now then
    insert into run_events (organization_id, run_id, id, kind, detail)
      values (l.organization_id, p_run, new_uuid(), case when v_moved then 'moved' else 'taken' end,
        jsonb_build_object('from', v_from, 'host', (select host from holders where id = p_holder)));
  end if;
  return jsonb_build_object(
    'outcome', 'taken', 'organizationId', l.organization_id, 'epoch', l.epoch, 'wakeSeq', l.wake_seq, 'cancel', l.cancel_at is not null,
    'cancelReason', l.cancel_reason, 'moved', v_moved, 'crashes', l.crashes, 'soloCrashes', l.solo_crashes,
    'stepped', l.epoch > 1 or r.replay_of_id is not null, 'workflowId', r.workflow_id,
    'workflowName', (select name from workflows where organization_id = r.organization_id and id = r.workflow_id),
    'timeZone', (select time_zone from organizations where id = r.organization_id),
    'currency', (select currency from organizations where id = r.organization_id),
    'versionId', r.version_id, 'versionNumber', r.version_number, 'projectId', r.project_id, 'environmentId', r.environment_id,
    'trigger', r.trigger, 'triggerNodeId', r.trigger_node_id, 'rootId', r.root_id, 'generation', r.generation, 'input', r.input,
    'startedAt', r.started_at);
end $$;
--> statement-breakpoint

-- The newest attempt of each path.
create function engine_steps(p_organization uuid, p_run uuid)
  returns table (path text, attempt integer, status text, port text, input jsonb, output jsonb, error jsonb, input_hash text, blob_hash text,
    origin_run_id uuid, seq integer, started_at timestamptz, duration_us bigint, retry_at timestamptz, model text, input_tokens integer,
    output_tokens integer, practice boolean, currency text, cost_micros bigint)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select distinct on (s.path) s.path, s.attempt, s.status, s.port,
    case when s.status in ('succeeded', 'skipped') then null else s.input end, s.output, s.error, s.input_hash, encode(s.blob_hash, 'hex'),
    s.origin_run_id, s.seq, s.started_at, s.duration_us, s.retry_at, s.model, s.input_tokens, s.output_tokens, s.practice, s.currency,
    s.cost_micros
  from run_steps s where s.organization_id = p_organization and s.run_id = p_run
  order by s.path, s.attempt desc
$$;
--> statement-breakpoint
create function engine_settled_waits(p_organization uuid, p_run uuid)
  returns table (path text, attempt integer, kind text, settled_by text, result jsonb)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select w.path, w.attempt, w.kind, w.settled_by, w.result from run_waits w
  where w.organization_id = p_organization and w.run_id = p_run and w.settled_at is not null
$$;
--> statement-breakpoint

-- Null when fenced. A finished attempt is never changed.
create function engine_record(p_organization uuid, p_run uuid, p_epoch integer, p_steps jsonb) returns jsonb
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
      logs jsonb, wait jsonb)
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
  ), c as (
    update runs r set cost_micros = r.cost_micros + spent.micros, currency = spent.currency
      from f, (select sum(s.cost_micros)::bigint as micros, min(s.currency) as currency from s where s.cost_micros > 0) spent
      where spent.micros > 0 and r.organization_id = f.organization_id and r.id = f.run_id
  )
  select jsonb_build_object('cancel', f.cancel_at is not null, 'pause', f.pause_at is not null,
      'told', (select jsonb_agg(jsonb_build_object('kind', 'task', 'ids', to_jsonb(o.ids), 'seq', o.seq)) from o))
    into v_answer from f;
  return v_answer;
end $$;
--> statement-breakpoint

-- waiting | woken | fenced. Refused when something woke the run since it was taken: its holder looks again.
create function engine_wait(p_organization uuid, p_run uuid, p_epoch integer, p_wake_seen integer, p_due timestamptz, p_waiting_for jsonb)
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
    update live_runs set state = 'accepted', holder_id = null, changed_at = v_now where run_id = p_run;
    return jsonb_build_object('outcome', 'woken');
  end if;
  update live_runs set state = 'waiting', driver = 'temporal', holder_id = null, due_at = p_due, crashes = 0, solo_crashes = 0, changed_at = v_now
    where run_id = p_run;
  update runs set status = 'waiting', waiting_for = p_waiting_for, steps_done = (
      select count(distinct s.path) from run_steps s where s.organization_id = p_organization and s.run_id = p_run and s.status = 'succeeded')
    where organization_id = p_organization and id = p_run;
  insert into run_events (organization_id, run_id, id, kind, detail) values (p_organization, p_run, new_uuid(), 'waiting', p_waiting_for);
  insert into outbox (organization_id, kind, ids) values (p_organization, 'run', array[shown_id('run', p_run)]) returning seq into v_seq;
  return jsonb_build_object('outcome', 'waiting', 'seq', v_seq);
end $$;
--> statement-breakpoint

-- The run ends: its live row goes, what it waited for is closed, and a dead letter opens or closes, all in one transaction.
create function engine_finish(p_organization uuid, p_run uuid, p_epoch integer, p_status text, p_output jsonb, p_error jsonb, p_signature text)
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

  -- A child's end settles what its parent waits for.
  if r.parent_run_id is not null then
    perform from live_runs where run_id = r.parent_run_id for no key update;
    update run_waits set settled_at = v_now, settled_by = 'child', result = jsonb_build_object('runId', shown_id('run', p_run), 'status', v_status)
      where organization_id = p_organization and run_id = r.parent_run_id and path = r.parent_path and settled_at is null;
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

-- `more` and `queue` go on at once, `paused` when somebody resumes, `shutdown` and `error` elsewhere. No crash is counted.
create function engine_give_back(p_run uuid, p_epoch integer, p_reason text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
begin
  update live_runs set state = 'accepted', holder_id = null, changed_at = clock_timestamp(),
      driver = case when p_reason in ('more', 'queue') then driver else 'none' end,
      crashes = case when p_reason in ('more', 'queue', 'paused') then 0 else crashes end,
      solo_crashes = case when p_reason in ('more', 'queue', 'paused') then 0 else solo_crashes end
    where run_id = p_run and epoch = p_epoch and state = 'running' returning * into l;
  if not found then return false; end if;
  if p_reason in ('shutdown', 'paused') then
    update runs set status = case when p_reason = 'paused' then 'waiting' else 'accepted' end,
        waiting_for = case when p_reason = 'paused' then jsonb_build_object('kind', 'pause', 'path', null, 'dueAt', null) end
      where organization_id = l.organization_id and id = p_run;
  end if;
  return true;
end $$;
--> statement-breakpoint

-- Renews a holder's lease for ten seconds. Answers whether it was over before, and the runs in hand that somebody cancels or pauses.
create function engine_renew(p_holder uuid, p_kind text, p_host text, p_pid integer, p_build text) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_before timestamptz;
  v_now timestamptz := clock_timestamp();
begin
  select lease_until into v_before from holders where id = p_holder for update;
  insert into holders (id, kind, host, pid, build, lease_until) values (p_holder, p_kind, p_host, p_pid, p_build, v_now + interval '10 seconds')
    on conflict (id) do update set lease_until = excluded.lease_until;
  return jsonb_build_object(
    'wasOver', coalesce(v_before < v_now, false),
    'stops', coalesce((select jsonb_agg(jsonb_build_object('runId', shown_id('run', l.run_id), 'cancel', l.cancel_at is not null))
      from live_runs l where l.holder_id = p_holder and l.state = 'running' and (l.cancel_at is not null or l.pause_at is not null)), '[]'),
    'held', case when v_before < v_now then coalesce((select jsonb_agg(shown_id('run', l.run_id))
      from live_runs l where l.holder_id = p_holder and l.state = 'running'), '[]') end);
end $$;
--> statement-breakpoint
create function engine_release_holder(p_holder uuid) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  delete from holders h where h.id = p_holder and not exists (select from live_runs l where l.holder_id = h.id and l.state = 'running')
$$;
--> statement-breakpoint

-- Runs that nobody moves although they could move, for one worker at a time; null when another sweeps. A mere backlog is left alone.
create function engine_sweep(p_limit integer) returns table (run_id uuid, reason text)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
#variable_conflict use_column
declare
  v_now timestamptz := clock_timestamp();
begin
  if not pg_try_advisory_xact_lock(hashtextextended('millrace:sweep', 0)) then return; end if;
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
        and l.changed_at < v_now - case when l.driver = 'none' then interval '5 seconds' else interval '30 seconds' end
      order by l.run_id limit p_limit)
    union all
    (select l.run_id, 'lease' from live_runs l left join holders h on h.id = l.holder_id
      where l.state = 'running' and (h.id is null or h.lease_until < v_now) and l.changed_at < v_now - interval '5 seconds' limit p_limit)
  ), touched as (
    -- Looked at again only after the same time has passed.
    update live_runs l set changed_at = v_now from found f where l.run_id = f.run_id returning l.run_id
  )
  select f.run_id, f.reason from found f join touched t on t.run_id = f.run_id;
end $$;
--> statement-breakpoint
-- The start of these runs was acknowledged by Temporal.
create function engine_driven(p_runs uuid[]) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$ update live_runs set driver = 'temporal' where run_id = any (p_runs) and driver = 'none' $$;
--> statement-breakpoint
-- Every unfinished run, in pages, for the comparison with Temporal.
create function engine_unfinished(p_after uuid, p_limit integer) returns table (run_id uuid, state text)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select l.run_id, l.state from live_runs l where (p_after is null or l.run_id > p_after) order by l.run_id limit p_limit
$$;
--> statement-breakpoint
create function engine_schedules(p_after uuid, p_limit integer)
  returns table (organization_id uuid, id uuid, cron text, time_zone text, paused boolean, overlap text, catch_up_seconds integer, revision integer,
    mirrored_revision integer, deleted boolean, updated_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select s.organization_id, s.id, s.cron, s.time_zone, s.paused, s.overlap, s.catch_up_seconds, s.revision, s.mirrored_revision,
    s.deleted_at is not null or w.deleted_at is not null or o.deleted_at is not null, s.updated_at
  from schedules s join workflows w on w.organization_id = s.organization_id and w.id = s.workflow_id join organizations o on o.id = s.organization_id
  where p_after is null or s.id > p_after order by s.id limit p_limit
$$;
--> statement-breakpoint
create function engine_find_schedule(p_schedule uuid) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select organization_id from schedules where id = p_schedule $$;
--> statement-breakpoint
create function engine_find_run(p_run uuid) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select organization_id from live_runs where run_id = p_run $$;
--> statement-breakpoint
-- Age in seconds of the oldest thing that could move and does not; 0 when nothing is late.
create function engine_oldest_due() returns integer
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select coalesce(max(late), 0)::integer from (
    select extract(epoch from now() - min(l.changed_at)) as late from live_runs l
      where l.state = 'accepted' and (l.pause_at is null or l.cancel_at is not null)
    union all
    select extract(epoch from now() - min(l.due_at)) from live_runs l where l.state = 'waiting' and l.due_at < now() and l.pause_at is null
  ) as waits
$$;
--> statement-breakpoint
-- What has had its time: old news, old delivery ids, runs past their keep-days, holders that are long gone.
create function engine_tidy() returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_count integer := 0;
  v_some integer;
begin
  delete from outbox where seq in (select seq from outbox where at < now() - interval '7 days' order by seq limit 5000);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  delete from run_dedupe d where (d.organization_id, d.source, d.key_hash) in (
    select e.organization_id, e.source, e.key_hash from run_dedupe e where e.expires_at < now() order by e.expires_at limit 5000);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  -- Finished runs that had their workflow's keep-days; not one that a dead letter still needs.
  with old as materialized (
    select r.organization_id, r.id from workflows w cross join lateral (
      select x.organization_id, x.id from runs x
      where x.organization_id = w.organization_id and x.workflow_id = w.id and x.id < first_uuid_of(now() - make_interval(days => w.keep_days))
        and x.finished_at < now() - make_interval(days => w.keep_days)
        and not exists (select from dead_letters d where d.organization_id = x.organization_id and d.state in ('open', 'retried')
          and (d.run_id = x.id or d.retry_run_id = x.id))
      order by x.id limit 200) r
    limit 1000
  ), s as (delete from run_steps d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), e as (delete from run_events d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), t as (delete from run_waits d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), p as (delete from run_responses d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ), k as (delete from tasks d using old where d.organization_id = old.organization_id and d.run_id = old.id
  ) delete from runs d using old where d.organization_id = old.organization_id and d.id = old.id;
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  delete from holders h where h.lease_until < now() - interval '1 hour' and not exists (select from live_runs l where l.holder_id = h.id);
  get diagnostics v_some = row_count; v_count := v_count + v_some;
  return v_count;
end $$;
--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array[
    'engine_take(uuid, uuid)',
    'engine_steps(uuid, uuid)',
    'engine_settled_waits(uuid, uuid)',
    'engine_record(uuid, uuid, integer, jsonb)',
    'engine_wait(uuid, uuid, integer, integer, timestamptz, jsonb)',
    'engine_finish(uuid, uuid, integer, text, jsonb, jsonb, text)',
    'engine_give_back(uuid, integer, text)',
    'engine_renew(uuid, text, text, integer, text)',
    'engine_release_holder(uuid)',
    'engine_sweep(integer)',
    'engine_driven(uuid[])',
    'engine_unfinished(uuid, integer)',
    'engine_schedules(uuid, integer)',
    'engine_find_schedule(uuid)',
    'engine_find_run(uuid)',
    'engine_oldest_due()',
    'engine_tidy()'
  ] loop
    execute format('alter function public.%s owner to mr_engine', named);
    execute format('revoke execute on function public.%s from public', named);
    execute format('grant execute on function public.%s to mr_worker', named);
  end loop;
end $$;
--> statement-breakpoint
grant execute on function engine_driven(uuid[]), engine_oldest_due() to mr_web;
--> statement-breakpoint
grant execute on function first_uuid_of(timestamptz) to mr_engine;
