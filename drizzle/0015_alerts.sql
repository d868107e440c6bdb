CREATE TABLE "alert_targets" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"credential_id" uuid,
	"kinds" text[] NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" uuid
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "alerts_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "alert_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "reminders" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "reminded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "escalated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alert_targets" ADD CONSTRAINT "alert_targets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_due" ON "alerts" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "alerts_oldest" ON "alerts" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "tasks_alert" ON "tasks" USING btree ("alert_at") WHERE state = 'open' and alert_at is not null;--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array['alert_targets', 'alerts'] loop
    execute format('alter table %I enable row level security, force row level security', named);
    execute format('create policy owner on %I to mr_owner using (true) with check (true)', named);
    execute format('create policy engine on %I to mr_engine using (true) with check (true)', named);
    execute format('create policy organization on %I to mr_web, mr_worker
      using (organization_id = public.current_organization()) with check (organization_id = public.current_organization())', named);
    execute format('grant select, insert, update, delete on %I to mr_engine, mr_web', named);
    execute format('grant select, update on %I to mr_worker', named);
  end loop;
end $$;
--> statement-breakpoint

-- A row for each thing that the organization wants to hear of at its own address; a worker sends it.
create function alert_of(p_organization uuid, p_kind text, p_subject uuid) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  insert into alerts (organization_id, id, kind, subject_id, due_at)
    select organization_id, new_uuid(), p_kind, p_subject, clock_timestamp() from alert_targets
    where organization_id = p_organization and p_kind = any(kinds)
$$;
--> statement-breakpoint

-- When somebody has to be reminded of a task first, or others have to be asked; null where that is over or not wanted.
create function task_alert_at(p_detail jsonb, p_created timestamptz, p_reminded timestamptz, p_escalated timestamptz) returns timestamptz
  language sql immutable
  as $$
  select least(
    coalesce(p_reminded, p_created) + make_interval(secs => (p_detail ->> 'remindEveryMs')::float8 / 1000),
    case when p_escalated is null then (p_detail ->> 'escalateAt')::timestamptz end)
$$;
grant execute on function task_alert_at(jsonb, timestamptz, timestamptz, timestamptz) to mr_engine;
--> statement-breakpoint

create function task_opened() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  v_at timestamptz;
begin
  select task_alert_at(detail, new.created_at, null, null) into v_at from run_waits
    where organization_id = new.organization_id and run_id = new.run_id and path = new.path and attempt = new.attempt;
  if v_at is not null then
    update tasks set alert_at = v_at where organization_id = new.organization_id and id = new.id;
  end if;
  perform alert_of(new.organization_id, 'task.opened', new.id);
  return null;
end $$;
--> statement-breakpoint

-- Of failures that are the same only the first of an hour is told: a thousand runs that fail together are one piece of news.
create function dead_letter_opened() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  if not exists (select from dead_letters d where d.organization_id = new.organization_id and d.signature = new.signature and d.state = 'open'
      and d.opened_at > new.opened_at - interval '1 hour' and d.id <> new.id) then
    perform alert_of(new.organization_id, 'run.failed', new.id);
  end if;
  return null;
end $$;
--> statement-breakpoint

-- Reminds of tasks and asks others whose time has come. Answers what to tell whoever looks: a list of organization, ids and number.
create function engine_remind(p_limit integer) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
declare
  t tasks;
  v_detail jsonb;
  v_now timestamptz := clock_timestamp();
  v_seq bigint;
  v_told jsonb := '[]';
begin
  for t in
    select * from tasks where state = 'open' and alert_at <= v_now order by alert_at limit p_limit for update skip locked
  loop
    select detail into v_detail from run_waits
      where organization_id = t.organization_id and run_id = t.run_id and path = t.path and attempt = t.attempt;
    if t.escalated_at is null and (v_detail ->> 'escalateAt')::timestamptz <= v_now then
      t.escalated_at := v_now;
      perform alert_of(t.organization_id, 'task.escalated', t.id);
    else
      t.reminded_at := v_now;
      t.reminders := t.reminders + 1;
      perform alert_of(t.organization_id, 'task.reminder', t.id);
    end if;
    update tasks set reminded_at = t.reminded_at, escalated_at = t.escalated_at, reminders = t.reminders,
        alert_at = case when t.reminders < 100 then task_alert_at(v_detail, t.created_at, t.reminded_at, t.escalated_at) end
      where organization_id = t.organization_id and id = t.id;
    insert into outbox (organization_id, kind, ids) values (t.organization_id, 'task', array[shown_id('task', t.id)]) returning seq into v_seq;
    v_told := v_told || jsonb_build_object('organization_id', t.organization_id, 'kind', 'task',
      'ids', jsonb_build_array(shown_id('task', t.id)), 'seq', v_seq);
  end loop;
  return v_told;
end $$;
--> statement-breakpoint

-- Alerts that are due, each taken for two minutes by whoever asked; those a week old go.
create function engine_alerts(p_limit integer) returns table (organization_id uuid, id uuid)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
begin
  delete from alerts a where (a.organization_id, a.id) in (
    select o.organization_id, o.id from alerts o where o.created_at < now() - interval '7 days' order by o.created_at limit 500);
  return query
    with d as materialized (
      select n.organization_id, n.id from alerts n where n.due_at <= clock_timestamp() order by n.due_at limit p_limit for update skip locked)
    update alerts a set attempts = a.attempts + 1, due_at = clock_timestamp() + interval '2 minutes'
      from d where a.organization_id = d.organization_id and a.id = d.id
      returning a.organization_id, a.id;
end $$;
--> statement-breakpoint

do $$
declare
  named text;
begin
  foreach named in array array['alert_of(uuid, text, uuid)', 'task_opened()', 'dead_letter_opened()', 'engine_remind(integer)',
      'engine_alerts(integer)'] loop
    execute format('alter function public.%s owner to mr_engine', named);
    execute format('revoke execute on function public.%s from public', named);
  end loop;
  grant execute on function public.engine_remind(integer), public.engine_alerts(integer) to mr_worker;
end $$;
--> statement-breakpoint
create trigger task_opened after insert on tasks for each row execute function task_opened();
--> statement-breakpoint
create trigger dead_letter_opened after insert on dead_letters for each row execute function dead_letter_opened();
