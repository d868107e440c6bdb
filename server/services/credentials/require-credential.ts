import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { credentials } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { notFound } from '@/server/services/service-error'

export async function requireCredential(tx: Transaction, caller: Caller, credentialId: string, permission: Permission) {
  const [row] = await tx
    .select()
    .from(credentials)
    .where(and(eq(credentials.organizationId, caller.organizationId), eq(credentials.id, credentialId), isNull(credentials.deletedAt)))
    .for('update')
  if (!row || !can(caller, 'credential.read', row.projectId)) throw notFound('credential')
  requirePermission(caller, permission, row.projectId)
  return row
}
