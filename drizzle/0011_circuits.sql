CREATE TABLE "circuit_waits" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"path" text NOT NULL,
	"circuit_id" uuid NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "circuit_waits_organization_id_run_id_path_pk" PRIMARY KEY("organization_id","run_id","path")
);
--> statement-breakpoint
CREATE TABLE "circuits" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"credential_id" uuid,
	"host" text NOT NULL,
	"state" text NOT NULL,
	"kind" text NOT NULL,
	"failures" integer NOT NULL,
	"opens" integer DEFAULT 0 NOT NULL,
	"last_error" jsonb,
	"failed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"opened_at" timestamp with time zone,
	"try_at" timestamp with time zone,
	"probe_until" timestamp with time zone,
	"released" integer DEFAULT 0 NOT NULL,
	"release_at" timestamp with time zone,
	CONSTRAINT "circuits_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "circuit_waits" ADD CONSTRAINT "circuit_waits_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "circuits" ADD CONSTRAINT "circuits_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "circuit_waits_turn" ON "circuit_waits" USING btree ("organization_id","circuit_id","since");--> statement-breakpoint
CREATE INDEX "circuits_credential" ON "circuits" USING btree ("organization_id","credential_id") WHERE credential_id is not null;--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array['circuits', 'circuit_waits'] loop
    execute format('alter table %I enable row level security, force row level security', named);
    execute format('create policy owner on %I to mr_owner using (true) with check (true)', named);
    execute format('create policy engine on %I to mr_engine using (true) with check (true)', named);
    execute format('create policy organization on %I to mr_web, mr_worker
      using (organization_id = public.current_organization()) with check (organization_id = public.current_organization())', named);
    execute format('grant select, insert, update, delete on %I to mr_engine', named);
    execute format('grant select, update, delete on %I to mr_web', named);
    execute format('grant select on %I to mr_worker', named);
  end loop;
end $$;
--> statement-breakpoint

-- A circuit has a row while calls of one host and credential fail: `counting`, then `open` (its calls are held back), `probing` (one of
-- them tries) and `returning` (calls work, and the runs that waited go on, a few at a time). A worker asks only where it knows of one.

create function circuit_state(c circuits) returns jsonb
  language sql stable
  as $$
  select jsonb_build_object('organizationId', c.organization_id, 'id', c.id, 'state', c.state, 'failures', c.failures, 'until',
    case c.state when 'probing' then c.probe_until when 'open' then c.try_at end)
$$;
grant execute on function circuit_state(circuits) to mr_engine;
--> statement-breakpoint

-- A call failed. `p_rules`: threshold, forgetMs, firstWaitMs, longestWaitMs, retryAfterMs, beganMs (how long ago it began), probe.
create function circuit_failed(p_organization uuid, p_id uuid, p_credential uuid, p_host text, p_error jsonb, p_rules jsonb) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  c circuits;
  v_now timestamptz;
  v_kind text := p_error ->> 'class';
  v_opens boolean;
  v_told jsonb;
begin
  insert into circuits (organization_id, id, credential_id, host, state, kind, failures)
    values (p_organization, p_id, p_credential, p_host, 'counting', v_kind, 0) on conflict do nothing;
  select * into c from circuits where organization_id = p_organization and id = p_id for update;
  v_now := clock_timestamp();
  if c.state = 'counting' and (c.failed_at < v_now - make_interval(secs => (p_rules ->> 'forgetMs')::float8 / 1000)
      or (c.kind = 'unauthorized') <> (v_kind = 'unauthorized')) then
    c.failures := 0;
  end if;
  c.failures := c.failures + 1;
  -- What began before it opened says nothing new.
  v_opens := case c.state
    when 'counting' then c.failures >= (p_rules ->> 'threshold')::integer
    when 'probing' then (p_rules ->> 'probe')::boolean
    when 'returning' then v_now - make_interval(secs => (p_rules ->> 'beganMs')::float8 / 1000) > c.opened_at
    else false end;
  if v_opens then
    c.state := 'open';
    c.opens := c.opens + 1;
    c.opened_at := v_now;
    c.try_at := case when v_kind <> 'unauthorized' then v_now + make_interval(secs => greatest((p_rules ->> 'retryAfterMs')::float8,
      least((p_rules ->> 'firstWaitMs')::float8 * power(2, least(c.opens - 1, 20)), (p_rules ->> 'longestWaitMs')::float8)) / 1000) end;
  end if;
  update circuits set state = c.state, kind = v_kind, failures = c.failures, opens = c.opens, last_error = p_error, failed_at = v_now,
      opened_at = c.opened_at, try_at = c.try_at, probe_until = case when v_opens then null else c.probe_until end,
      released = case when v_opens then 0 else c.released end, release_at = case when v_opens then null else c.release_at end
    where organization_id = p_organization and id = p_id returning * into c;
  if v_opens then
    with o as (
      insert into outbox (organization_id, kind, ids) values (p_organization, 'circuit', array[shown_id('circ', p_id)]) returning seq, kind, ids
    ) select jsonb_agg(to_jsonb(o)) into v_told from o;
  end if;
  return circuit_state(c) || jsonb_build_object('told', v_told);
end $$;
--> statement-breakpoint

-- A call worked that began so many milliseconds ago. Null when nothing is wrong there any more.
create function circuit_worked(p_organization uuid, p_id uuid, p_began_ms integer, p_probe boolean) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  c circuits;
  v_now timestamptz;
  v_told jsonb;
begin
  select * into c from circuits where organization_id = p_organization and id = p_id for update;
  if not found then return null; end if;
  v_now := clock_timestamp();
  if c.state = 'counting' then
    delete from circuits where organization_id = p_organization and id = p_id;
    return null;
  end if;
  if c.state in ('open', 'probing') and (p_probe or v_now - make_interval(secs => p_began_ms::float8 / 1000) > c.opened_at) then
    update circuits set state = 'returning', try_at = null, probe_until = null, released = 0, release_at = null
      where organization_id = p_organization and id = p_id returning * into c;
    with o as (
      insert into outbox (organization_id, kind, ids) values (p_organization, 'circuit', array[shown_id('circ', p_id)]) returning seq, kind, ids
    ) select jsonb_agg(to_jsonb(o)) into v_told from o;
  end if;
  return circuit_state(c) || jsonb_build_object('told', v_told);
end $$;
--> statement-breakpoint

-- go | probe | held. A step that is held stands in the queue from then on, so that nothing can wake its run too early to be heard.
create function circuit_enter(p_organization uuid, p_id uuid, p_run uuid, p_path text, p_lease_ms integer) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  c circuits;
  v_now timestamptz;
begin
  select * into c from circuits where organization_id = p_organization and id = p_id for update;
  if not found then return jsonb_build_object('outcome', 'go'); end if;
  v_now := clock_timestamp();
  if c.state in ('counting', 'returning') then return circuit_state(c) || jsonb_build_object('outcome', 'go'); end if;
  if (c.state = 'open' and c.try_at <= v_now) or (c.state = 'probing' and c.probe_until <= v_now) then
    update circuits set state = 'probing', probe_until = v_now + make_interval(secs => p_lease_ms::float8 / 1000)
      where organization_id = p_organization and id = p_id returning * into c;
    return circuit_state(c) || jsonb_build_object('outcome', 'probe');
  end if;
  insert into circuit_waits (organization_id, run_id, path, circuit_id) values (p_organization, p_run, p_path, p_id)
    on conflict (organization_id, run_id, path) do update set circuit_id = excluded.circuit_id;
  return circuit_state(c) || jsonb_build_object('outcome', 'held', 'kind', c.kind, 'message', c.last_error ->> 'message');
end $$;
--> statement-breakpoint

-- What every worker asks now and then: the circuits there are, and, for one worker at a time, the runs whose turn it is to go on. A run that
-- is woken asks for itself; where it may not call yet, it waits again.
create function circuit_turn(p_first integer, p_most integer, p_forget_ms integer) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  c circuits;
  v_now timestamptz := clock_timestamp();
  v_count integer;
  v_runs uuid[];
  v_wake uuid[] := '{}';
  v_told jsonb := '[]';
begin
  if not exists (select from circuits) then return jsonb_build_object('circuits', '[]'::jsonb, 'wake', '[]'::jsonb, 'told', '[]'::jsonb); end if;
  if pg_try_advisory_xact_lock(hashtextextended('millrace:circuits', 0)) then
    for c in select * from circuits x where x.release_at is null or x.release_at <= v_now order by x.failed_at limit 1000 for update skip locked loop
      if c.state = 'counting' then
        delete from circuits where organization_id = c.organization_id and id = c.id
          and c.failed_at < v_now - make_interval(secs => p_forget_ms::float8 / 1000);
        continue;
      end if;
      if c.state = 'returning' then v_count := least(greatest(c.released * 2, p_first), p_most);
      elsif (c.state = 'open' and c.try_at <= v_now) or (c.state = 'probing' and c.probe_until <= v_now) then v_count := 1;
      else continue;
      end if;
      with turn as (
        select w.run_id, w.path from circuit_waits w join live_runs l on l.run_id = w.run_id
        where w.organization_id = c.organization_id and w.circuit_id = c.id order by w.since limit v_count
      ), gone as (
        delete from circuit_waits w using turn
          where w.organization_id = c.organization_id and w.run_id = turn.run_id and w.path = turn.path returning w.run_id
      ) select array_agg(distinct run_id) into v_runs from gone;
      if v_runs is not null then
        update live_runs set wake_seq = wake_seq + 1 where run_id = any (v_runs);
        update circuits set released = case when state = 'returning' then v_count else 0 end,
            release_at = v_now + case when state = 'returning' then interval '1.5 seconds' else interval '10 seconds' end
          where organization_id = c.organization_id and id = c.id;
        v_wake := v_wake || v_runs;
      elsif c.state = 'returning' or c.failed_at < v_now - interval '1 day' then
        -- Nobody waits: it is over, or nobody calls there any more.
        delete from circuit_waits where organization_id = c.organization_id and circuit_id = c.id;
        delete from circuits where organization_id = c.organization_id and id = c.id;
        with o as (
          insert into outbox (organization_id, kind, ids) values (c.organization_id, 'circuit', array[shown_id('circ', c.id)])
            returning organization_id, seq, kind, ids
        ) select v_told || jsonb_agg(to_jsonb(o)) into v_told from o;
      end if;
    end loop;
  end if;
  return jsonb_build_object('wake', (select coalesce(jsonb_agg(shown_id('run', id)), '[]') from unnest(v_wake) as id), 'told', v_told,
    'circuits', (select coalesce(jsonb_agg(circuit_state(x)), '[]') from (select * from circuits limit 10000) x));
end $$;
--> statement-breakpoint
do $$
declare
  named text;
begin
  foreach named in array array[
    'circuit_failed(uuid, uuid, uuid, text, jsonb, jsonb)',
    'circuit_worked(uuid, uuid, integer, boolean)',
    'circuit_enter(uuid, uuid, uuid, text, integer)',
    'circuit_turn(integer, integer, integer)'
  ] loop
    execute format('alter function public.%s owner to mr_engine', named);
    execute format('revoke execute on function public.%s from public', named);
    execute format('grant execute on function public.%s to mr_worker', named);
  end loop;
end $$;
