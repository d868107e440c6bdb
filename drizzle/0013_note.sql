-- What engine_record does for steps of a run that has begun, where none of them waits, answers or cost anything: most of them. It costs
-- half as much, and each effect waits for it. Null when fenced. A finished attempt is never changed.
create function engine_note(p_organization uuid, p_run uuid, p_epoch integer, p_steps jsonb) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_cancel boolean;
  v_pause boolean;
begin
  select l.cancel_at is not null, l.pause_at is not null into v_cancel, v_pause from live_runs l
    where l.run_id = p_run and l.organization_id = p_organization and l.epoch = p_epoch and l.state = 'running' for no key update;
  if not found then return null; end if;
  insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, error, input_hash, blob_hash, origin_run_id,
      epoch, seq, started_at, duration_us, retry_at, logs)
    select p_organization, p_run, x.path, x.attempt, x.status, x.port, x.input, x.output, x.error, x.input_hash,
      decode(x.blob_hash, 'hex'), x.origin_run_id, p_epoch, x.seq, x.started_at, x.duration_us, x.retry_at, x.logs
    from jsonb_to_recordset(p_steps) as x (path text, attempt integer, status text, port text, input jsonb, output jsonb, error jsonb,
      input_hash text, blob_hash text, origin_run_id uuid, seq integer, started_at timestamptz, duration_us bigint, retry_at timestamptz,
      logs jsonb)
    on conflict (organization_id, run_id, path, attempt) do update set status = excluded.status, port = excluded.port,
      input = coalesce(excluded.input, run_steps.input), output = excluded.output, error = excluded.error,
      input_hash = coalesce(excluded.input_hash, run_steps.input_hash), blob_hash = excluded.blob_hash, epoch = excluded.epoch,
      seq = excluded.seq, started_at = excluded.started_at, duration_us = excluded.duration_us, retry_at = excluded.retry_at,
      logs = excluded.logs
    where run_steps.status in ('started', 'waiting');
  return jsonb_build_object('cancel', v_cancel, 'pause', v_pause, 'told', null);
end $$;
--> statement-breakpoint
alter function public.engine_note(uuid, uuid, integer, jsonb) owner to mr_engine;
--> statement-breakpoint
revoke execute on function public.engine_note(uuid, uuid, integer, jsonb) from public;
--> statement-breakpoint
grant execute on function public.engine_note(uuid, uuid, integer, jsonb) to mr_worker;
