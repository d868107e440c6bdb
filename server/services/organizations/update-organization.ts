import { inOrganization } from '@/db/client'
import { organizations } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound, ServiceError } from '@/server/services/service-error'
import { requireTimeZone } from './require-time-zone'

export interface UpdateOrganizationInput {
  name?: string | undefined
  timeZone?: string | undefined
  /** Three letters, such as USD. */
  currency?: string | undefined
}

/** The address stays when the name changes, so that links keep working. */
export async function updateOrganization(caller: Caller, input: UpdateOrganizationInput): Promise<{ ok: true }> {
  if (input.timeZone) requireTimeZone(input.timeZone)
  if (input.currency && !Intl.supportedValuesOf('currency').includes(input.currency))
    throw new ServiceError('UNPROCESSABLE', `"${input.currency}" is not a currency.`, {
      pointer: '/currency',
      hint: 'Write one such as USD or EUR.',
    })
  return inOrganization(caller.organizationId, async (tx) => {
    const [before] = await tx
      .select({ name: organizations.name, timeZone: organizations.timeZone, currency: organizations.currency })
      .from(organizations)
      .for('update')
    if (!before) throw notFound('organization')
    const after = {
      name: input.name ?? before.name,
      timeZone: input.timeZone ?? before.timeZone,
      currency: input.currency ?? before.currency,
    }
    const changed = (Object.keys(after) as (keyof typeof after)[]).filter((key) => after[key] !== before[key])
    if (changed.length === 0) return { ok: true }
    await tx.update(organizations).set(after)
    await announce(tx, caller.organizationId, 'organization', [caller.organizationId])
    await recordAudit(tx, {
      by: caller,
      action: 'organization.update',
      target: { kind: 'organization', id: caller.organizationId, name: after.name },
      detail: Object.fromEntries(changed.map((key) => [key, { before: before[key], after: after[key] }])),
    })
    return { ok: true }
  })
}
