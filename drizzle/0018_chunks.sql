CREATE TABLE "run_chunks" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"path" text NOT NULL,
	"no" integer NOT NULL,
	"from_item" integer NOT NULL,
	"to_item" integer NOT NULL,
	"items" integer NOT NULL,
	"concurrency" integer NOT NULL,
	"parallel" integer NOT NULL,
	"queue" text DEFAULT 'default' NOT NULL,
	"state" text DEFAULT 'free' NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"holder_id" uuid,
	"crashes" integer DEFAULT 0 NOT NULL,
	"stopping" boolean DEFAULT false NOT NULL,
	"first_seq" integer NOT NULL,
	"last_seq" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_chunks_organization_id_run_id_path_no_pk" PRIMARY KEY("organization_id","run_id","path","no")
);
--> statement-breakpoint
ALTER TABLE "live_runs" ADD COLUMN "chunked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "run_chunks_run" ON "run_chunks" USING btree ("run_id");--> statement-breakpoint

alter table run_chunks enable row level security, force row level security;
alter table run_chunks set (fillfactor = 70);
create policy owner on run_chunks to mr_owner using (true) with check (true);
create policy engine on run_chunks to mr_engine using (true) with check (true);
create policy organization on run_chunks to mr_web, mr_worker
  using (organization_id = public.current_organization()) with check (organization_id = public.current_organization());
grant select, insert, update, delete on run_chunks to mr_engine;
grant select on run_chunks to mr_web, mr_worker;
--> statement-breakpoint

-- Chunks of a loop, which several workers go through at once. Whoever writes for one locks its row at its epoch: what ends a run, or lets go
-- of the loop, deletes the row, so it waits for a write that has begun, and a late one finds nothing and writes nothing. Everybody locks the
-- run before its chunks; a chunk's write locks its own row alone, so that those of many workers never hold up one another or a cancel.

-- What a loop waited for is over: nobody writes for its chunks any more.
create function chunks_over() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  delete from run_chunks where organization_id = new.organization_id and run_id = new.run_id and path = new.path;
  return null;
end $$;
--> statement-breakpoint
alter function chunks_over() owner to mr_engine;
revoke execute on function chunks_over() from public;
create trigger chunks_over after update of settled_at on run_waits for each row
  when (new.kind = 'chunks' and old.settled_at is null and new.settled_at is not null) execute function chunks_over();
--> statement-breakpoint
-- Before the first statement of a run's end sees its steps.
create function chunked_run_over() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  delete from run_chunks where run_id = old.run_id;
  return old;
end $$;
--> statement-breakpoint
alter function chunked_run_over() owner to mr_engine;
revoke execute on function chunked_run_over() from public;
create trigger chunked_run_over before delete on live_runs for each row when (old.chunked) execute function chunked_run_over();
--> statement-breakpoint

-- Workers that live; none where they are not all of one build: a worker from before knows nothing of chunks.
create function engine_workers() returns integer
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select case when count(distinct build) = 1 then count(*) else 0 end::integer from holders where lease_until > clock_timestamp() $$;
--> statement-breakpoint
-- Under the run's fence: the loop waits for chunks of so many items each. False when they were made before; null when fenced.
create function engine_start_chunks(p_organization uuid, p_run uuid, p_epoch integer, p_path text, p_items integer, p_size integer,
    p_concurrency integer, p_parallel integer) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_seq integer;
  v_count integer := (p_items + p_size - 1) / p_size;
begin
  perform from live_runs
    where run_id = p_run and organization_id = p_organization and epoch = p_epoch and state = 'running' for no key update;
  if not found then return null; end if;
  insert into run_waits (organization_id, run_id, path, attempt, kind, detail)
    values (p_organization, p_run, p_path, 1, 'chunks', jsonb_build_object('items', p_items, 'chunks', v_count))
    on conflict do nothing;
  if not found then return false; end if;
  select coalesce(max(s.seq), 0) into v_seq from run_steps s where s.organization_id = p_organization and s.run_id = p_run;
  insert into run_chunks (organization_id, run_id, path, no, from_item, to_item, items, concurrency, parallel, first_seq, last_seq)
    select p_organization, p_run, p_path, n, n * p_size, least((n + 1) * p_size, p_items), p_items, p_concurrency, p_parallel, v_seq, v_seq
    from generate_series(0, v_count - 1) as n;
  -- Whoever takes the run up sees by it that the loop waits.
  update run_steps set input = input || jsonb_build_object('chunks', v_count)
    where organization_id = p_organization and run_id = p_run and path = p_path and attempt = 1 and status = 'started';
  if not found then raise exception 'the loop % was not recorded before its chunks', p_path; end if;
  update live_runs set chunked = true where run_id = p_run;
  return true;
end $$;
--> statement-breakpoint
-- When the last chunk of a loop has ended, the run goes on. The caller has the run's live row.
create function engine_settle_chunks(p_organization uuid, p_run uuid, p_path text) returns boolean
  language plpgsql
  as $$
begin
  if exists (select from run_chunks where organization_id = p_organization and run_id = p_run and path = p_path and state <> 'ended') then
    return false;
  end if;
  update run_waits set settled_at = clock_timestamp(), settled_by = 'chunks'
    where organization_id = p_organization and run_id = p_run and path = p_path and attempt = 1 and kind = 'chunks' and settled_at is null;
  if not found then return false; end if;
  update live_runs set wake_seq = wake_seq + 1 where run_id = p_run;
  return true;
end $$;
--> statement-breakpoint
-- taken | queue | none. Takes a chunk for this queue that nobody has, whose holder's lease is over, or that this same holder let fall:
-- `p_mine` names what it has in hand. A chunk that brought down a worker twice is left to the run, which proves who did it. `wake`: the run
-- goes on.
create function engine_take_chunk(p_run uuid, p_holder uuid, p_queue text, p_mine text[]) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  l live_runs;
  r runs;
  c run_chunks;
  v_names record;
  v_now timestamptz;
  v_moved boolean;
  v_queue text;
  v_wake boolean := false;
begin
  select * into l from live_runs where run_id = p_run for no key update;
  if not found or l.cancel_at is not null or l.pause_at is not null then return jsonb_build_object('outcome', 'none', 'wake', false); end if;
  v_now := clock_timestamp();
  for c in
    select x.* from run_chunks x left join holders h on h.id = x.holder_id
      where x.organization_id = l.organization_id and x.run_id = p_run and (x.state = 'free' or x.state = 'held' and (h.id is null
        or h.lease_until <= v_now or x.holder_id = p_holder and (x.path || '#' || x.no) <> all (p_mine)))
      order by x.queue <> p_queue, x.path, x.no for no key update of x
  loop
    v_moved := c.state = 'held' and c.holder_id is distinct from p_holder;
    if c.stopping or c.crashes + v_moved::integer >= 2 then
      update run_chunks set state = 'ended', holder_id = null, epoch = epoch + 1, changed_at = v_now
        where organization_id = c.organization_id and run_id = p_run and path = c.path and no = c.no;
      v_wake := engine_settle_chunks(c.organization_id, p_run, c.path) or v_wake;
      continue;
    end if;
    if c.queue <> p_queue then
      v_queue := c.queue;
      exit;
    end if;
    update run_chunks set state = 'held', holder_id = p_holder, epoch = epoch + 1, crashes = crashes + v_moved::integer, changed_at = v_now
      where organization_id = c.organization_id and run_id = p_run and path = c.path and no = c.no returning * into c;
    select * into r from runs where organization_id = l.organization_id and id = p_run;
    select w.name, o.time_zone, o.currency into v_names
      from workflows w join organizations o on o.id = w.organization_id where w.organization_id = r.organization_id and w.id = r.workflow_id;
    return jsonb_build_object(
      'outcome', 'taken', 'wake', v_wake,
      'path', c.path, 'no', c.no, 'from', c.from_item, 'to', c.to_item, 'items', c.items, 'concurrency', c.concurrency, 'chunkEpoch', c.epoch,
      'run', jsonb_build_object(
        'outcome', 'taken', 'runId', p_run, 'begun', true, 'child', r.parent_run_id is not null, 'limited', l.limit_key is not null,
        'organizationId', l.organization_id, 'epoch', l.epoch, 'wakeSeq', l.wake_seq, 'cancel', false, 'moved', v_moved,
        'crashes', c.crashes, 'soloCrashes', 0, 'stepped', true, 'workflowId', r.workflow_id, 'workflowName', v_names.name,
        'timeZone', v_names.time_zone, 'currency', v_names.currency, 'versionId', r.version_id, 'versionNumber', r.version_number,
        'projectId', r.project_id, 'environmentId', r.environment_id, 'trigger', r.trigger, 'triggerNodeId', r.trigger_node_id,
        'rootId', r.root_id, 'generation', r.generation, 'input', r.input, 'startedAt', coalesce(r.started_at, v_now)));
  end loop;
  return case when v_queue is null then jsonb_build_object('outcome', 'none', 'wake', v_wake)
    else jsonb_build_object('outcome', 'queue', 'queue', v_queue, 'wake', v_wake) end;
end $$;
--> statement-breakpoint
-- What a chunk needs of the run's log, newest attempts: what stands outside of loops, and its own items.
create function engine_chunk_log(p_organization uuid, p_run uuid, p_path text, p_from integer, p_to integer)
  returns table (path text, attempt integer, status text, port text, input jsonb, output jsonb, error jsonb, input_hash text, blob_hash text,
    origin_run_id uuid, seq integer, started_at timestamptz, duration_us bigint, retry_at timestamptz, model text, input_tokens integer,
    output_tokens integer, practice boolean, currency text, cost_micros bigint)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select distinct on (s.path) s.path, s.attempt, s.status, s.port,
    case when s.status in ('succeeded', 'skipped') then null else s.input end, s.output, s.error, s.input_hash, encode(s.blob_hash, 'hex'),
    s.origin_run_id, s.seq, s.started_at, s.duration_us, s.retry_at, s.model, s.input_tokens, s.output_tokens, s.practice, s.currency,
    s.cost_micros
  from run_steps s
  where s.organization_id = p_organization and s.run_id = p_run and (position('/' in s.path) = 0
    or starts_with(s.path, p_path || '/') and substring(s.path from length(p_path) + 2 for 1) between '0' and '9'
      and substring(substr(s.path, length(p_path) + 2) from '^\d+')::integer between p_from and p_to - 1)
  order by s.path, s.attempt desc
$$;
--> statement-breakpoint
-- What engine_record is for a run. Null when somebody else has the chunk, or nobody wants it any more. A finished attempt is never changed.
create function engine_chunk_record(p_organization uuid, p_run uuid, p_path text, p_no integer, p_epoch integer, p_steps jsonb) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  c run_chunks;
  v_seq integer;
  v_cancel boolean;
  v_pause boolean;
begin
  select * into c from run_chunks
    where organization_id = p_organization and run_id = p_run and path = p_path and no = p_no and epoch = p_epoch and state = 'held'
    for no key update;
  if not found then return null; end if;
  -- Nearly the order of recording, though several write at once.
  v_seq := greatest(c.last_seq,
    c.first_seq + least(extract(epoch from clock_timestamp() - c.created_at) * 1000, 1500000000)::integer);
  with x as materialized (
    select t.* from jsonb_to_recordset(p_steps) as t (path text, attempt integer, status text, port text, input jsonb, output jsonb,
      error jsonb, input_hash text, blob_hash text, origin_run_id uuid, seq integer, started_at timestamptz, duration_us bigint,
      retry_at timestamptz, model text, input_tokens integer, output_tokens integer, practice boolean, currency text, cost_micros bigint,
      logs jsonb, wait jsonb)
  ), s as (
    insert into run_steps (organization_id, run_id, path, attempt, status, port, input, output, error, input_hash, blob_hash, origin_run_id,
        epoch, seq, started_at, duration_us, retry_at, model, input_tokens, output_tokens, practice, currency, cost_micros, logs)
      select p_organization, p_run, x.path, x.attempt, x.status, x.port, x.input, x.output, x.error, x.input_hash,
        decode(x.blob_hash, 'hex'), x.origin_run_id, p_epoch, v_seq + x.seq, x.started_at, x.duration_us, x.retry_at, x.model, x.input_tokens,
        x.output_tokens, x.practice, x.currency, coalesce(x.cost_micros, 0), x.logs
      from x
      on conflict (organization_id, run_id, path, attempt) do update set status = excluded.status, port = excluded.port,
        input = coalesce(excluded.input, run_steps.input), output = excluded.output, error = excluded.error,
        input_hash = coalesce(excluded.input_hash, run_steps.input_hash), blob_hash = excluded.blob_hash, epoch = excluded.epoch,
        seq = excluded.seq, started_at = excluded.started_at, duration_us = excluded.duration_us, retry_at = excluded.retry_at,
        model = excluded.model, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, practice = excluded.practice,
        currency = excluded.currency, cost_micros = excluded.cost_micros, logs = excluded.logs
      where run_steps.status in ('started', 'waiting')
      returning cost_micros, currency
  ), w as (
    insert into run_waits (organization_id, run_id, path, attempt, kind, due_at)
      select p_organization, p_run, x.path, x.attempt, x.wait ->> 'kind', (x.wait ->> 'dueAt')::timestamptz from x where x.wait is not null
      on conflict do nothing
  ), u as (
    update runs r set cost_micros = r.cost_micros + spent.micros, currency = coalesce(spent.currency, r.currency)
      from (select sum(s.cost_micros)::bigint as micros, min(s.currency) as currency from s where s.cost_micros > 0) spent
      where spent.micros > 0 and r.organization_id = p_organization and r.id = p_run
  )
  update run_chunks set last_seq = v_seq + coalesce((select max(x.seq) from x), 0)
    where organization_id = p_organization and run_id = p_run and path = p_path and no = p_no;
  select l.cancel_at is not null, l.pause_at is not null into v_cancel, v_pause from live_runs l where l.run_id = p_run;
  return jsonb_build_object('cancel', coalesce(v_cancel, true), 'pause', coalesce(v_pause, false), 'stop', c.stopping, 'told', null);
end $$;
--> statement-breakpoint
-- What a write would hear, for a chunk whose steps take long. Null when it is somebody else's.
create function engine_watch_chunk(p_organization uuid, p_run uuid, p_path text, p_no integer, p_epoch integer) returns jsonb
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select jsonb_build_object('cancel', l.cancel_at is not null, 'pause', l.pause_at is not null, 'stop', c.stopping)
    from run_chunks c join live_runs l on l.run_id = c.run_id
    where c.organization_id = p_organization and c.run_id = p_run and c.path = p_path and c.no = p_no and c.epoch = p_epoch and c.state = 'held'
$$;
--> statement-breakpoint
-- Given back to go on at once, for another queue, or elsewhere; nobody's crash. False when it is somebody else's.
create function engine_give_back_chunk(p_organization uuid, p_run uuid, p_path text, p_no integer, p_epoch integer, p_queue text,
    p_lived boolean) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  update run_chunks set state = 'free', holder_id = null, queue = coalesce(p_queue, queue), changed_at = clock_timestamp(),
      crashes = case when p_lived then 0 else crashes end
    where organization_id = p_organization and run_id = p_run and path = p_path and no = p_no and epoch = p_epoch and state = 'held';
  return found;
end $$;
--> statement-breakpoint
-- It did what it could; what is left of its items is the run's. Where one of them failed the loop, nothing new begins in the others.
-- Answers whether the run goes on; null when it is somebody else's.
create function engine_end_chunk(p_organization uuid, p_run uuid, p_path text, p_no integer, p_epoch integer, p_failed boolean) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  perform from live_runs where run_id = p_run and organization_id = p_organization for no key update;
  if not found then return null; end if;
  update run_chunks set state = 'ended', holder_id = null, changed_at = clock_timestamp()
    where organization_id = p_organization and run_id = p_run and path = p_path and no = p_no and epoch = p_epoch and state = 'held';
  if not found then return null; end if;
  if p_failed then
    update run_chunks set stopping = true, state = case when state = 'held' then state else 'ended' end
      where organization_id = p_organization and run_id = p_run and path = p_path and state <> 'ended';
  end if;
  return engine_settle_chunks(p_organization, p_run, p_path);
end $$;
--> statement-breakpoint
-- Under the run's fence: the loop is let go of, so nothing new begins in its chunks; the run goes on when what is under way has ended. Answers
-- whether it goes on at once; null when fenced.
create function engine_stop_chunks(p_organization uuid, p_run uuid, p_epoch integer, p_path text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_now timestamptz;
begin
  perform from live_runs
    where run_id = p_run and organization_id = p_organization and epoch = p_epoch and state = 'running' for no key update;
  if not found then return null; end if;
  v_now := clock_timestamp();
  update run_chunks c set stopping = true, epoch = epoch + 1 - (live.is)::integer, changed_at = v_now,
      state = case when live.is then 'held' else 'ended' end, holder_id = case when live.is then c.holder_id end
    from (select x.no, x.state = 'held' and coalesce(h.lease_until > v_now, false) as is from run_chunks x left join holders h on h.id = x.holder_id
      where x.organization_id = p_organization and x.run_id = p_run and x.path = p_path) live
    where c.organization_id = p_organization and c.run_id = p_run and c.path = p_path and c.no = live.no and c.state <> 'ended';
  return engine_settle_chunks(p_organization, p_run, p_path);
end $$;
--> statement-breakpoint
-- Under the run's fence: nobody writes for its chunks any more, whatever is under way in them. Answers how many loops waited.
create function engine_drop_chunks(p_organization uuid, p_run uuid, p_epoch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_count integer;
begin
  perform from live_runs
    where run_id = p_run and organization_id = p_organization and epoch = p_epoch and state = 'running' and chunked for no key update;
  if not found then return 0; end if;
  update run_waits set settled_at = clock_timestamp(), settled_by = 'end'
    where organization_id = p_organization and run_id = p_run and kind = 'chunks' and settled_at is null;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
--> statement-breakpoint
-- How many chunks of the run are to be under way now.
create function engine_chunks(p_run uuid) returns integer
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select coalesce(sum(least(c.parallel, c.count)), 0)::integer from (
    select x.path, max(x.parallel) as parallel, count(*) as count from run_chunks x join live_runs l on l.run_id = x.run_id
    where x.run_id = p_run and x.state <> 'ended' and l.cancel_at is null and l.pause_at is null group by x.path) c
$$;
--> statement-breakpoint
-- Runs with chunks that nobody goes through although somebody could, for one worker at a time.
create function engine_sweep_chunks(p_limit integer) returns setof uuid
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  if not exists (select from run_chunks) or not pg_try_advisory_xact_lock(hashtextextended('millrace:sweep-chunks', 0)) then return; end if;
  return query
  with still as (
    select c.run_id, min(c.no) as no from run_chunks c join live_runs l on l.run_id = c.run_id left join holders h on h.id = c.holder_id
      where c.state <> 'ended' and l.cancel_at is null and l.pause_at is null
      group by c.run_id
      having max(c.changed_at) < v_now - interval '15 seconds'
        and count(*) filter (where c.state = 'held' and h.lease_until > v_now) < least(max(c.parallel), count(*))
      limit p_limit
  ), touched as (
    update run_chunks c set changed_at = v_now from still where c.run_id = still.run_id and c.no = still.no returning c.run_id
  )
  select distinct run_id from touched;
end $$;
--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array[
    'engine_workers()',
    'engine_start_chunks(uuid, uuid, integer, text, integer, integer, integer, integer)',
    'engine_settle_chunks(uuid, uuid, text)',
    'engine_take_chunk(uuid, uuid, text, text[])',
    'engine_chunk_log(uuid, uuid, text, integer, integer)',
    'engine_chunk_record(uuid, uuid, text, integer, integer, jsonb)',
    'engine_watch_chunk(uuid, uuid, text, integer, integer)',
    'engine_give_back_chunk(uuid, uuid, text, integer, integer, text, boolean)',
    'engine_end_chunk(uuid, uuid, text, integer, integer, boolean)',
    'engine_stop_chunks(uuid, uuid, integer, text)',
    'engine_drop_chunks(uuid, uuid, integer)',
    'engine_chunks(uuid)',
    'engine_sweep_chunks(integer)'
  ] loop
    execute format('alter function public.%s owner to mr_engine', named);
    execute format('revoke execute on function public.%s from public', named);
    execute format('grant execute on function public.%s to mr_worker', named);
  end loop;
  -- Only the functions above call it.
  revoke execute on function engine_settle_chunks(uuid, uuid, text) from mr_worker;
end $$;
