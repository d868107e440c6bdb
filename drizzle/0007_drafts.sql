CREATE TABLE "test_inputs" (
	"organization_id" uuid NOT NULL,
	"workflow_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"name" text NOT NULL,
	"input" jsonb NOT NULL,
	"created_by" uuid,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "test_inputs_organization_id_workflow_id_node_id_name_pk" PRIMARY KEY("organization_id","workflow_id","node_id","name")
);
--> statement-breakpoint
ALTER TABLE "draft_results" ADD COLUMN "blob_hash" "bytea";--> statement-breakpoint
ALTER TABLE "test_inputs" ADD CONSTRAINT "test_inputs_organization_id_workflow_id_workflows_organization_id_id_fk" FOREIGN KEY ("organization_id","workflow_id") REFERENCES "public"."workflows"("organization_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
alter table test_inputs enable row level security;
alter table test_inputs force row level security;
create policy owner on test_inputs to mr_owner using (true) with check (true);
create policy organization on test_inputs to mr_web, mr_worker
  using (organization_id = current_organization()) with check (organization_id = current_organization());
grant select, insert, update, delete on test_inputs to mr_web;
