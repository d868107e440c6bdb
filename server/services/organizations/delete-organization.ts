import { inOrganization } from '@/db/client'
import { organizations } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound, ServiceError } from '@/server/services/service-error'
import { closeOrganization } from './close-organization'

/** `confirmName` is the name as it is written, so that nobody deletes the wrong one. */
export async function deleteOrganization(caller: Caller, input: { confirmName: string }): Promise<{ ok: true }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const [organization] = await tx.select({ name: organizations.name }).from(organizations).for('update')
    if (!organization) throw notFound('organization')
    if (input.confirmName.trim() !== organization.name)
      throw new ServiceError('UNPROCESSABLE', 'The name is not the name of this organization.', {
        pointer: '/confirmName',
        hint: `Type ${organization.name} to delete it.`,
      })
    await closeOrganization(tx, 'The organization was deleted.')
    await recordAudit(tx, {
      by: caller,
      action: 'organization.delete',
      target: { kind: 'organization', id: caller.organizationId, name: organization.name },
    })
    return { ok: true }
  })
}
