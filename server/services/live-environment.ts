import { eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { environments } from '@/db/schema'

const known = new Map<string, string>()

/** The one environment there is today. */
export async function liveEnvironment(tx: Transaction, organizationId: string): Promise<string> {
  const there = known.get(organizationId)
  if (there) return there
  const [row] = await tx
    .select({ id: environments.id, name: environments.name })
    .from(environments)
    .where(eq(environments.organizationId, organizationId))
  if (!row) throw new Error('An organization without an environment.')
  if (known.size > 10_000) known.clear()
  known.set(organizationId, row.id)
  return row.id
}
