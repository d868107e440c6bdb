-- Lets a test go on that is held before a step. What was changed of steps that it went through, `[{path, output}]`, is put in their place: a
-- test's results are nobody's history. Answers `released`, `ended` where the run is over, and `gone` where it is not held there any more.
-- Rights were checked before.
create function release_break(p_run uuid, p_path text, p_result jsonb, p_outputs jsonb, p_actor text) returns text
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
begin
  select * into l from live_runs where run_id = p_run and organization_id = current_organization() for no key update;
  if not found or l.cancel_at is not null then return 'ended'; end if;
  if not exists (select from runs where organization_id = l.organization_id and id = p_run and trigger = 'test') then return 'gone'; end if;
  update run_waits set settled_at = clock_timestamp(), settled_by = 'person', result = p_result
    where organization_id = l.organization_id and run_id = p_run and path = p_path and attempt = 0 and kind = 'break' and settled_at is null;
  if not found then return 'gone'; end if;
  -- The step has not begun: nothing of it stands in the log.
  delete from run_steps where organization_id = l.organization_id and run_id = p_run and path = p_path and attempt = 0 and status = 'waiting';
  update run_steps s set output = o.output, blob_hash = null, epoch = l.epoch
    from jsonb_to_recordset(p_outputs) as o(path text, output jsonb)
    where s.organization_id = l.organization_id and s.run_id = p_run and s.path = o.path and s.status = 'succeeded';
  update live_runs set wake_seq = wake_seq + 1 where run_id = p_run;
  insert into run_events (organization_id, run_id, id, kind, actor_id, detail)
    values (l.organization_id, p_run, new_uuid(), 'decided', p_actor, jsonb_build_object('path', p_path));
  return 'released';
end $$;
--> statement-breakpoint
alter function release_break(uuid, text, jsonb, jsonb, text) owner to mr_engine;
revoke execute on function release_break(uuid, text, jsonb, jsonb, text) from public;
grant execute on function release_break(uuid, text, jsonb, jsonb, text) to mr_web;
