-- Functions are for whom they are granted by name.
alter default privileges revoke execute on functions from public;
--> statement-breakpoint
create function current_organization() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.organization_id', true), '')::uuid $$;
grant execute on function current_organization() to mr_engine, mr_web, mr_worker;
--> statement-breakpoint

-- Months of runs and steps -----------------------------------------------------------------------------------------------------------

create function first_uuid_of(moment timestamptz) returns uuid
  language sql immutable strict
  as $$ select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid $$;
--> statement-breakpoint
-- Last month to `months_ahead` after this one. Answers how many partitions it made; a month whose rows stand in the default
-- partition already is left there, and `default_rows` tells.
create function make_partitions(months_ahead integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  parent text;
  month timestamptz;
  partition text;
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
        made := made + 1;
      exception when check_violation then
        raise warning 'rows of % stand in the default partition', partition;
      end;
    end loop;
  end loop;
  return made;
end $$;
grant execute on function make_partitions(integer) to mr_worker;
--> statement-breakpoint
create table runs_default partition of runs default;
create table run_steps_default partition of run_steps default;
alter table runs_default enable row level security, force row level security;
alter table run_steps_default enable row level security, force row level security;
--> statement-breakpoint
create function default_rows() returns bigint
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select (select count(*) from public.runs_default) + (select count(*) from public.run_steps_default) $$;
grant execute on function default_rows() to mr_web, mr_worker;
--> statement-breakpoint

-- Policies ---------------------------------------------------------------------------------------------------------------------------

-- The owner sees all: otherwise a migration's update changes no rows and its new foreign key is not checked.
do $$
declare
  named record;
begin
  for named in
    select c.relname as name, c.relispartition as is_partition,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped) as has_organization
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  loop
    execute format('alter table public.%I enable row level security, force row level security', named.name);
    execute format('create policy owner on public.%I to mr_owner using (true) with check (true)', named.name);
    continue when named.is_partition;
    if named.name not in ('credentials', 'version_credentials', 'variables', 'drafts', 'draft_operations', 'draft_results', 'blobs',
      'audit_events', 'audit_people', 'idempotency_keys', 'settings') then
      execute format('create policy engine on public.%I to mr_engine using (true) with check (true)', named.name);
      execute format('grant select, insert, update, delete on public.%I to mr_engine', named.name);
    end if;
    continue when not named.has_organization or named.name in ('templates', 'model_prices');
    execute format('create policy organization on public.%I to mr_web, mr_worker
      using (organization_id = public.current_organization()) with check (organization_id = public.current_organization())', named.name);
  end loop;
end $$;
--> statement-breakpoint
create policy organization on organizations to mr_web, mr_worker using (id = current_organization()) with check (id = current_organization());
create policy organization on users for select to mr_web, mr_worker
  using (exists (select from memberships m where m.user_id = users.id and m.organization_id = current_organization()));
-- What came with Millrace is read by everybody and written by nobody but migrations and seeds.
create policy readable on templates for select to mr_web, mr_worker using (organization_id is null or organization_id = current_organization());
create policy organization on templates to mr_web, mr_worker
  using (organization_id = current_organization()) with check (organization_id = current_organization());
create policy readable on model_prices for select to mr_web, mr_worker using (organization_id is null or organization_id = current_organization());
create policy organization on model_prices to mr_web, mr_worker
  using (organization_id = current_organization()) with check (organization_id = current_organization());
create policy readable on settings for select to mr_web, mr_worker using (scope = 'instance' or scope = current_organization()::text);
create policy organization on settings to mr_web, mr_worker
  using (scope = current_organization()::text) with check (scope = current_organization()::text);
create policy readable on holders for select to mr_web using (true);
create policy worker on holders to mr_worker using (true) with check (true);
--> statement-breakpoint

-- Rights, by name and on parents only: partitions do not inherit policies -------------------------------------------------------------

grant select, update on organizations to mr_web, mr_worker;
grant select on users to mr_web, mr_worker;
grant select, insert, update, delete on projects, environments, memberships, project_memberships, invitations, api_keys, settings,
  idempotency_keys to mr_web;
grant select on projects, environments, memberships, project_memberships, settings to mr_worker;
grant select, insert on audit_events, audit_people to mr_web, mr_worker;
grant select, insert, update, delete on workflows, drafts, draft_operations, draft_results, workflow_tags, credentials, variables, templates,
  model_prices, schedules, schedule_fires, webhook_endpoints to mr_web;
grant select, insert, delete on workflow_versions, version_credentials to mr_web;
grant select on workflows, workflow_versions, version_credentials, workflow_tags, variables, model_prices, templates, drafts,
  draft_operations to mr_worker;
grant select, update on credentials, schedules, webhook_endpoints to mr_worker;
grant select, insert, update, delete on draft_results, schedule_fires, idempotency_keys to mr_worker;
grant select, insert, update on runs, live_runs, run_waits, dead_letters, tasks, usage_hourly to mr_web, mr_worker;
grant delete on runs, run_steps, live_runs, run_waits, run_events, run_responses, run_dedupe, dead_letters, tasks, outbox, blobs to mr_worker;
grant select, insert on run_steps, run_events, run_responses, run_dedupe, outbox, blobs to mr_web, mr_worker;
grant update on run_dedupe to mr_web, mr_worker;
grant usage on sequence outbox_seq_seq to mr_web, mr_worker, mr_engine;
grant select on holders to mr_web;
grant select, insert, update, delete on holders to mr_worker;
--> statement-breakpoint

-- Doors: what is asked before the organization is known ---------------------------------------------------------------------------------

create function find_session(p_token_hash bytea)
  returns table (session_id uuid, created_at timestamptz, expires_at timestamptz, user_id uuid, name text, email text, time_zone text, locale text)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  return query
    select s.id, s.created_at, s.expires_at, u.id, u.name, u.email, u.time_zone, u.locale
    from sessions s join users u on u.id = s.user_id and u.deleted_at is null
    where s.token_hash = p_token_hash and s.expires_at > now() and s.last_seen_at > now() - interval '14 days';
  update sessions s set last_seen_at = now() where s.token_hash = p_token_hash and s.last_seen_at < now() - interval '1 minute';
end $$;
--> statement-breakpoint
-- The session that was there before ends: what an attacker planted is worth nothing after sign-in.
create function create_session(p_id uuid, p_user_id uuid, p_token_hash bytea, p_expires_at timestamptz, p_address text, p_agent text, p_previous bytea)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  delete from sessions where token_hash = p_previous or (user_id = p_user_id and expires_at < now());
  insert into sessions (id, user_id, token_hash, expires_at, address, agent)
    values (p_id, p_user_id, p_token_hash, p_expires_at, p_address, p_agent);
$$;
--> statement-breakpoint
create function end_session(p_token_hash bytea) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$ delete from sessions where token_hash = p_token_hash $$;
--> statement-breakpoint
create function sessions_of(p_user_id uuid)
  returns table (id uuid, created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz, address text, agent text)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select s.id, s.created_at, s.last_seen_at, s.expires_at, s.address, s.agent from sessions s
  where s.user_id = p_user_id and s.expires_at > now() and s.last_seen_at > now() - interval '14 days' order by s.last_seen_at desc
$$;
--> statement-breakpoint
-- One session, or with null all but the kept one. Answers how many ended.
create function end_sessions_of(p_user_id uuid, p_session_id uuid, p_kept_session_id uuid) returns integer
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  with ended as (
    delete from sessions where user_id = p_user_id and (p_session_id is null or id = p_session_id)
      and (p_kept_session_id is null or id <> p_kept_session_id) returning 1
  ) select count(*)::integer from ended
$$;
--> statement-breakpoint
create function find_identity(p_provider text, p_subject text) returns table (user_id uuid, secret_hash text, name text, email text)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select u.id, i.secret_hash, u.name, u.email from identities i join users u on u.id = i.user_id and u.deleted_at is null
  where i.provider = p_provider and i.subject = p_subject
$$;
--> statement-breakpoint
create function secret_hash_of(p_user_id uuid, p_provider text) returns text
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select secret_hash from identities where user_id = p_user_id and provider = p_provider $$;
--> statement-breakpoint
create function set_secret_hash(p_user_id uuid, p_provider text, p_secret_hash text) returns boolean
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  with changed as (
    update identities set secret_hash = p_secret_hash where user_id = p_user_id and provider = p_provider returning 1
  ) select exists (select from changed)
$$;
--> statement-breakpoint
create function update_user(p_user_id uuid, p_name text, p_time_zone text, p_locale text) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$ update users set name = p_name, time_zone = p_time_zone, locale = p_locale where id = p_user_id and deleted_at is null $$;
--> statement-breakpoint
create function organizations_of(p_user_id uuid)
  returns table (id uuid, slug text, name text, is_examples boolean, role text, projects jsonb)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select o.id, o.slug, o.name, o.is_examples, m.role,
    coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'slug', p.slug) order by p.id) from projects p
      where p.organization_id = o.id and p.deleted_at is null), '[]')
  from memberships m join organizations o on o.id = m.organization_id and o.deleted_at is null
  where m.user_id = p_user_id and m.status = 'active' order by o.is_examples, o.id
$$;
--> statement-breakpoint
create function find_membership(p_user_id uuid, p_organization_id uuid) returns table (role text, project_roles jsonb)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select m.role, coalesce((select jsonb_object_agg(p.project_id, p.role) from project_memberships p
    where p.organization_id = m.organization_id and p.user_id = m.user_id), '{}')
  from memberships m join organizations o on o.id = m.organization_id and o.deleted_at is null
  where m.user_id = p_user_id and m.organization_id = p_organization_id and m.status = 'active'
$$;
--> statement-breakpoint
-- A key is worth nothing once its maker left.
create function find_api_key(p_token_hash bytea)
  returns table (id uuid, organization_id uuid, name text, role text, project_id uuid, created_by uuid, maker_role text, maker_project_roles jsonb)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  return query
    select k.id, k.organization_id, k.name, k.role, k.project_id, k.created_by, m.role, m.project_roles
    from api_keys k join users u on u.id = k.created_by and u.deleted_at is null
      cross join lateral find_membership(k.created_by, k.organization_id) m
    where k.token_hash = p_token_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now());
  update api_keys k set last_used_at = now()
    where k.token_hash = p_token_hash and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute');
end $$;
--> statement-breakpoint
create function find_webhook(p_token_hash bytea)
  returns table (organization_id uuid, id uuid, workflow_id uuid, environment_id uuid, node_id text, active boolean, capture_until timestamptz)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select e.organization_id, e.id, e.workflow_id, e.environment_id, e.node_id, e.active, e.capture_until
  from webhook_endpoints e
    join organizations o on o.id = e.organization_id and o.deleted_at is null
    join workflows w on w.organization_id = e.organization_id and w.id = e.workflow_id and w.deleted_at is null
  where e.token_hash = p_token_hash
$$;
--> statement-breakpoint
create function find_invitation(p_token_hash bytea)
  returns table (id uuid, organization_id uuid, organization_name text, email text, role text, project_id uuid, invited_by text, state text,
    expires_at timestamptz, has_account boolean, may_set_password boolean)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select i.id, i.organization_id, o.name, i.email, i.role, i.project_id, u.name,
    case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked' when i.expires_at <= now() then 'expired'
      else 'open' end,
    i.expires_at,
    d.user_id is not null,
    -- A forgotten password is replaced through an invitation, where the account gives nothing beyond what the inviter could take away:
    -- no other organization, and here no other role than the invitation names.
    d.user_id is not null
      and not exists (select from memberships m join organizations other on other.id = m.organization_id and other.deleted_at is null
        where m.user_id = d.user_id and m.status = 'active'
          and (m.organization_id <> i.organization_id or m.role <> i.role or i.project_id is not null))
  from invitations i join organizations o on o.id = i.organization_id and o.deleted_at is null left join users u on u.id = i.invited_by
    left join identities d on d.provider = 'password' and d.subject = lower(i.email)
  where i.token_hash = p_token_hash
$$;
--> statement-breakpoint
create function create_person(p_user_id uuid, p_identity_id uuid, p_name text, p_email text, p_secret_hash text) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  insert into users (id, kind, name, email) values (p_user_id, 'person', p_name, p_email);
  insert into identities (id, user_id, provider, subject, secret_hash) values (p_identity_id, p_user_id, 'password', lower(p_email), p_secret_hash);
$$;
revoke execute on function create_person(uuid, uuid, text, text, text) from public;
--> statement-breakpoint
-- Single use: the row is locked and marked. An invitation into one project makes a viewer of the organization with a role there.
-- `p_new_name` not null makes the person first, with the invitation's address. Answers false when the invitation is no longer open.
create function accept_invitation(p_token_hash bytea, p_user_id uuid, p_membership_id uuid, p_identity_id uuid, p_new_name text, p_secret_hash text)
  returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  invitation invitations;
begin
  select * into invitation from invitations i
    where i.token_hash = p_token_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > now() for update;
  if not found then return false; end if;
  if p_new_name is not null then
    perform create_person(p_user_id, p_identity_id, p_new_name, invitation.email, p_secret_hash);
  end if;
  insert into memberships (organization_id, id, user_id, role, source)
    values (invitation.organization_id, p_membership_id, p_user_id,
      case when invitation.project_id is null then invitation.role else 'viewer' end, 'invitation')
    on conflict (organization_id, user_id) do update set status = 'active',
      role = case when memberships.status = 'active' then memberships.role else excluded.role end;
  if invitation.project_id is not null then
    insert into project_memberships (organization_id, project_id, user_id, role)
      values (invitation.organization_id, invitation.project_id, p_user_id, invitation.role)
      on conflict (organization_id, project_id, user_id) do update set role = excluded.role;
  end if;
  update invitations set accepted_at = now() where organization_id = invitation.organization_id and id = invitation.id;
  return true;
end $$;
--> statement-breakpoint
-- With its first project, its environment `live` and its owner, where there is one. Answers the slug, which is made unique.
create function create_organization(p_id uuid, p_name text, p_slug text, p_time_zone text, p_is_examples boolean, p_project_id uuid,
  p_project_name text, p_environment_id uuid, p_membership_id uuid, p_owner_id uuid)
  returns text
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  candidate text := p_slug;
  attempt integer := 1;
begin
  loop
    begin
      insert into organizations (id, name, slug, time_zone, is_examples) values (p_id, p_name, candidate, p_time_zone, p_is_examples);
      exit;
    exception when unique_violation then
      if attempt > 1000 or exists (select from organizations where id = p_id) then raise; end if;
      attempt := attempt + 1;
      candidate := p_slug || '-' || attempt;
    end;
  end loop;
  insert into projects (organization_id, id, name, slug) values (p_id, p_project_id, p_project_name, 'main');
  insert into environments (organization_id, id, name) values (p_id, p_environment_id, 'live');
  if p_owner_id is not null then
    insert into memberships (organization_id, id, user_id, role, source) values (p_id, p_membership_id, p_owner_id, 'owner', 'creation');
  end if;
  return candidate;
end $$;
--> statement-breakpoint
create function setup_needed() returns boolean
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select not exists (select from users where kind = 'person') $$;
--> statement-breakpoint
-- Only while nobody has an account; an older link stops working.
create function create_setup_token(p_token_hash bytea) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('millrace:setup', 0));
  if not setup_needed() then return false; end if;
  delete from setup_tokens where used_at is null;
  insert into setup_tokens (token_hash) values (p_token_hash);
  return true;
end $$;
--> statement-breakpoint
-- Uses the token up and makes the first person. Answers false when the token is not valid or somebody was faster.
create function use_setup_token(p_token_hash bytea, p_user_id uuid, p_identity_id uuid, p_name text, p_email text, p_secret_hash text)
  returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('millrace:setup', 0));
  if not setup_needed() then return false; end if;
  update setup_tokens set used_at = now() where token_hash = p_token_hash and used_at is null;
  if not found then return false; end if;
  perform create_person(p_user_id, p_identity_id, p_name, p_email, p_secret_hash);
  return true;
end $$;
--> statement-breakpoint
create function setup_token_is_valid(p_token_hash bytea) returns boolean
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select setup_needed() and exists (select from setup_tokens where token_hash = p_token_hash and used_at is null) $$;
--> statement-breakpoint
-- Organizations made to show examples that nobody owns yet.
create function unowned_examples() returns table (id uuid)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select o.id from organizations o
  where o.is_examples and o.deleted_at is null and not exists (select from memberships m where m.organization_id = o.id)
$$;
--> statement-breakpoint
create function own_examples(p_organization_id uuid, p_membership_id uuid, p_user_id uuid) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  insert into memberships (organization_id, id, user_id, role, source)
    select id, p_membership_id, p_user_id, 'owner', 'hand-over' from unowned_examples() where id = p_organization_id
$$;
--> statement-breakpoint
-- When members of the current organization were last here.
create function last_seen_of_members() returns table (user_id uuid, last_seen_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$
  select s.user_id, max(s.last_seen_at) from sessions s
  where s.user_id in (select m.user_id from memberships m where m.organization_id = current_organization()) group by 1
$$;
--> statement-breakpoint
create function count_template_import(p_template_id uuid) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$ update templates set imports = imports + 1 where id = p_template_id $$;
--> statement-breakpoint

do $$
declare
  door text;
begin
  foreach door in array array[
    'find_session(bytea)',
    'create_session(uuid, uuid, bytea, timestamptz, text, text, bytea)',
    'end_session(bytea)',
    'sessions_of(uuid)',
    'end_sessions_of(uuid, uuid, uuid)',
    'find_identity(text, text)',
    'secret_hash_of(uuid, text)',
    'set_secret_hash(uuid, text, text)',
    'update_user(uuid, text, text, text)',
    'organizations_of(uuid)',
    'find_membership(uuid, uuid)',
    'find_api_key(bytea)',
    'find_webhook(bytea)',
    'find_invitation(bytea)',
    'accept_invitation(bytea, uuid, uuid, uuid, text, text)',
    'create_organization(uuid, text, text, text, boolean, uuid, text, uuid, uuid, uuid)',
    'setup_needed()',
    'create_setup_token(bytea)',
    'use_setup_token(bytea, uuid, uuid, text, text, text)',
    'setup_token_is_valid(bytea)',
    'unowned_examples()',
    'own_examples(uuid, uuid, uuid)',
    'last_seen_of_members()',
    'count_template_import(uuid)'
  ] loop
    execute format('alter function public.%s owner to mr_engine', door);
    execute format('revoke execute on function public.%s from public', door);
    execute format('grant execute on function public.%s to mr_web', door);
  end loop;
  alter function create_person(uuid, uuid, text, text, text) owner to mr_engine;
end $$;
--> statement-breakpoint
grant execute on function setup_needed(), unowned_examples(), find_membership(uuid, uuid) to mr_worker;
--> statement-breakpoint
select make_partitions(3);
