CREATE TABLE "blob_parts" (
	"organization_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"number" integer NOT NULL,
	"body" "bytea" NOT NULL,
	CONSTRAINT "blob_parts_organization_id_hash_number_pk" PRIMARY KEY("organization_id","hash","number")
);
--> statement-breakpoint
ALTER TABLE "blob_parts" ADD CONSTRAINT "blob_parts_of_blob" FOREIGN KEY ("organization_id","hash") REFERENCES "public"."blobs"("organization_id","hash") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint

alter table blob_parts enable row level security, force row level security;
create policy owner on blob_parts to mr_owner using (true) with check (true);
create policy organization on blob_parts to mr_web, mr_worker
  using (organization_id = public.current_organization()) with check (organization_id = public.current_organization());
grant select, insert on blob_parts to mr_web, mr_worker;
