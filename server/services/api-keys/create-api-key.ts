import { count, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { apiKeys } from '@/db/schema'
import type { Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import { isAtMost, roleInWords } from '@/server/auth/permissions'
import { hashToken, newToken } from '@/server/auth/token'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'

const mostKeys = 200

export interface CreateApiKeyInput {
  name: string
  role: Role
  expiresAt?: Date | undefined
}

/** The token is answered here and nowhere else; the table holds its hash. */
export async function createApiKey(caller: Caller, input: CreateApiKeyInput): Promise<{ id: string; token: string }> {
  if (!isAtMost(input.role, caller.role))
    throw new ServiceError('FORBIDDEN', `A key cannot have ${roleInWords[input.role]}, which is higher than yours.`, {
      pointer: '/role',
      hint: `Choose ${roleInWords[caller.role]} or a lower one.`,
    })
  if (input.expiresAt && input.expiresAt.getTime() <= Date.now())
    throw new ServiceError('UNPROCESSABLE', 'The key would be over before it begins.', {
      pointer: '/expiresAt',
      hint: 'Choose a date in the future.',
    })
  const token = `mr_${newToken()}`
  const id = newId('key')
  await inOrganization(caller.organizationId, async (tx) => {
    const [there] = await tx.select({ count: count() }).from(apiKeys).where(isNull(apiKeys.revokedAt))
    if (there && there.count >= mostKeys)
      throw new ServiceError('CONFLICT', `There are ${mostKeys} keys already.`, { limit: mostKeys, hint: 'Revoke those that nobody uses.' })
    await tx.insert(apiKeys).values({
      organizationId: caller.organizationId,
      id,
      name: input.name,
      hint: `${token.slice(0, 7)}…`,
      tokenHash: hashToken(token),
      role: input.role,
      createdBy: caller.userId,
      projectId: caller.onlyProjectId,
      expiresAt: input.expiresAt ?? null,
    })
    await announce(tx, caller.organizationId, 'api_key', [id])
    await recordAudit(tx, {
      by: caller,
      action: 'api_key.create',
      target: { kind: 'api_key', id, name: input.name },
      detail: { role: input.role, expiresAt: input.expiresAt?.toISOString() },
    })
  })
  return { id, token }
}
