-- What runs and steps carry is never searched by; to keep statistics of it costs as much as running them, since tables that grow are
-- analyzed again and again. Of steps, which are found by their run alone, a small sample tells enough.
do $$
declare
  named record;
begin
  for named in
    select c.relname as name, a.attname as part, case when a.atttypid in ('jsonb'::regtype, 'text[]'::regtype) then 0 else 10 end as kept
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and (a.atttypid in ('jsonb'::regtype, 'text[]'::regtype) or c.relname = 'run_steps')
  loop
    execute format('alter table public.%I alter column %I set statistics %s', named.name, named.part, named.kept);
  end loop;
end $$;
--> statement-breakpoint

-- A new partition knows nothing of how its parent keeps statistics.
create or replace function make_partitions(months_ahead integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  parent text;
  month timestamptz;
  partition text;
  kept record;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('millrace:partitions', 0));
  for offset_months in -1 .. months_ahead loop
    month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => offset_months)) at time zone 'UTC';
    foreach parent in array array['runs', 'run_steps'] loop
      partition := parent || '_' || to_char(month at time zone 'UTC', 'YYYY_MM');
      continue when to_regclass('public.' || quote_ident(partition)) is not null;
      begin
        execute format('create table public.%I partition of public.%I for values from (%L) to (%L)', partition, parent,
          public.first_uuid_of(month), public.first_uuid_of((month at time zone 'UTC' + interval '1 month') at time zone 'UTC'));
        execute format('alter table public.%I enable row level security, force row level security', partition);
        execute format('create policy owner on public.%I to mr_owner using (true) with check (true)', partition);
        for kept in
          select attname as part, attstattarget as target from pg_attribute
          where attrelid = ('public.' || parent)::regclass and attnum > 0 and not attisdropped and attstattarget is not null
        loop
          execute format('alter table public.%I alter column %I set statistics %s', partition, kept.part, kept.target);
        end loop;
        made := made + 1;
      exception when check_violation then
        raise warning 'rows of % stand in the default partition', partition;
      end;
    end loop;
  end loop;
  return made;
end $$;
