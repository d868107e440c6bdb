import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'

/** Says in the same transaction what changed: a row of the outbox, and a NOTIFY that arrives when it commits. */
export async function announce(tx: Transaction, organizationId: string, kind: string, ids: readonly string[]): Promise<void> {
  const organization = toUuid(organizationId, 'org')
  await tx.execute(sql`
    with told as (
      insert into outbox (organization_id, kind, ids) values (${organization}, ${kind}, array(select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)))
      returning seq
    )
    select pg_notify('millrace', json_build_object('o', ${organization}::text, 'k', ${kind}::text, 'i', ${JSON.stringify(ids)}::text::json, 's', seq)::text) from told`)
}
