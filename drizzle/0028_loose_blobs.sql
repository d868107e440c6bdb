CREATE TABLE "loose_blobs" (
	"organization_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"run_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "loose_blobs_organization_id_hash_run_id_pk" PRIMARY KEY("organization_id","hash","run_id")
);
--> statement-breakpoint
CREATE INDEX "loose_blobs_oldest" ON "loose_blobs" USING btree ("at");--> statement-breakpoint

alter table loose_blobs enable row level security, force row level security;
create policy owner on loose_blobs to mr_owner using (true) with check (true);
create policy engine on loose_blobs to mr_engine using (true) with check (true);
grant select, insert, delete on loose_blobs to mr_engine;
--> statement-breakpoint
-- The large values of a run, or of these steps of it, are about to be let go of. They may still be too young to go at once: what has the
-- same content may be about to be referred to.
create function engine_let_go_blobs(p_organization uuid, p_run uuid, p_path text) returns void
  language sql volatile
  as $$
  insert into loose_blobs (organization_id, hash, run_id)
    select distinct s.organization_id, s.blob_hash, s.run_id from run_steps s
      where s.organization_id = p_organization and s.run_id = p_run and (p_path is null or s.path = p_path) and s.blob_hash is not null
    on conflict do nothing
$$;
--> statement-breakpoint
alter function engine_let_go_blobs(uuid, uuid, text) owner to mr_engine;
revoke execute on function engine_let_go_blobs(uuid, uuid, text) from public;
--> statement-breakpoint
-- What a successful run's steps took and gave is not kept where nobody wants it. Without its hash a step is not taken over by a later run.
create or replace function forget_steps() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  perform engine_let_go_blobs(new.organization_id, new.id, null);
  update run_steps set input = null, output = null, logs = null, blob_hash = null, input_hash = null
    where organization_id = new.organization_id and run_id = new.id;
  return null;
end $$;
--> statement-breakpoint
-- The values of steps that somebody marked, and of what follows them, go when the run ends.
create or replace function forget_marked() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_nodes text[] := array(select jsonb_array_elements_text(new.rules -> 'forget'));
  v_path text;
begin
  for v_path in
    select distinct s.path from run_steps s where s.organization_id = new.organization_id and s.run_id = new.id
      and exists (select from unnest(string_to_array(s.path, '/')) as part where regexp_replace(part, '^call\.\d+\.', '') = any (v_nodes))
  loop
    perform engine_let_go_blobs(new.organization_id, new.id, v_path);
    update run_steps set input = null, output = null, logs = null, blob_hash = null, input_hash = null, error = error - 'details'
      where organization_id = new.organization_id and run_id = new.id and path = v_path;
    update run_waits set result = null, detail = null where organization_id = new.organization_id and run_id = new.id and path = v_path;
    update tasks set facts = '[]', description = '', comment = null, title = coalesce((
        select n ->> 'title' from workflow_versions v, jsonb_array_elements(v.graph -> 'nodes') as n
          where v.organization_id = new.organization_id and v.id = new.version_id
            and n ->> 'id' = regexp_replace(v_path, '^.*/', '') limit 1), 'Approval')
      where organization_id = new.organization_id and run_id = new.id and path = v_path;
  end loop;
  return null;
end $$;
--> statement-breakpoint
-- A newer result takes the place of one that was large.
create function kept_result_replaced() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  insert into loose_blobs (organization_id, hash, run_id) values (old.organization_id, old.blob_hash, old.run_id) on conflict do nothing;
  return null;
end $$;
--> statement-breakpoint
alter function kept_result_replaced() owner to mr_engine;
revoke execute on function kept_result_replaced() from public;
create trigger kept_result_replaced after update of blob_hash on kept_results for each row
  when (old.blob_hash is not null and old.blob_hash is distinct from new.blob_hash)
  execute function kept_result_replaced();
--> statement-breakpoint
-- Of values that were let go of, those that are no longer young and to which nothing else refers.
create function engine_tidy_blobs(p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_count integer;
  v_organizations uuid[];
  v_hashes bytea[];
begin
  with gone as (
    delete from loose_blobs l where (l.organization_id, l.hash, l.run_id) in (
      select o.organization_id, o.hash, o.run_id from loose_blobs o where o.at < now() - interval '1 hour' order by o.at limit p_limit)
      returning l.organization_id, l.hash
  ) select count(*), array_agg(organization_id), array_agg(hash) into v_count, v_organizations, v_hashes from gone;
  if v_count > 0 then perform engine_forget_blobs(v_organizations, v_hashes); end if;
  return v_count;
end $$;
--> statement-breakpoint
alter function engine_tidy_blobs(integer) owner to mr_engine;
revoke execute on function engine_tidy_blobs(integer) from public;
grant execute on function engine_tidy_blobs(integer) to mr_worker;
--> statement-breakpoint
-- A dead letter that waits for a person still wants its run, the one that repairs it, and the runs that these waited for: a repair goes on
-- where they broke.
create or replace function run_is_wanted(p_organization uuid, p_run uuid) returns boolean
  language sql stable
  as $$
  select exists (select from dead_letters d where d.organization_id = p_organization and d.run_id = p_run and d.state in ('open', 'retried'))
    or exists (select from dead_letters d where d.retry_run_id = p_run and d.organization_id = p_organization and d.state in ('open', 'retried'))
    or exists (select from runs r where r.organization_id = p_organization and r.id = p_run and r.parent_path is not null
      and run_is_wanted(p_organization, r.parent_run_id))
$$;
--> statement-breakpoint
-- What was let go of before this was looked at again.
insert into loose_blobs (organization_id, hash, run_id)
  select b.organization_id, b.hash, '00000000-0000-0000-0000-000000000000' from blobs b
  where not exists (select from run_steps s where s.organization_id = b.organization_id and s.blob_hash = b.hash)
    and not exists (select from kept_results k where k.organization_id = b.organization_id and k.blob_hash = b.hash)
    and not exists (select from draft_results d where d.organization_id = b.organization_id and d.blob_hash = b.hash);
