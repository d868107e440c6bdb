-- Parts of loops that stand as this holder's although it has none but `p_mine` in hand: the answer to its taking, ending or giving back was
-- lost. While it lives nobody else may take them, and nobody asks it for them. They are anybody's again, and nobody's crash. Answers whose
-- run they belong to.
create function engine_free_chunks(p_holder uuid, p_mine text[]) returns setof uuid
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_runs uuid[];
begin
  select array_agg(distinct c.run_id) into v_runs from run_chunks c
    where c.holder_id = p_holder and c.state = 'held' and (shown_id('run', c.run_id) || '/' || c.path || '#' || c.no) <> all (p_mine);
  if v_runs is null then return; end if;
  perform from live_runs where run_id = any (v_runs) order by run_id for no key update;
  return query
  with freed as (
    update run_chunks c set state = 'free', holder_id = null, changed_at = clock_timestamp()
      where c.run_id = any (v_runs) and c.holder_id = p_holder and c.state = 'held'
        and (shown_id('run', c.run_id) || '/' || c.path || '#' || c.no) <> all (p_mine)
      returning c.run_id
  )
  select distinct f.run_id from freed f;
end $$;
--> statement-breakpoint
alter function public.engine_free_chunks(uuid, text[]) owner to mr_engine;
revoke execute on function public.engine_free_chunks(uuid, text[]) from public;
grant execute on function public.engine_free_chunks(uuid, text[]) to mr_worker;
