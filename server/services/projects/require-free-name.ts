import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { organizations, projects } from '@/db/schema'
import { ServiceError } from '@/server/services/service-error'

/** Holds the organization's row, so that two projects of one name cannot be made at the same moment. */
export async function requireFreeName(tx: Transaction, name: string, exceptId?: string): Promise<void> {
  await tx.select({ id: organizations.id }).from(organizations).for('no key update')
  const [taken] = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(
      and(
        eq(sql`lower(${projects.name})`, name.toLowerCase()),
        isNull(projects.deletedAt),
        exceptId ? ne(projects.id, exceptId) : undefined,
      ),
    )
  if (taken)
    throw new ServiceError('CONFLICT', `There is a project named ${name} already.`, { pointer: '/name', hint: 'Choose another name.' })
}
