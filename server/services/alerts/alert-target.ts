import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { alertTargets, credentials } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound, ServiceError } from '@/server/services/service-error'
import type { setAlertTargetInput } from './contract'

export function getAlertTarget(caller: Caller) {
  return inOrganization(caller.organizationId, async (tx) => {
    const row = await findTarget(tx)
    if (!row) return { target: null }
    const { url, credentialId, kinds, updatedAt } = row
    return { target: { url: can(caller, 'settings.edit') ? url : null, host: new URL(url).host, credentialId, kinds, updatedAt } }
  })
}

export async function findTarget(tx: Transaction) {
  const [row] = await tx.select().from(alertTargets)
  return row ?? null
}

/** From now on, what is chosen is posted there. */
export function setAlertTarget(caller: Caller, input: z.infer<typeof setAlertTargetInput>): Promise<{ ok: true }> {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    requirePermission(caller, 'settings.edit')
    if (input.credentialId) await requireShared(tx, input.credentialId)
    const values = {
      url: input.url,
      credentialId: input.credentialId,
      kinds: [...new Set(input.kinds)],
      updatedAt: new Date(),
      updatedBy: caller.userId,
    }
    await tx
      .insert(alertTargets)
      .values({ organizationId, ...values })
      .onConflictDoUpdate({ target: alertTargets.organizationId, set: values })
    await announce(tx, organizationId, 'organization', [organizationId])
    await recordAudit(tx, {
      by: caller,
      action: 'alert_target.set',
      target: { kind: 'organization', id: organizationId, name: new URL(input.url).host },
      detail: { host: new URL(input.url).host, kinds: values.kinds },
    })
    return { ok: true }
  })
}

export function removeAlertTarget(caller: Caller): Promise<{ ok: true }> {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    requirePermission(caller, 'settings.edit')
    const [gone] = await tx.delete(alertTargets).returning()
    if (!gone) throw notFound('address for alerts')
    await announce(tx, organizationId, 'organization', [organizationId])
    await recordAudit(tx, {
      by: caller,
      action: 'alert_target.remove',
      target: { kind: 'organization', id: organizationId, name: new URL(gone.url).host },
    })
    return { ok: true }
  })
}

/** A credential of one project could be read off by whoever chooses where alerts go. */
async function requireShared(tx: Transaction, credentialId: string): Promise<void> {
  const [row] = await tx.select({ projectId: credentials.projectId }).from(credentials).where(eq(credentials.id, credentialId))
  if (!row) throw notFound('credential')
  if (row.projectId === null) return
  throw new ServiceError('UNPROCESSABLE', 'This credential belongs to one project.', {
    pointer: '/credentialId',
    hint: 'Choose one that the whole organization may use.',
  })
}
