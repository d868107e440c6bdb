CREATE TABLE "api_keys" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"hint" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"role" text NOT NULL,
	"created_by" uuid NOT NULL,
	"project_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "api_keys_token" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"action" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_id" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"request_id" text,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_events_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "audit_events_seq" UNIQUE("organization_id","seq")
);
--> statement-breakpoint
CREATE TABLE "audit_people" (
	"organization_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"name" text,
	"email" text,
	"address" text,
	CONSTRAINT "audit_people_organization_id_event_id_pk" PRIMARY KEY("organization_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "environments" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "environments_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "environments_name" UNIQUE("organization_id","name")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"organization_id" uuid NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"route" text NOT NULL,
	"request_hash" "bytea" NOT NULL,
	"status" integer,
	"response" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_organization_id_key_hash_pk" PRIMARY KEY("organization_id","key_hash")
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"secret_hash" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "identities_subject" UNIQUE("provider","subject")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"project_id" uuid,
	"token_hash" "bytea" NOT NULL,
	"invited_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "invitations_token" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"source" text DEFAULT 'invitation' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memberships_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "memberships_user" UNIQUE("organization_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"is_examples" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "organizations_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "project_memberships" (
	"organization_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "project_memberships_organization_id_project_id_user_id_pk" PRIMARY KEY("organization_id","project_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "projects_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"address" text,
	"agent" text,
	CONSTRAINT "sessions_token" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "settings_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "setup_tokens" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text DEFAULT 'person' NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"time_zone" text,
	"locale" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "blobs" (
	"organization_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"bytes" bigint NOT NULL,
	"key_version" integer DEFAULT 1 NOT NULL,
	"body" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "blobs_organization_id_hash_pk" PRIMARY KEY("organization_id","hash")
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"signature" text NOT NULL,
	"class" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"failed_path" text NOT NULL,
	"node_title" text NOT NULL,
	"message" text NOT NULL,
	"hint" text,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"owner_id" uuid,
	"retry_run_id" uuid,
	"closed_at" timestamp with time zone,
	"closed_by" uuid,
	"reason" text,
	CONSTRAINT "dead_letters_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "dead_letters_run" UNIQUE("organization_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "holders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"build" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "live_runs" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"state" text NOT NULL,
	"driver" text DEFAULT 'none' NOT NULL,
	"priority" smallint DEFAULT 5 NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"holder_id" uuid,
	"due_at" timestamp with time zone,
	"wake_seq" integer DEFAULT 0 NOT NULL,
	"wake_seen" integer DEFAULT 0 NOT NULL,
	"cancel_at" timestamp with time zone,
	"cancel_reason" text,
	"pause_at" timestamp with time zone,
	"crashes" integer DEFAULT 0 NOT NULL,
	"solo_crashes" integer DEFAULT 0 NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"ids" text[] NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_dedupe" (
	"organization_id" uuid NOT NULL,
	"source" text NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"run_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "run_dedupe_organization_id_source_key_hash_pk" PRIMARY KEY("organization_id","source","key_hash")
);
--> statement-breakpoint
CREATE TABLE "run_events" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"actor_id" text,
	"detail" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_events_organization_id_run_id_id_pk" PRIMARY KEY("organization_id","run_id","id")
);
--> statement-breakpoint
CREATE TABLE "run_responses" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"status" integer NOT NULL,
	"headers" jsonb NOT NULL,
	"body" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_responses_organization_id_run_id_pk" PRIMARY KEY("organization_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "run_steps" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"path" text NOT NULL,
	"attempt" integer NOT NULL,
	"status" text NOT NULL,
	"port" text,
	"input" jsonb,
	"output" jsonb,
	"error" jsonb,
	"input_hash" text,
	"blob_hash" "bytea",
	"origin_run_id" uuid,
	"epoch" integer NOT NULL,
	"seq" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"duration_us" bigint DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone,
	"model" text,
	"input_tokens" integer,
	"output_tokens" integer,
	"practice" boolean,
	"currency" text,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"logs" jsonb,
	CONSTRAINT "run_steps_organization_id_run_id_path_attempt_pk" PRIMARY KEY("organization_id","run_id","path","attempt")
) PARTITION BY RANGE ("run_id");
--> statement-breakpoint
CREATE TABLE "run_waits" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"path" text NOT NULL,
	"attempt" integer NOT NULL,
	"kind" text NOT NULL,
	"key_hash" "bytea",
	"due_at" timestamp with time zone,
	"detail" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	"result" jsonb,
	CONSTRAINT "run_waits_organization_id_run_id_path_attempt_pk" PRIMARY KEY("organization_id","run_id","path","attempt")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"version_id" uuid,
	"version_number" integer,
	"project_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"trigger" text NOT NULL,
	"trigger_node_id" text,
	"trigger_ref" text,
	"started_by" uuid,
	"root_id" uuid NOT NULL,
	"replay_of_id" uuid,
	"replay_from_path" text,
	"generation" integer DEFAULT 0 NOT NULL,
	"parent_run_id" uuid,
	"parent_path" text,
	"status" text DEFAULT 'accepted' NOT NULL,
	"waiting_for" jsonb,
	"input" jsonb,
	"output" jsonb,
	"error" jsonb,
	"error_signature" text,
	"currency" text DEFAULT 'USD' NOT NULL,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"steps_done" integer DEFAULT 0 NOT NULL,
	"moves" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "runs_organization_id_id_pk" PRIMARY KEY("organization_id","id")
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "tasks" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"path" text NOT NULL,
	"attempt" integer NOT NULL,
	"workflow_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"facts" jsonb NOT NULL,
	"assignee_ids" text[] NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"due_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by" uuid,
	"comment" text,
	CONSTRAINT "tasks_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "tasks_wait" UNIQUE("organization_id","run_id","path","attempt")
);
--> statement-breakpoint
CREATE TABLE "usage_hourly" (
	"organization_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"workflow_id" uuid NOT NULL,
	"model" text NOT NULL,
	"currency" text NOT NULL,
	"runs" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"steps" integer DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_hourly_organization_id_hour_workflow_id_model_currency_pk" PRIMARY KEY("organization_id","hour","workflow_id","model","currency")
);
--> statement-breakpoint
CREATE TABLE "schedule_fires" (
	"organization_id" uuid NOT NULL,
	"schedule_id" uuid NOT NULL,
	"nominal_at" timestamp with time zone NOT NULL,
	"fired_at" timestamp with time zone,
	"outcome" text NOT NULL,
	"reason" text,
	"run_id" uuid,
	CONSTRAINT "schedule_fires_organization_id_schedule_id_nominal_at_pk" PRIMARY KEY("organization_id","schedule_id","nominal_at")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"node_id" text,
	"name" text NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"input" jsonb,
	"paused" boolean DEFAULT false NOT NULL,
	"pause_reason" text,
	"overlap" text DEFAULT 'skip' NOT NULL,
	"catch_up_seconds" integer DEFAULT 3600 NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"mirrored_revision" integer DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "schedules_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"token_secret" "bytea" NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"capture_until" timestamp with time zone,
	"last_called_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_endpoints_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "webhook_endpoints_token" UNIQUE("token_hash"),
	CONSTRAINT "webhook_endpoints_node" UNIQUE("organization_id","workflow_id","node_id","environment_id")
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid,
	"environment_id" uuid NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"allowed_hosts" text[] NOT NULL,
	"secret" "bytea",
	"wrapped_key" "bytea",
	"key_version" integer DEFAULT 1 NOT NULL,
	"last_used_at" timestamp with time zone,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "credentials_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "draft_operations" (
	"organization_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"op_id" text NOT NULL,
	"client_id" text NOT NULL,
	"user_id" uuid,
	"base_revision" integer NOT NULL,
	"operation" jsonb NOT NULL,
	"result" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "draft_operations_organization_id_workflow_id_revision_pk" PRIMARY KEY("organization_id","workflow_id","revision"),
	CONSTRAINT "draft_operations_op" UNIQUE("organization_id","workflow_id","op_id")
);
--> statement-breakpoint
CREATE TABLE "draft_results" (
	"organization_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"status" text NOT NULL,
	"port" text,
	"input" jsonb,
	"output" jsonb,
	"error" jsonb,
	"duration_us" bigint,
	"input_hash" text,
	"pinned" boolean DEFAULT false NOT NULL,
	"source" text DEFAULT 'test' NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "draft_results_organization_id_workflow_id_node_id_pk" PRIMARY KEY("organization_id","workflow_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"organization_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"graph" jsonb NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" uuid,
	CONSTRAINT "drafts_organization_id_workflow_id_pk" PRIMARY KEY("organization_id","workflow_id")
);
--> statement-breakpoint
CREATE TABLE "model_prices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"input_micros" bigint NOT NULL,
	"output_micros" bigint NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"organization_id" uuid,
	"name" text NOT NULL,
	"summary" text NOT NULL,
	"description" text NOT NULL,
	"category" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"graph" jsonb NOT NULL,
	"sample_input" jsonb,
	"imports" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "templates_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "variables" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid,
	"environment_id" uuid NOT NULL,
	"name" text NOT NULL,
	"value" jsonb NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "variables_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "variables_name" UNIQUE NULLS NOT DISTINCT("organization_id","environment_id","project_id","name")
);
--> statement-breakpoint
CREATE TABLE "version_credentials" (
	"organization_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"param" text NOT NULL,
	"credential_id" uuid NOT NULL,
	CONSTRAINT "version_credentials_organization_id_version_id_node_id_param_pk" PRIMARY KEY("organization_id","version_id","node_id","param")
);
--> statement-breakpoint
CREATE TABLE "workflow_tags" (
	"organization_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"name" text NOT NULL,
	"version_id" uuid NOT NULL,
	"set_by" uuid,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_tags_organization_id_workflow_id_environment_id_name_pk" PRIMARY KEY("organization_id","workflow_id","environment_id","name")
);
--> statement-breakpoint
CREATE TABLE "workflow_versions" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"graph" jsonb NOT NULL,
	"content_hash" "bytea" NOT NULL,
	"semantics" smallint DEFAULT 1 NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"published_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_versions_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "workflow_versions_number" UNIQUE("organization_id","workflow_id","number")
);
--> statement-breakpoint
CREATE TABLE "workflows" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"keep_days" integer DEFAULT 30 NOT NULL,
	"template_id" text,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "workflows_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "environments" ADD CONSTRAINT "environments_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_memberships" ADD CONSTRAINT "project_memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_memberships" ADD CONSTRAINT "project_memberships_organization_id_project_id_projects_organization_id_id_fk" FOREIGN KEY ("organization_id","project_id") REFERENCES "public"."projects"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blobs" ADD CONSTRAINT "blobs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_fires" ADD CONSTRAINT "schedule_fires_organization_id_schedule_id_schedules_organization_id_id_fk" FOREIGN KEY ("organization_id","schedule_id") REFERENCES "public"."schedules"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_organization_id_environment_id_environments_organization_id_id_fk" FOREIGN KEY ("organization_id","environment_id") REFERENCES "public"."environments"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft_operations" ADD CONSTRAINT "draft_operations_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft_results" ADD CONSTRAINT "draft_results_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variables" ADD CONSTRAINT "variables_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "version_credentials" ADD CONSTRAINT "version_credentials_organization_id_version_id_workflow_versions_organization_id_id_fk" FOREIGN KEY ("organization_id","version_id") REFERENCES "public"."workflow_versions"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "version_credentials" ADD CONSTRAINT "version_credentials_organization_id_credential_id_credentials_organization_id_id_fk" FOREIGN KEY ("organization_id","credential_id") REFERENCES "public"."credentials"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_tags" ADD CONSTRAINT "workflow_tags_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_tags" ADD CONSTRAINT "workflow_tags_organization_id_version_id_workflow_versions_organization_id_id_fk" FOREIGN KEY ("organization_id","version_id") REFERENCES "public"."workflow_versions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_tags" ADD CONSTRAINT "workflow_tags_organization_id_environment_id_environments_organization_id_id_fk" FOREIGN KEY ("organization_id","environment_id") REFERENCES "public"."environments"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD CONSTRAINT "workflow_versions_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflows" ADD CONSTRAINT "workflows_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflows" ADD CONSTRAINT "workflows_organization_id_project_id_projects_organization_id_id_fk" FOREIGN KEY ("organization_id","project_id") REFERENCES "public"."projects"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("organization_id","action","id");--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("organization_id","actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_target" ON "audit_events" USING btree ("organization_id","target_id","id");--> statement-breakpoint
CREATE INDEX "identities_user" ON "identities" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "memberships_by_user" ON "memberships" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "projects_slug" ON "projects" USING btree ("organization_id","slug") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "dead_letters_open" ON "dead_letters" USING btree ("organization_id","signature","opened_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "dead_letters_state" ON "dead_letters" USING btree ("organization_id","state","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "dead_letters_retry" ON "dead_letters" USING btree ("retry_run_id");--> statement-breakpoint
CREATE INDEX "live_runs_accepted" ON "live_runs" USING btree ("organization_id","priority","run_id") WHERE state = 'accepted';--> statement-breakpoint
CREATE INDEX "live_runs_running" ON "live_runs" USING btree ("holder_id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "live_runs_due" ON "live_runs" USING btree ("due_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "outbox_by_organization" ON "outbox" USING btree ("organization_id","seq");--> statement-breakpoint
CREATE INDEX "run_dedupe_expires" ON "run_dedupe" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "run_waits_key" ON "run_waits" USING btree ("key_hash") WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX "run_waits_due" ON "run_waits" USING btree ("due_at") WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX "runs_by_workflow" ON "runs" USING btree ("organization_id","workflow_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "runs_failed" ON "runs" USING btree ("organization_id","id" DESC NULLS FIRST) WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "runs_by_trigger" ON "runs" USING btree ("organization_id","trigger","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "runs_by_status" ON "runs" USING btree ("organization_id","status","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "runs_by_root" ON "runs" USING btree ("organization_id","root_id");--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("organization_id","state","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "schedules_workflow" ON "schedules" USING btree ("organization_id","workflow_id");--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_name" ON "credentials" USING btree ("organization_id","environment_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "model_prices_lookup" ON "model_prices" USING btree ("organization_id","model","valid_from");--> statement-breakpoint
CREATE INDEX "version_credentials_use" ON "version_credentials" USING btree ("organization_id","credential_id");--> statement-breakpoint
CREATE UNIQUE INDEX "workflows_name" ON "workflows" USING btree ("organization_id","project_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "workflows_updated" ON "workflows" USING btree ("organization_id","updated_at");