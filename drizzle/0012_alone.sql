-- A run that executes by itself says so before it begins, and takes it back when the worker lived: only then a crash is its own doing. To
-- be held by a worker that crashed, waiting for its turn, proves nothing.
create function engine_count_alone(p_run uuid, p_epoch integer, p_by integer) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  update live_runs set solo_crashes = greatest(solo_crashes + p_by, 0) where run_id = p_run and epoch = p_epoch and state = 'running';
  return found;
end $$;
--> statement-breakpoint
alter function public.engine_count_alone(uuid, integer, integer) owner to mr_engine;
--> statement-breakpoint
revoke execute on function public.engine_count_alone(uuid, integer, integer) from public;
--> statement-breakpoint
grant execute on function public.engine_count_alone(uuid, integer, integer) to mr_worker;
--> statement-breakpoint
create or replace function engine_take_locked(l live_runs, p_holder uuid, p_driver text) returns jsonb
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
  -- A crash is a lease that ran out. Whether it was this run's own doing was written down before it began by itself.
  update live_runs set state = 'running', driver = p_driver, epoch = epoch + 1, holder_id = p_holder, wake_seen = wake_seq,
      crashes = crashes + v_moved::integer, changed_at = v_now
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
