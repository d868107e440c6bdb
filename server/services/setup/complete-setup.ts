import { inOrganization, turnToOrganization } from '@/db/client'
import { createOrganizationRow, ownExamples, setupNeeded, setupTokenIsValid, unownedExamples, useSetupToken } from '@/db/definer'
import { newId } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { hashPassword, requireGoodPassword } from '@/server/auth/password'
import { hashToken } from '@/server/auth/token'
import { recordAudit } from '@/server/services/audit/record-audit'
import { closeOrganization } from '@/server/services/organizations/close-organization'
import { makeSlug } from '@/server/services/organizations/make-slug'
import { ServiceError } from '@/server/services/service-error'

export interface CompleteSetupInput {
  token: string
  name: string
  email: string
  password: string
  organizationName: string
  examples: 'hand-over' | 'remove'
}

/** Makes the first person and their organization, and hands over or removes the examples: all of it or nothing. */
export async function completeSetup(input: CompleteSetupInput): Promise<{ organizationId: string; slug: string }> {
  const tokenHash = hashToken(input.token)
  if (!(await setupTokenIsValid(tokenHash))) throw await whyNot()
  const email = input.email.trim().toLowerCase()
  requireGoodPassword(input.password, [email, input.name])
  const secretHash = await hashPassword(input.password)
  const organizationId = newId('org')
  const userId = newId('usr')
  return inOrganization(organizationId, async (tx) => {
    if (!(await useSetupToken({ tokenHash, userId, name: input.name, email, secretHash }, tx))) throw await whyNot()
    const slug = await createOrganizationRow(
      {
        id: organizationId,
        name: input.organizationName,
        slug: makeSlug(input.organizationName, 'organization'),
        timeZone: 'UTC',
        isExamples: false,
        projectId: newId('prj'),
        projectName: 'Main',
        ownerId: userId,
      },
      tx,
    )
    const by = ownerIn(organizationId, { id: userId, name: input.name, email })
    await recordAudit(tx, {
      by,
      action: 'organization.create',
      target: { kind: 'organization', id: organizationId, name: input.organizationName },
    })
    for (const examplesId of await unownedExamples(tx)) {
      await turnToOrganization(tx, examplesId)
      if (input.examples === 'hand-over') await ownExamples(examplesId, userId, tx)
      else await closeOrganization(tx, 'The examples were removed at set-up.')
      await recordAudit(tx, {
        by: ownerIn(examplesId, { id: userId, name: input.name, email }),
        action: input.examples === 'hand-over' ? 'organization.hand_over' : 'organization.delete',
        target: { kind: 'organization', id: examplesId },
      })
    }
    return { organizationId, slug }
  })
}

async function whyNot(): Promise<ServiceError> {
  if (await setupNeeded())
    return new ServiceError('GONE', 'This set-up link is not the newest one.', {
      hint: 'Use the link that the last start printed, or start again to get one.',
    })
  return new ServiceError('GONE', 'This Millrace is set up already.', { hint: 'Sign in, or ask its owner for an invitation.' })
}

function ownerIn(organizationId: string, person: { id: string; name: string; email: string }): Caller {
  return {
    kind: 'person',
    organizationId,
    userId: person.id,
    name: person.name,
    email: person.email,
    role: 'owner',
    projectRoles: new Map(),
    sessionId: null,
    apiKeyId: null,
    onlyProjectId: null,
    address: null,
    requestId: null,
  }
}
