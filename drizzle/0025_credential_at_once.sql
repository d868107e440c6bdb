-- A call that uses a credential asks for it in one statement of its own: under row-level security, as everything else, with the
-- organization set for that statement only. That it is used is noted once a minute; a row that somebody is changing is left alone, because
-- to be a minute late there is better than to hold up a call.
create function open_credential(p_organization uuid, p_project uuid, p_credential uuid)
  returns table (type text, settings jsonb, allowed_hosts text[], secret bytea, wrapped_key bytea, key_version integer)
  language plpgsql security invoker set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_used timestamptz;
begin
  perform set_config('app.organization_id', p_organization::text, true);
  select c.type, c.settings, c.allowed_hosts, c.secret, c.wrapped_key, c.key_version, c.last_used_at
    into type, settings, allowed_hosts, secret, wrapped_key, key_version, v_used
    from credentials c
    where c.organization_id = p_organization and c.id = p_credential and c.deleted_at is null
      and (p_project is null or c.project_id is null or c.project_id = p_project);
  if not found then return; end if;
  if v_used is null or v_used < now() - interval '1 minute' then
    update credentials u set last_used_at = now() where u.ctid = (
      select x.ctid from credentials x where x.organization_id = p_organization and x.id = p_credential for update skip locked);
  end if;
  return next;
end $$;
--> statement-breakpoint
revoke all on function open_credential(uuid, uuid, uuid) from public;
--> statement-breakpoint
grant execute on function open_credential(uuid, uuid, uuid) to mr_web, mr_worker;
