-- A run that comes while a lane has room for it is handed to that lane in the statement that accepts it: one round trip and one commit
-- less than a claim. What was handed and not heard of, the lane finds by itself; what a lane has no room for is claimed as before.
ALTER TABLE "holders" ADD COLUMN "room" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "holders" ADD COLUMN "room_until" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
-- A lane holds this lock as long as its process lives: a lease says so only seconds later.
create function lane_key(p_holder uuid) returns bigint
  language sql immutable parallel safe
  as $$ select hashtextextended('lane ' || p_holder, 0) $$;
--> statement-breakpoint

-- Asked by a lane every second over one connection: says how much it has room for, and hears what stands as its own. A lane that did not
-- ask for three seconds may be deaf, and nothing is handed to it.
create function engine_tend(p_holder uuid, p_room integer) returns setof uuid
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  if current_setting('millrace.lane', true) is distinct from p_holder::text and pg_try_advisory_lock(lane_key(p_holder)) then
    perform set_config('millrace.lane', p_holder::text, false);
  end if;
  update holders set room = p_room, room_until = clock_timestamp() + interval '3 seconds' where id = p_holder;
  return query select l.run_id from live_runs l where l.holder_id = p_holder and l.state = 'running';
end $$;
--> statement-breakpoint

-- Hands runs that were just accepted to the lane with the most room, unless others wait for their turn; the rest is left for whoever claims
-- it. A notification holds less than 8,000 bytes: of a larger run it has only the id.
create function engine_hand(p_runs uuid[]) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
  as $$
declare
  l live_runs;
  v_holder uuid;
  v_room integer;
  v_text text;
  v_handed integer := 0;
begin
  if not exists (
    select from (select * from live_runs w where w.state = 'accepted' limit cardinality(p_runs) + 20) w
    where w.run_id <> all (p_runs) and w.driver <> 'temporal' and (w.pause_at is null or w.cancel_at is not null)
  ) then
    select h.id, h.room - held.runs into v_holder, v_room
      from holders h cross join lateral (
        select count(*)::integer as runs from live_runs x where x.holder_id = h.id and x.state = 'running') held
      where h.room > held.runs and least(h.room_until, h.lease_until) > clock_timestamp()
      order by h.room - held.runs desc, random() limit 1;
  end if;
  if v_holder is not null and not pg_try_advisory_xact_lock_shared(lane_key(v_holder)) then
    for l in select x.* from live_runs x where x.run_id = any (p_runs) and x.state = 'accepted' order by x.run_id limit v_room loop
      v_text := engine_take_locked(l, v_holder, 'lane')::text;
      if octet_length(v_text) > 7900 then v_text := jsonb_build_object('runId', l.run_id)::text; end if;
      perform pg_notify('millrace_lane_' || replace(v_holder::text, '-', ''), v_text);
      v_handed := v_handed + 1;
    end loop;
  end if;
  if v_handed < cardinality(p_runs) then perform pg_notify('millrace_lane', ''); end if;
end $$;
--> statement-breakpoint

create or replace function accept_deliveries(p_calls jsonb) returns jsonb
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
  if cardinality(v_told) > 0 then
    perform engine_hand(array(select asked::uuid from jsonb_each_text(v_answer) as t (asked, given) where asked = given));
  end if;
  return coalesce(v_answer, '{}');
end $$;
--> statement-breakpoint

-- Given up when nothing is in hand any more: what was handed over meanwhile has not begun and is anybody's again.
create or replace function engine_release_holder(p_holder uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  update live_runs l set state = 'accepted', holder_id = null, driver = 'none', changed_at = clock_timestamp()
    where l.holder_id = p_holder and l.state = 'running' and exists (
      select from runs r where r.organization_id = l.organization_id and r.id = l.run_id and r.status = 'accepted');
  if found then perform pg_notify('millrace_lane', ''); end if;
  delete from holders h where h.id = p_holder and not exists (select from live_runs l where l.holder_id = h.id and l.state = 'running');
end $$;
--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array['lane_key(uuid)', 'engine_tend(uuid, integer)', 'engine_hand(uuid[])'] loop
    execute format('alter function public.%s owner to mr_engine', named);
    execute format('revoke execute on function public.%s from public', named);
  end loop;
  grant execute on function public.engine_tend(uuid, integer) to mr_worker;
end $$;
