import { and, eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { deadLetters } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { notFound } from '@/server/services/service-error'

/** Locked, so that two people cannot resolve the same one twice. */
export async function requireLetter(tx: Transaction, caller: Caller, deadLetterId: string, permission: Permission) {
  const [row] = await tx
    .select()
    .from(deadLetters)
    .where(and(eq(deadLetters.organizationId, caller.organizationId), eq(deadLetters.id, deadLetterId)))
    .for('update')
  if (!row || !can(caller, 'deadletter.read', row.projectId)) throw notFound('dead letter')
  requirePermission(caller, permission, row.projectId)
  return row
}
