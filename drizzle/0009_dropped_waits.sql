-- What a run no longer waits for, because what it was part of ended first: closed like at the end of a run. Null when fenced.
create function engine_drop_waits(p_organization uuid, p_run uuid, p_epoch integer, p_paths jsonb) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_now timestamptz;
  v_told jsonb;
begin
  perform from live_runs
    where run_id = p_run and organization_id = p_organization and epoch = p_epoch and state = 'running' for no key update;
  if not found then return null; end if;
  v_now := clock_timestamp();
  update run_waits set settled_at = v_now, settled_by = 'end'
    where organization_id = p_organization and run_id = p_run and settled_at is null
      and path in (select jsonb_array_elements_text(p_paths));
  with t as (
    update tasks set state = 'cancelled', decided_at = v_now
      where organization_id = p_organization and run_id = p_run and state = 'open' and path in (select jsonb_array_elements_text(p_paths))
      returning id
  ), o as (
    insert into outbox (organization_id, kind, ids) select p_organization, 'task', array[shown_id('task', t.id)] from t returning seq, kind, ids
  ) select coalesce(jsonb_agg(jsonb_build_object('kind', o.kind, 'ids', to_jsonb(o.ids), 'seq', o.seq)), '[]') into v_told from o;
  return v_told;
end $$;
--> statement-breakpoint
alter function public.engine_drop_waits(uuid, uuid, integer, jsonb) owner to mr_engine;
--> statement-breakpoint
revoke execute on function public.engine_drop_waits(uuid, uuid, integer, jsonb) from public;
--> statement-breakpoint
grant execute on function public.engine_drop_waits(uuid, uuid, integer, jsonb) to mr_worker;
