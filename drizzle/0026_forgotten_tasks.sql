-- What an approval asked, and what was said to it, holds the marked values too: the task keeps the step's name and who decided when.
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
