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
